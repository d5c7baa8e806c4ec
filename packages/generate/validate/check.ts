import type { Check } from '../generated.ts';

/** What a check found wrong; nothing where it passed. */
export type Problems = readonly string[];

const MOST_PROBLEMS = 20;

/** A check as it came out. */
export function check(name: string, weight: number, problems: Problems): Check {
  return { name, weight, passed: problems.length === 0, problems: problems.slice(0, MOST_PROBLEMS) };
}

/** The weight that passed, of all weight, in hundredths. Code that cannot be read is worth nothing. */
export function scoreOf(checks: readonly Check[]): number {
  const sum = (of: readonly Check[]): number => of.reduce((all, { weight }) => all + weight, 0);
  const total = sum(checks);
  const isRead = checks.some(({ name, passed }) => name === 'parses' && passed);
  return total === 0 || !isRead ? 0 : Math.round((100 * sum(checks.filter(({ passed }) => passed))) / total);
}
