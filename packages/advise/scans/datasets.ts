import { all, type Cell, dataset, draft, given, is, oneOf, type Phrase, type SummaryRow } from '@pxa/catalog/kit';
import { checkQueries, checkRows, judgedOf, kindOf } from './checks.ts';
import { GRADES } from './rule.ts';
import { scoresOf } from './score.ts';

const failed = is('state', 'failed');

const KINDS = {
  vm: '(of)? (the|my|our|all)? (vm|virtual machine)',
  container: '(of)? (the|my|our|all)? (container|ct|lxc)',
  node: '(of)? (the|my|our|all)? (node|host|hypervisor)',
  cluster: '(of|in)? (the|my|our|whole)? (cluster|datacenter) (itself)?',
};

/** "Guests" are of both kinds. */
const GUESTS: readonly Phrase[] = [
  { say: '(of)? (the|my|our|all)? (guest|guests|machine|machines)', where: oneOf('kind', 'vm', 'container') },
];

/** What each rule of the scans says of each guest, each node and the cluster. */
export const securityChecks = dataset({
  id: 'security-checks',
  title: 'Security checks',
  counted: 'count',
  weight: 3,
  nouns: [
    {
      words:
        'security finding|security problem|security issue|security risk|security weakness|security gap|security concern|security hole|security flaw|hardening issue|hardening problem|failed security check',
      where: failed,
      title: 'Security findings',
    },
    {
      words: 'security check|security scan|security audit|security review|hardening check|security rule',
      title: 'Security checks',
    },
    {
      words: 'vulnerability|security vulnerability|known vulnerability',
      where: all(failed, is('types', 'vulnerability')),
      title: 'Vulnerabilities',
    },
    {
      words: 'compliance finding|compliance problem|compliance issue|compliance violation',
      where: all(failed, is('types', 'compliance')),
      title: 'Compliance findings',
    },
  ],
  rows: () => Promise.resolve([]),
  derives: { queries: checkQueries, rows: checkRows },
  columns: {
    target: given('TARGET', 'target', 'text', 'text', { words: 'target', names: 'guest' }),
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    kind: given('KIND', 'kind', 'text', 'text', { words: 'kind of target', values: KINDS }),
    rule: given('RULE', 'rule', 'text', 'text', { words: 'rule|rule id' }),
    title: given('WHAT SHOULD BE', 'title', 'text', 'text'),
    types: given('SCANS', 'types', 'list', 'text', {
      words: 'scan type',
      values: { compliance: 'compliance', vulnerability: 'of vulnerabilities', configuration: 'of the configuration' },
    }),
    state: given('STATE', 'state', 'text', 'text', {
      words: 'result|outcome',
      values: { failed: 'failed|failing', passed: 'passed|passing|fulfilled', unknown: 'unknown|undecided' },
    }),
    severity: given('SEVERITY', 'severity', 'text', 'text', {
      words: 'severity|gravity',
      values: { critical: 'critical', high: 'high|grave|severe|serious', medium: 'medium|moderate', low: 'low|minor' },
    }),
    rank: given('RANK', 'rank', 'number', 'count'),
    about: given('ABOUT', 'about', 'text', 'text', { words: 'about' }),
    text: given('FINDING', 'text', 'text', 'text', { words: 'finding|what' }),
    evidence: given('EVIDENCE', 'evidence', 'list', 'text', { words: 'evidence' }),
    cves: given('CVES', 'cves', 'list', 'text'),
    remedy: given('REMEDY', 'remedy', 'text', 'text', { words: 'remedy|fix|solution|what to do' }),
    can_plan: given('CAN BE PLANNED', 'can_plan', 'flag', 'yes_no'),
    controls: given('CONTROLS', 'controls', 'list', 'text', { words: 'control|safeguard|criterion' }),
  },
  identity: ['target', 'rule'],
  shown: ['severity', 'target', 'text', 'remedy', 'state'],
  scopes: { guest: 'target', node: 'node' },
  phrases: GUESTS,
  order: [
    { column: 'rank', dir: 'asc' },
    { column: 'target', dir: 'asc' },
    { column: 'rule', dir: 'asc' },
  ],
  summary,
});

/** How well each guest, each node and the cluster does in the security checks. */
export const securityScores = dataset({
  id: 'security-scores',
  title: 'Security scores',
  counted: 'count',
  weight: 3,
  nouns: [{ words: 'security score|security rating|compliance score|hardening score', title: 'Security scores' }],
  rows: () => Promise.resolve([]),
  derives: {
    queries: checkQueries,
    rows: (answers, reading, thresholds) => {
      const checks = judgedOf(answers, reading, thresholds).map(({ rule, check }) => ({
        rule: rule.id,
        target: check.target,
        state: check.state,
        grade: check.state === 'failed' ? (check.fault.grade ?? rule.grade) : rule.grade,
      }));
      return scoresOf(checks).map(({ target, score, counts, unknown }) => {
        const at = `100 − points of the security checks that ${target} fails`;
        const cell = (value: Cell['value']): Cell => ({ value, at });
        const grades = Object.fromEntries(GRADES.map((grade) => [grade, cell(counts[grade])]));
        const own = score === null ? { value: null, at: 'unknown: no check of it could be judged' } : cell(score);
        return draft(
          `score/${target}`,
          { data: {}, at },
          { target: cell(target), kind: cell(kindOf(target)), score: own, ...grades, unknown: cell(unknown) },
        );
      });
    },
  },
  columns: {
    target: given('TARGET', 'target', 'text', 'text', { words: 'target', names: 'guest' }),
    kind: given('KIND', 'kind', 'text', 'text', { words: 'kind of target', values: KINDS }),
    score: given('SCORE', 'score', 'number', 'count', { words: 'score|security score|rating' }),
    ...Object.fromEntries(GRADES.map((grade) => [grade, given(grade.toUpperCase(), grade, 'number', 'count')])),
    unknown: given('UNKNOWN', 'unknown', 'number', 'count'),
  },
  identity: ['target'],
  shown: ['target', 'score', ...GRADES, 'unknown'],
  scopes: { guest: 'target' },
  phrases: GUESTS,
  grades: [
    { words: 'good|high', column: 'score', dir: 'desc' },
    { words: 'bad|poor|low', column: 'score', dir: 'asc' },
  ],
  order: [
    { column: 'score', dir: 'asc' },
    { column: 'target', dir: 'asc' },
  ],
});

function summary(rows: readonly SummaryRow[]): string {
  const open = rows.filter((row) => row('state') === 'failed');
  const parts = GRADES.map((grade) => [grade, open.filter((row) => row('severity') === grade).length] as const);
  const unknown = rows.filter((row) => row('state') === 'unknown').length;
  return [
    `${open.length} finding${open.length === 1 ? '' : 's'}`,
    ...parts.filter(([, count]) => count > 0).map(([grade, count]) => `${count} ${grade}`),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
  ].join(' · ');
}
