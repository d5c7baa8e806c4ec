import type { Command, Finding } from '@pxa/contract';

/** A plan that its rehearsal says would fail. */
export function doomed(text: string): InTheWay {
  return {
    why: `Rehearsed on a copy of the cluster in memory, it did not go well. ${text}`,
    next: 'Mend that first, then ask again.',
  };
}

/** Orders that cannot be carried out in one plan can be said one after the other. */
export function byThemselves({ words, later = [] }: Command): InTheWay[] {
  if (words === undefined || later.length === 0) return [];
  const next = 'Each is then planned on what the one before has left.';
  return [{ why: 'They can be ordered one at a time.', next, say: words }];
}

/** That there is nothing to do, as a finding. */
export function soAlready(text: string): Finding {
  return { severity: 'info', about: 'request', code: 'request.already', text, evidence: [] };
}

interface InTheWay {
  readonly why: string;
  readonly next: string;
  readonly say?: string;
}

/** More reasons than these nobody reads; how many there are is said. */
const mostReasons = 8;

/** What is in the way, and what could be said instead. */
export function refusalOf(refusals: readonly InTheWay[]): {
  question: string;
  options: { label: string; say: string }[];
} {
  const lines = refusals.slice(0, mostReasons).map(({ why, next }) => `${why} ${next}`);
  const more =
    refusals.length > mostReasons ? [`And ${refusals.length - mostReasons} more things are in the way.`] : [];
  const says = [...new Set(refusals.flatMap(({ say = [] }) => say))].slice(0, mostReasons);
  return {
    question: ['Nothing was changed; this cannot be done as things are.', ...lines, ...more].join('\n'),
    options: says.map((say) => ({ label: say, say })),
  };
}
