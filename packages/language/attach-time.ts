import type { Filter, Window } from '@pxa/contract';
import { addCondition, type Of } from './attach.ts';
import { type Frame, joined } from './frame.ts';
import type { Interpretation } from './interpretation.ts';
import { negated } from './lexicon.ts';
import { timeOf } from './ordering.ts';

type Timed = Of<'age'> | Of<'window'> | Of<'due'> | Of<'began'>;

/** Ages, windows of time and ends, by the time column of the nearest rows that have one. */
export function attachTime(it: Interpretation, fragment: Timed, says: string, at: number): boolean {
  for (const frame of it.frames()) {
    const filter = timeFilter(it, frame, fragment);
    if (filter === undefined) continue;
    if (it.with?.neg === false) it.with = undefined;
    if (it.utmost && fragment.f === 'age' && frame !== it.root) {
      frame.every = fragment.is === (it.utmost === 'desc' ? '<' : '>');
      it.utmost = undefined;
    }
    if (filter !== 'window') addCondition(it, frame, filter, negated(filter), `${says} time`, says, at);
    return true;
  }
  return false;
}

function timeFilter(it: Interpretation, frame: Frame, fragment: Timed): Filter | 'window' | undefined {
  const { time, due, id } = frame.dataset;
  if (fragment.f === 'began') return beganFilter(it, frame, fragment);
  if (fragment.f === 'due') {
    if (due === undefined || !fragment.senses.some(({ dataset }) => dataset === frame.dataset)) return undefined;
    const { column } = due;
    if (fragment.past) return { op: 'compare', column, is: '<', value: { ago: 0 } };
    if (fragment.until !== undefined)
      return joined([
        { op: 'compare', column, is: '>=', value: { ago: 0 } },
        { op: 'compare', column, is: '<', value: fragment.until },
      ]);
    if (fragment.seconds === undefined) return { op: 'known', column };
    return joined([
      { op: 'compare', column, is: '>=', value: { ago: 0 } },
      { op: 'compare', column, is: '<=', value: { ago: -fragment.seconds } },
    ]);
  }
  if (fragment.f === 'window' && frame === it.root && id.endsWith('-history')) {
    it.window = fragment.window;
    return 'window';
  }
  if (fragment.f === 'age') {
    const column = timeOf(frame.dataset);
    if (column === undefined) return undefined;
    return { op: 'compare', column, is: fragment.is, value: fragment.than };
  }
  return time === undefined ? undefined : within(time, fragment.window);
}

function within(column: string, { from, to }: Window): Filter | undefined {
  return joined([
    { op: 'compare', column, is: '>=', value: from },
    ...(to ? [{ op: 'compare' as const, column, is: '<' as const, value: to }] : []),
  ]);
}

/** "restarted in the last week": by the time since when it runs, where the rows that do were named. */
function beganFilter(it: Interpretation, frame: Frame, { senses, window, age }: Of<'began'>): Filter | undefined {
  // "guests with snapshots created today": of the snapshots.
  const inner = frame === it.root ? undefined : frame.dataset.time;
  const column = senses.find(({ dataset }) => dataset === frame.dataset)?.column ?? inner;
  if (column === undefined) return undefined;
  // "was web-01 restarted today?" asks for what was done, and by whom.
  if (it.noun === undefined) it.penalty += 2;
  if (age) return { op: 'compare', column, is: age.is, value: age.than };
  return window && within(column, window);
}
