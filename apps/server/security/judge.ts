import type {
  Call,
  Row,
  Scan,
  ScanCounts,
  ScanDetail,
  ScanFinding,
  ScanResult,
  ScanRule,
  ScanScore,
  View,
} from '@pxa/contract';
import { type Grade, GRADES, type Ratings, ratedBy, scoreOf, type Scored, scoresOf } from '@pxa/assistant/security';
import { Cells } from '../http/cells.ts';

/** What a scan asks of the checks. */
export const COLUMNS = [
  'target',
  'rule',
  'title',
  'types',
  'state',
  'severity',
  'about',
  'text',
  'evidence',
  'remedy',
  'can_plan',
  'controls',
];

/** Why a rule is unknown is told of so many targets. */
const MOST_REASONS = 10;

interface Check {
  readonly cells: Cells;
  readonly rule: string;
  readonly target: string;
  readonly state: 'failed' | 'passed' | 'unknown';
  readonly grade: Grade;
  readonly isVulnerability: boolean;
}

export interface Judged {
  readonly result: ScanResult;
  readonly findings: readonly ScanFinding[];
  readonly detail: ScanDetail;
}

/** What the checks of some of the targets came to. */
export interface Part {
  readonly findings: readonly ScanFinding[];
  readonly scores: readonly ScanScore[];
  readonly rules: readonly ScanRule[];
  readonly checks: number;
  readonly unknown: number;
}

/** What the checks of targets came to; of each target, all are in it. */
export function partOf(type: Scan['type'], view: View, calls: readonly Call[], ratings: Ratings): Part {
  const checks = view.rows.map((row) => checkOf(row, ratings));
  return {
    findings: checks.filter(({ state }) => state === 'failed').map((check) => findingOf(check, calls)),
    scores: targetScores(type, checks),
    rules: rulesOf(checks),
    checks: checks.length,
    unknown: checks.filter(({ state }) => state === 'unknown').length,
  };
}

/** What a scan came to, of parts that have no target in common; undefined where no check could be made. */
export function judgedOf(parts: readonly Part[]): Judged | undefined {
  const sum = (of: 'checks' | 'unknown'): number => parts.reduce((total, part) => total + part[of], 0);
  const unknown = sum('unknown');
  if (sum('checks') === unknown) return undefined;
  const findings = parts
    .flatMap((part) => part.findings)
    .toSorted((a, b) => GRADES.indexOf(a.severity) - GRADES.indexOf(b.severity));
  const scores = parts.flatMap((part) => part.scores);
  const rules = [
    ...Map.groupBy(
      parts.flatMap((part) => part.rules),
      ({ id }) => id,
    ).values(),
  ].map(ruleOf);
  const result = { score: scoreOf(scores), counts: countsOf(findings), unknown, targets: scores.length };
  return { result, findings, detail: { rules: rules.toSorted((a, b) => (a.id < b.id ? -1 : 1)), scores } };
}

/** A rule as all parts tell of it. */
function ruleOf(told: readonly ScanRule[]): ScanRule {
  const [first] = told;
  if (first === undefined) throw new Error('a rule is of one part at least');
  const sum = (state: Check['state']): number => told.reduce((total, each) => total + each[state], 0);
  const [failed, passed, unknown] = [sum('failed'), sum('passed'), sum('unknown')];
  const reasons = [...new Set(told.flatMap((each) => each.reasons))].slice(0, MOST_REASONS);
  const state = failed > 0 ? 'failed' : unknown > 0 ? 'unknown' : 'passed';
  return { ...first, state, failed, passed, unknown, reasons };
}

function checkOf(row: Row, ratings: Ratings): Check {
  const cells = new Cells(row);
  const state = cells.text('state');
  const said = cells.text('severity');
  const grade = GRADES.find((each) => each === said) ?? 'unrated';
  return {
    cells,
    rule: cells.text('rule') ?? '',
    target: cells.text('target') ?? '',
    state: state === 'failed' || state === 'passed' ? state : 'unknown',
    grade: ratedBy(ratings, grade, cells.list('cves')),
    isVulnerability: cells.list('types').includes('vulnerability'),
  };
}

function findingOf({ cells, rule, target, grade: severity }: Check, calls: readonly Call[]): ScanFinding {
  return {
    id: '',
    rule,
    severity,
    target,
    about: cells.text('about') ?? target,
    title: cells.text('text') ?? '',
    evidence: cells.list('evidence').map((each) => withCalls(each, calls)),
    remedy: cells.text('remedy') ?? '',
    can_plan: cells.flag('can_plan') ?? false,
    controls: cells.list('controls'),
    cves: cells.list('cves'),
  };
}

/** Evidence that stands by itself: `calls[3]#/data/enable` as the call that it was. */
function withCalls(evidence: string, calls: readonly Call[]): string {
  return evidence.replace(/calls\[(\d+)\]/g, (place, index: string) => {
    const call = calls[Number(index)];
    return call === undefined ? place : `${call.method} ${call.path}`;
  });
}

function targetScores(type: Scan['type'], checks: readonly Check[]): ScanScore[] {
  const scored = (of: readonly Check[]): Scored[] =>
    of.map(({ rule, target, state, grade }) => ({ rule, target, state, grade }));
  const looked = type !== 'configuration';
  const counts = new Map(
    scoresOf(scored(checks.filter(({ isVulnerability }) => isVulnerability))).map((each) => [each.target, each.counts]),
  );
  return scoresOf(scored(checks)).map((each) => ({
    ...each,
    counts: { ...each.counts },
    vulnerabilities: looked ? { ...(counts.get(each.target) ?? NONE) } : null,
  }));
}

const NONE: ScanCounts = { critical: 0, high: 0, medium: 0, low: 0, unrated: 0 };

function countsOf(findings: readonly ScanFinding[]): ScanCounts {
  const counts = { ...NONE };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

function rulesOf(checks: readonly Check[]): ScanRule[] {
  return [...Map.groupBy(checks, ({ rule }) => rule)].map(([id, own]): ScanRule => {
    const targets = (state: Check['state']): number =>
      new Set(own.filter((check) => check.state === state).map(({ target }) => target)).size;
    const [failed, passed, unknown] = [targets('failed'), targets('passed'), targets('unknown')];
    const reasons = own.filter(({ state }) => state === 'unknown').map(({ cells }) => cells.text('text') ?? '');
    const [first] = own;
    const title = first?.cells.text('title') ?? '';
    const controls = first?.cells.list('controls') ?? [];
    return ruleOf([{ id, title, controls, state: 'passed', failed, passed, unknown, reasons }]);
  });
}
