import type { Job, JobStep } from '@pxa/contract';
import { bar } from './marks.ts';
import { shortSays } from './some.ts';
import type { Paint, Style } from './style.ts';
import { harmless, pad, plural, shorten } from './text.ts';
import { formatDuration, formatFraction } from './units.ts';

/** A job, and what its steps do in words, by their place. */
export interface JobInWords {
  readonly job: Job;
  readonly says: readonly string[];
}

/** What steps are drawn for: `now` is milliseconds since 1970, `most` the lines that there is room for. */
export interface StepsFor {
  readonly style: Style;
  readonly now: number;
  readonly most: number;
}

const usualWidth = 100;
const barWidth = 16;

type Stand = JobStep['state'] | 'undoing';

const MARKS: Readonly<Record<Stand, readonly [mark: string, paint: keyof Paint]>> = {
  pending: ['·', 'dim'],
  intended: ['▸', 'cyan'],
  waiting: ['▸', 'cyan'],
  done: ['✓', 'green'],
  failed: ['✗', 'red'],
  unknown: ['?', 'red'],
  skipped: ['–', 'dim'],
  undone: ['↩', 'yellow'],
  undoing: ['↩', 'cyan'],
};

const WORDS: readonly (readonly [states: readonly Stand[], word: string])[] = [
  [['done'], 'done'],
  [['intended', 'waiting'], 'under way'],
  [['undoing'], 'being taken back'],
  [['failed'], 'failed'],
  [['unknown'], 'not known'],
  [['undone'], 'taken back'],
  [['skipped'], 'not begun'],
  [['pending'], 'to come'],
];

/** A line for each step, none wider than the terminal; of more steps than there is room for, counts and those under way. */
export function renderJobSteps({ job, says }: JobInWords, to: StepsFor): string[] {
  const line = (step: JobStep): string => stepLine(step, says[step.index] ?? '', to);
  if (job.steps.length <= to.most) return job.steps.map(line);
  const active = job.steps.filter((step) => ['intended', 'waiting', 'undoing'].includes(standOf(step)));
  const troubled = job.steps.filter(({ state }) => state === 'failed' || state === 'unknown');
  const shown = [...active, ...troubled].slice(0, Math.max(0, to.most - 1));
  return [shorten(countLine(job.steps), (to.style.width ?? usualWidth) - 1), ...shown.map(line)];
}

function countLine(steps: readonly JobStep[]): string {
  const counts = WORDS.flatMap(([states, word]) => {
    const count = steps.filter((step) => states.includes(standOf(step))).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const done = steps.filter(({ state }) => state === 'done').length;
  return `  ${bar(done / Math.max(1, steps.length), barWidth)} ${plural(steps.length, 'step')}: ${counts.join(', ')}`;
}

function stepLine(step: JobStep, says: string, { style, now }: StepsFor): string {
  const { paint } = style;
  const [mark, colour] = MARKS[standOf(step)];
  const width = (style.width ?? usualWidth) - 1;
  const tail = tailOf(step, now, style);
  // Room for the mark, the number and the tail; what is done is cut to what is left.
  const head = `  ${mark} ${step.index + 1}. `;
  const room = Math.max(10, width - head.length - tail.length - 2);
  const text = shortSays(harmless(says), room);
  const line = tail === '' ? `${head}${text}` : `${head}${pad(text, style.bars ? room : 0, 'left')}  ${tail}`;
  return paint[colour](shorten(line, width));
}

/** How far it has come, and for how long. */
function tailOf(step: JobStep, now: number, { bars }: Style): string {
  const { progress, started_at: start, ended_at: end } = step;
  const stand = standOf(step);
  const isUnderWay = stand === 'waiting' || stand === 'intended';
  const share =
    !isUnderWay || progress === undefined
      ? []
      : [`${bars ? `${bar(progress, barWidth)} ` : ''}${formatFraction(progress)}`];
  const endMs = end === undefined ? (isUnderWay ? now : undefined) : Date.parse(end);
  const took = start === undefined || endMs === undefined ? [] : [sayTook(endMs - Date.parse(start))];
  const warned = (step.warnings ?? 0) > 0 ? [plural(step.warnings ?? 0, 'warning')] : [];
  return [...share, ...warned, ...took].join(' ');
}

const sayTook = (ms: number): string => formatDuration(Math.max(0, Math.round(ms / 1000)));

/** While it is taken back, a step is `intended` or `waiting` again. */
function standOf({ state, undoing }: JobStep): Stand {
  return undoing !== undefined && (state === 'intended' || state === 'waiting') ? 'undoing' : state;
}
