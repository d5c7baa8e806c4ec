/** One measured figure. `ratio` compares two things of one run; `goal` is what the value or ratio may be at most. */
export interface Figure {
  figure: string;
  value: number;
  unit: 'ms' | 'ratio' | 'calls' | 'per_s' | 'MiB';
  ratio?: number;
  goal?: number;
  ok?: boolean;
  /** The goal is not reached yet, which is known: it is told, and fails no run. */
  open?: true;
  /** What it was compared with, in the unit, where it is a ratio. */
  against?: number;
}

/** How much to measure. `short` is for every change, where only a gross loss has to be noticed. */
export interface Effort {
  short: boolean;
}

/** Measures something, and gives its figures as they are done; it throws if it cannot be measured. */
export type Measurement = (effort: Effort) => AsyncIterable<Figure>;

/** A figure that must not exceed a goal. */
export function atMost(figure: Omit<Figure, 'ok' | 'goal'>, goal: number): Figure {
  return { ...figure, goal, ok: (figure.ratio ?? figure.value) <= goal };
}

/**
 * How far beyond its goal a measured time may lie before a short run, which takes few samples on a machine that others
 * may share, calls it a failure. Counts are exact, and have no such margin.
 */
const shortMargin = 1.5;
/** A time without anything to compare it with tells of the machine, too: a shared one may be several times slower. */
const shortMarginAlone = 4;

/** Whether a missed goal fails the run: always in full, in a short run where noise cannot explain it. */
export function fails({ ok, open, goal, ratio, value, unit }: Figure, { short }: Effort): boolean {
  if (ok !== false || open === true || goal === undefined) return false;
  if (!short || unit === 'calls') return true;
  return ratio === undefined ? value > goal * shortMarginAlone : ratio > goal * shortMargin;
}

/** Figures with three digits that count, and no more than that. */
export function rounded(figure: Figure): Figure {
  const numbers = Object.entries(figure).map(([key, value]) => [
    key,
    typeof value === 'number' ? digits(value) : value,
  ]);
  return Object.fromEntries(numbers) as Figure; // the same keys, each with a value of its own type
}

function digits(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(3));
}
