import type { Answered, Cell, Draft, Reading, Thresholds } from '@pxa/catalog';
import { draft } from '@pxa/catalog';
import type { Query } from '@pxa/contract';
import { evaluate, type Judged, queriesOf } from './evaluate.ts';
import { type Fault, type Grade, GRADES, isIn, type Rule, SCAN_TYPES, type ScanType } from './rule.ts';
import { rulesOf, SCOPE_QUERIES, scopeOf, type TargetWord, type Wish } from './scope.ts';

/** What a question about checks is about, by what it narrows; changelogs are read where it wants CVE ids. */
function wishOf(reading: Reading): Wish {
  const types = reading.only('types')?.filter((type): type is ScanType => SCAN_TYPES.some((known) => known === type));
  return {
    targets: reading.only('target')?.map(String),
    nodes: reading.only('node')?.map(String),
    types,
    kinds: reading.only('kind')?.map(String),
    isDeep: reading.wants('cves'),
  };
}

/** What has to be asked for the checks that a question is about. */
export async function checkQueries(reading: Reading): Promise<readonly Query[]> {
  const wish = wishOf(reading);
  return [...SCOPE_QUERIES, ...queriesOf(rulesOf(wish), wish)];
}

/** The checks of a question: what each rule says of each target. */
export function judgedOf(answers: readonly Answered[], reading: Reading, thresholds: Thresholds): Judged[] {
  const wish = wishOf(reading);
  const scope = scopeOf(answers.slice(0, SCOPE_QUERIES.length), wish);
  const rest = answers.slice(SCOPE_QUERIES.length);
  return evaluate(rulesOf(wish), rest, { wish, scope, now: reading.now, thresholds });
}

/** The rows of checks: one for each that passed or is unknown, and one for each finding. */
export function checkRows(answers: readonly Answered[], reading: Reading, thresholds: Thresholds): Draft[] {
  const nodes = new Map((answers[0]?.rows ?? []).map(({ id, cells }) => [id, cells['node'] ?? null]));
  return judgedOf(answers, reading, thresholds).map(({ rule, check }) => {
    const { target, state } = check;
    const fault = check.state === 'failed' ? check.fault : undefined;
    const about = fault?.about ?? target;
    const at = fault === undefined ? `judged by ${rule.id}` : `judged by ${rule.id}: ${placesOf(fault).join(', ')}`;
    const cell = (value: Cell['value']): Cell => ({ value, at });
    const node = target.startsWith('node/') ? target.slice('node/'.length) : (nodes.get(target) ?? '');
    return draft(
      // beside what is known of a target, more of it may be unknown
      `check/${rule.id}/${about}${state === 'unknown' ? '#unknown' : ''}`,
      { data: {}, at },
      {
        ...ruleCells(rule, cell),
        target: cell(target),
        kind: cell(kindOf(target)),
        node: cell(node),
        state: cell(state),
        severity: cell(fault?.grade ?? rule.grade),
        rank: cell(rankOf(state, fault?.grade ?? rule.grade)),
        about: cell(about),
        text: cell(fault?.text ?? (check.state === 'unknown' ? check.why : rule.title)),
        evidence: cell(fault === undefined ? [] : evidenceOf(fault)),
        cves: cell([...(fault?.cves ?? [])]),
      },
    );
  });
}

/** Findings before what is unknown and what passed, the gravest first. */
function rankOf(state: string, grade: Grade): number {
  return (state === 'failed' ? 0 : state === 'unknown' ? 10 : 20) + GRADES.indexOf(grade);
}

/** What a target is called by its kind. */
export function kindOf(target: string): TargetWord {
  const [type] = target.split('/');
  return type === 'qemu' ? 'vm' : type === 'lxc' ? 'container' : type === 'node' ? 'node' : 'cluster';
}

function ruleCells(rule: Rule, cell: (value: Cell['value']) => Cell): Record<string, Cell> {
  return {
    rule: cell(rule.id),
    title: cell(rule.title),
    types: cell(SCAN_TYPES.filter((type) => isIn(type, rule))),
    remedy: cell(rule.remedy),
    can_plan: cell(rule.fix !== undefined),
    controls: cell([...rule.controls]),
  };
}

/** How many places a finding names: what it is about may be a long list. */
const MOST_PLACES = 20;

const placesOf = ({ by }: Fault): string[] => by.slice(0, MOST_PLACES).map(([facts, column]) => facts.at(column));

/** What was read, and where: `enabled = no (calls[2]#/data/enable)`. */
function evidenceOf({ by }: Fault): string[] {
  return by
    .slice(0, MOST_PLACES)
    .map(([facts, column]) => `${column} = ${shown(facts.value(column))} (${facts.at(column)})`);
}

function shown(value: Cell['value']): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === null) return 'unknown';
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
