import type { Assistant } from '@pxa/assistant';
import { Answer } from '@pxa/contract';
import { wrongs } from './expect.ts';
import type { Sentence } from './sentence.ts';

/** How an answer did: `later` is a change that was recognised and that this version does not plan. */
export interface Outcome {
  readonly sentence: Sentence;
  readonly result: 'passed' | 'failed' | 'later';
  readonly wrong: readonly string[];
  readonly answer: Answer;
}

/** Says a sentence's turns in a conversation of its own and holds the last answer against what is expected. */
export async function examine(assistant: Assistant, sentence: Sentence): Promise<Outcome> {
  const conversation_id = `examined ${sentence.id}`;
  let answer: Answer | undefined;
  for (const request of sentence.turns) answer = await assistant.ask({ request, conversation_id });
  if (answer === undefined) throw new Error(`${sentence.id} says nothing`);
  const wrong = [...formWrong(answer), ...wrongs(answer, sentence.expect)];
  const isLater = isChange(sentence) && answer.kind === 'unavailable';
  return { sentence, answer, wrong, result: isLater ? 'later' : wrong.length === 0 ? 'passed' : 'failed' };
}

/** Whether what is expected is a change: a plan, or one among others that are right. */
function isChange({ expect }: Sentence): boolean {
  return expect.steps !== undefined || expect.any_of?.some(({ steps }) => steps !== undefined) === true;
}

function formWrong(answer: Answer): string[] {
  const parsed = Answer.safeParse(answer);
  const ids = answer.kind === 'answer' ? (answer.view?.rows ?? []).map(({ id }) => id) : [];
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  return [
    ...(parsed.success ? [] : [`not an answer of the contract: ${parsed.error.message}`]),
    ...(twice === undefined ? [] : [`row ${twice} is there twice`]),
  ];
}
