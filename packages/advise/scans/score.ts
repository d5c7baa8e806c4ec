import type { Grade } from './rule.ts';

/** How many points of 100 a rule costs a target that fails it, by the gravest finding. */
export const POINTS: Readonly<Record<Grade, number>> = { critical: 40, high: 20, medium: 8, unrated: 4, low: 2 };

/** What a score is computed from: what rules said, of which target, and how grave that is. */
export interface Scored {
  readonly rule: string;
  readonly target: string;
  readonly state: string;
  readonly grade: Grade;
}

export interface TargetScore {
  readonly target: string;
  /** 0 to 100; null where no rule could be judged. */
  readonly score: number | null;
  readonly counts: Readonly<Record<Grade, number>>;
  readonly unknown: number;
}

/** The score of each target: 100 less the points of each rule that it fails, and never below 0. */
export function scoresOf(checks: readonly Scored[]): TargetScore[] {
  return [...Map.groupBy(checks, ({ target }) => target)].map(([target, own]) => {
    const failed = own.filter(({ state }) => state === 'failed');
    const isJudged = own.some(({ state }) => state !== 'unknown');
    const lost = [...Map.groupBy(failed, ({ rule }) => rule).values()].map((findings) =>
      Math.max(...findings.map(({ grade }) => POINTS[grade])),
    );
    const counts: Record<Grade, number> = { critical: 0, high: 0, medium: 0, low: 0, unrated: 0 };
    for (const { grade } of failed) counts[grade] += 1;
    const score = Math.max(0, 100 - lost.reduce((sum, points) => sum + points, 0));
    return {
      target,
      score: isJudged ? score : null,
      counts,
      unknown: own.filter(({ state }) => state === 'unknown').length,
    };
  });
}

/** The score of a scan: the mean of its targets', rounded down; null where none has one. */
export function scoreOf(targets: readonly TargetScore[]): number | null {
  const known = targets.map(({ score }) => score).filter((score) => score !== null);
  if (known.length === 0) return null;
  return Math.floor(known.reduce((sum, score) => sum + score, 0) / known.length);
}
