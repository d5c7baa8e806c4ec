import type { Answer } from '@pxa/contract';
import type { ExitCode } from './exit.ts';
import { EXIT } from './exit.ts';

/** Nobody says more than this in one request; what is longer was meant for something else. */
export const LONGEST_REQUEST = 20_000;

/** What is wrong with a request before anybody tries to understand it; undefined where nothing is. */
export function requestProblem(text: string): string | undefined {
  if (text.trim() === '')
    return 'The request is empty. Say what you want to know, for example: which VM uses the most memory?';
  if (text.length <= LONGEST_REQUEST) return undefined;
  return `The request has ${text.length} characters; at most ${LONGEST_REQUEST} are read. Ask in fewer words.`;
}

/** An answer of kind `error` that was made here, without a cluster. */
export function errorAnswer(request: string, conversationId: string, reason: string): Answer {
  return {
    kind: 'error',
    request: request.slice(0, LONGEST_REQUEST),
    conversation_id: conversationId,
    engine: 'builtin',
    text: `Error: ${reason}`,
    calls: [],
    findings: [],
    reason,
  };
}

/** How `pxa ask` ends for an answer. */
export function exitCodeOf(answer: Answer): ExitCode {
  switch (answer.kind) {
    case 'answer':
    case 'plan':
      return EXIT.answered;
    case 'clarification':
      return EXIT.clarification;
    case 'unavailable':
    case 'out_of_scope':
      return EXIT.unavailable;
    case 'error':
      return reachedNobody(answer) ? EXIT.noConnection : EXIT.error;
  }
}

// No call got through the door: nobody answered (0), or whoever did refused the identity (401).
function reachedNobody(answer: Answer): boolean {
  return answer.calls.length > 0 && answer.calls.every((call) => call.status === 0 || call.status === 401);
}
