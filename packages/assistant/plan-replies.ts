import type { Question, Refusal } from '@pxa/catalog';
import type { Clarification, Command, Finding, InTheWay } from '@pxa/contract';

/** A plan that its rehearsal says would fail. */
export function doomed(text: string): Refusal {
  return {
    why: `Rehearsed on a copy of the cluster in memory, it did not go well. ${text}`,
    next: 'Mend that first, then ask again.',
    reason: 'would_fail',
  };
}

/** Orders that cannot be carried out in one plan can be said one after the other. */
export function byThemselves({ words, later = [] }: Command): Refusal[] {
  if (words === undefined || later.length === 0) return [];
  const next = 'Each is then planned on what the one before has left.';
  return [{ why: 'They can be ordered one at a time.', next, say: words }];
}

/** That there is nothing to do, as a finding. */
export function soAlready(text: string): Finding {
  return { severity: 'info', about: 'request', code: 'request.already', text, evidence: [] };
}

/** More reasons than these nobody reads; how many there are is said. */
const mostReasons = 8;

/** What is in the way, and what could be said instead; `turn` is which of several orders it is about. */
export function refusalOf(refusals: readonly Refusal[], turn?: number): Clarification {
  const lines = refusals.slice(0, mostReasons).map(({ why, next }) => `${why} ${next}`);
  const more =
    refusals.length > mostReasons ? [`And ${refusals.length - mostReasons} more things are in the way.`] : [];
  const says = [...new Set(refusals.flatMap(({ say = [] }) => say))].slice(0, mostReasons);
  return {
    question: ['Nothing was changed; this cannot be done as things are.', ...lines, ...more].join('\n'),
    options: says.map((say) => ({ label: say, say })),
    in_the_way: refusals.slice(0, mostReasons).map((each) => inTheWay(each, turn)),
  };
}

/** A question that planning came to, with the input that it is about. */
export function questionOf({ question, options, input, reason, turn }: Question & { turn?: number }): Clarification {
  const about = input === undefined ? {} : { input };
  const why = { why: question, next: options.map(({ label }) => label).join(', '), ...about };
  const found = inTheWay({ ...why, ...(reason === undefined ? {} : { reason }) }, turn);
  return { question, options: [...options], in_the_way: [found] };
}

function inTheWay({ why, next, input, reason }: Refusal, turn: number | undefined): InTheWay {
  return {
    text: why,
    next_step: next,
    ...(input === undefined ? {} : { input }),
    ...(reason === undefined ? {} : { reason }),
    ...(turn === undefined ? {} : { order: turn }),
  };
}
