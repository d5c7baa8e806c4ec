import { died } from '../guests/work.ts';

/** How a stopped task's wait ends, and how work with a handler of its own for signals words it. */
const STOPPED = 'received interrupt';
const INTERRUPTED = 'interrupted by signal';

/** The words for what ended a work: those of a stop are vzdump's own. */
export function endingText(text: string): string {
  return text === STOPPED ? INTERRUPTED : text;
}

export function isStop(text: string): boolean {
  return text === STOPPED || text === INTERRUPTED;
}

/** Throws a stop in vzdump's words, and all else as it is. */
export function interrupted(error: unknown): never {
  if (error instanceof Error && error.message === STOPPED) throw died(INTERRUPTED);
  throw error;
}
