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

/** What a scan came to, by the checks that were made; undefined where none could be. */
export function judgedOf(type: Scan['type'], view: View, calls: readonly Call[], ratings: Ratings): Judged | undefined {
  const checks = view.rows.map((row) => checkOf(row, ratings));
  if (checks.every(({ state }) => state === 'unknown')) return undefined;
  const findings = checks
    .filter(({ state }) => state === 'failed')
    .toSorted((a, b) => GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade))
    .map((check) => findingOf(check, calls));
  const scores = targetScores(type, checks);
  const unknown = checks.filter(({ state }) => state === 'unknown').length;
  const targets = scores.length;
  const result = { score: scoreOf(scores), counts: countsOf(findings), unknown, targets };
  return { result, findings, detail: { rules: rulesOf(checks), scores } };
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
  return [...Map.groupBy(checks, ({ rule }) => rule)]
    .map(([id, own]): ScanRule => {
      const targets = (state: Check['state']): number =>
        new Set(own.filter((check) => check.state === state).map(({ target }) => target)).size;
      const [failed, passed, unknown] = [targets('failed'), targets('passed'), targets('unknown')];
      const reasons = own.filter(({ state }) => state === 'unknown').map(({ cells }) => cells.text('text') ?? '');
      const [first] = own;
      return {
        id,
        title: first?.cells.text('title') ?? '',
        controls: first?.cells.list('controls') ?? [],
        state: failed > 0 ? 'failed' : unknown > 0 ? 'unknown' : 'passed',
        failed,
        passed,
        unknown,
        reasons: [...new Set(reasons)].slice(0, MOST_REASONS),
      };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
