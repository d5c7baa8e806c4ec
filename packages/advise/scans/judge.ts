import type { Check, Circumstances, Facts, Fault, Rule, Seen } from './rule.ts';

/** A judgement of rows one by one. */
interface Judging {
  /** Columns that must be known; a row that lacks one is unknown, with the reason. */
  readonly needs: readonly string[];
  /** The target that a row belongs to; its own id where left out. */
  readonly target?: (row: Facts) => string;
  /** Which rows are judged at all, by columns that every row has. */
  readonly when?: (row: Facts) => boolean;
  /** What is wrong with a row; undefined where nothing is. `name` is what the target is called. */
  readonly fault: (row: Facts, name: string, circumstances: Circumstances) => Omit<Fault, 'by'> | undefined;
  /** The columns that a fault was judged by, where these are not the needs. */
  readonly by?: readonly string[];
}

/** Judges targets by the one row that each has: one that is not the rule's business is not judged. */
export function eachTarget(judging: Judging): Rule['judge'] {
  return ([seen], circumstances) => judged(seen, circumstances, judging, { bare: 'not judged' });
}

/** Judges targets by the rows that belong to them: one without any has nothing that could be wrong. */
export function eachPart(judging: Judging): Rule['judge'] {
  return ([seen], circumstances) => judged(seen, circumstances, judging, { bare: 'passed' });
}

/** Why something of a target is missing from what was seen; undefined where nothing is. */
export function lackOf(seen: Seen | undefined, target: string): string | undefined {
  const lacks = (seen?.lacks ?? []).filter(({ of }) => of === undefined || of === target);
  return lacks.length === 0 ? undefined : lacks.map(({ about, why }) => `${about}: ${why}`).join('; ');
}

function judged(
  seen: Seen | undefined,
  circumstances: Circumstances,
  judging: Judging,
  { bare }: { bare: 'passed' | 'not judged' },
): Check[] {
  const { target: targetOf = ({ id }: Facts): string => id, when = () => true } = judging;
  const byTarget = Map.groupBy(seen?.rows ?? [], targetOf);
  return [...circumstances.targets].flatMap(([target, name]): Check[] => {
    const all = byTarget.get(target) ?? [];
    const own = all.filter(when);
    const why = lackOf(seen, target);
    if (own.length > 0) return ofRows({ target, name, why }, own, circumstances, judging);
    if (bare === 'not judged' && all.length > 0) return [];
    if (why !== undefined) return [{ state: 'unknown', target, why }];
    return bare === 'passed' ? [{ state: 'passed', target }] : [];
  });
}

function ofRows(
  { target, name, why }: { target: string; name: string; why: string | undefined },
  rows: readonly Facts[],
  circumstances: Circumstances,
  { needs, fault, by = needs }: Judging,
): Check[] {
  const failed: Check[] = [];
  const unknown = new Set<string>(why === undefined ? [] : [why]);
  for (const row of rows) {
    const missing = needs.find((column) => row.value(column) === null);
    if (missing !== undefined) {
      unknown.add(row.at(missing).replace(/^unknown: /, ''));
      continue;
    }
    const found = fault(row, name, circumstances);
    if (found !== undefined) {
      failed.push({ state: 'failed', target, fault: { ...found, by: by.map((column) => [row, column]) } });
    }
  }
  if (unknown.size > 0) return [...failed, { state: 'unknown', target, why: [...unknown].join('; ') }];
  return failed.length > 0 ? failed : [{ state: 'passed', target }];
}
