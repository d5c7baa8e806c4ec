import type { Answer, Row } from '@pxa/contract';
import { type ExpectedPlan, planWrongs } from './plan-expect.ts';

/** What an example expects of an answer: the form is that of the examples' README. Keys beside these are not judged here. */
export interface Expect extends ExpectedPlan {
  readonly kind?: string | readonly string[];
  readonly rows?: readonly string[];
  readonly rows_optional?: readonly string[];
  readonly as_good?: readonly string[];
  readonly ordered?: boolean;
  readonly rows_include?: readonly string[];
  readonly first_row?: readonly string[];
  readonly max_rows?: number;
  readonly value?: number;
  readonly unit?: string;
  readonly tolerance?: number;
  readonly number?: readonly { what: string; is: number; unit?: string; tolerance?: number; row?: string }[];
  readonly text_includes?: readonly (string | readonly string[])[];
  readonly text_includes_one_of?: readonly string[];
  readonly options_include?: readonly (string | readonly string[])[];
  readonly findings_include?: readonly { severity: readonly string[]; about: readonly string[] }[];
  readonly no_plan?: boolean;
  readonly any_of?: readonly Expect[];
}

/** What is wrong with an answer; empty where nothing is. */
export function wrongs(answer: Answer, expect: Expect): string[] {
  if (expect.any_of) {
    const each = expect.any_of.map((one) => wrongs(answer, one));
    return each.some((list) => list.length === 0)
      ? []
      : [`none of ${each.length}: ${each.map((list) => list.join('; ')).join(' | ')}`];
  }
  return [
    ...kindWrong(answer, expect),
    ...rowsWrong(answer, expect),
    ...figuresWrong(answer, expect),
    ...textWrong(answer, expect),
    ...planWrongs(answer, expect),
  ];
}

function kindWrong(answer: Answer, { kind, no_plan }: Expect): string[] {
  const kinds = kind === undefined ? [] : typeof kind === 'string' ? [kind] : kind;
  if (kinds.length > 0 && !kinds.includes(answer.kind)) return [`kind ${answer.kind}, not ${kinds.join(' or ')}`];
  return no_plan && answer.kind === 'plan' ? ['there is a plan'] : [];
}

// Two ways to write the id of one thing, and the storages that every node lists.
function sameId(id: string): string {
  return id
    .replace(/^template\//, '')
    .replace(/^ha\/vm:/, 'qemu/')
    .replace(/^ha\/ct:/, 'lxc/')
    .replace(/^backup\//, 'volume/')
    .replace(/^volume\/[^/:]+\/(?=[^/]+:)/, 'volume/');
}

function sharedStorage(id: string): string {
  return id.replace(/^storage\/[^/]+\/(.+)$/, 'storage/*/$1');
}

function rowsOf(answer: Answer): readonly Row[] {
  return answer.kind === 'answer' ? (answer.view?.rows ?? []) : [];
}

function rowsWrong(answer: Answer, expect: Expect): string[] {
  const found = rowsOf(answer).map(({ id }) => sameId(id));
  const wrong: string[] = [];
  const { rows, rows_include, first_row, max_rows } = expect;
  if (rows) wrong.push(...exactRows(found, expect));
  for (const id of rows_include ?? []) if (!found.includes(sameId(id))) wrong.push(`row ${id} is missing`);
  if (first_row && !first_row.map(sameId).includes(found[0] ?? ''))
    wrong.push(`first row is ${found[0] ?? 'none'}, not ${first_row.join(' or ')}`);
  if (max_rows !== undefined && found.length > max_rows) wrong.push(`${found.length} rows, at most ${max_rows}`);
  return wrong;
}

function exactRows(
  found: readonly string[],
  { rows = [], rows_optional = [], as_good = [], ordered }: Expect,
): string[] {
  const wanted = rows.map(sameId);
  const optional = new Set(rows_optional.map(sameId));
  if (ordered) {
    const list = found.filter((id) => !optional.has(id) || wanted.includes(id));
    return list.join() === wanted.join() ? [] : [`rows in order ${found.join(' ')}`];
  }
  const norm = (ids: readonly string[]): Set<string> => new Set(ids.map((id) => mergeShared(id, rows)));
  const have = norm(found);
  const want = norm(wanted);
  const missing = [...want].filter((id) => !have.has(id));
  const extra = [...have].filter((id) => !want.has(id) && !optional.has(id));
  const good = new Set(as_good.map(sameId));
  if (
    missing.length === 1 &&
    extra.length === 1 &&
    missing[0] === wanted[wanted.length - 1] &&
    good.has(extra[0] ?? '')
  )
    return [];
  return missing.length + extra.length === 0 ? [] : [`missing [${missing.join(' ')}] extra [${extra.join(' ')}]`];
}

/** A storage that several nodes of the expectation list is one thing. */
function mergeShared(id: string, rows: readonly string[]): string {
  const merged = sharedStorage(id);
  return rows.filter((row) => sharedStorage(row) === merged).length > 1 ? merged : id;
}

function near(a: number, b: number, tolerance = 1e-6): boolean {
  return Math.abs(a - b) <= Math.max(Math.abs(b) * tolerance, 1e-9);
}

function figuresWrong(answer: Answer, { value, unit, tolerance, number }: Expect): string[] {
  const wrong: string[] = [];
  const view = answer.kind === 'answer' ? answer.view : undefined;
  if (value !== undefined) {
    const got = view?.value?.number;
    if (typeof got !== 'number' || !near(got, value, tolerance)) wrong.push(`value ${String(got)}, not ${value}`);
    else if (unit !== undefined && view?.value?.unit !== unit)
      wrong.push(`unit ${String(view?.value?.unit)}, not ${unit}`);
  }
  for (const { what, is, tolerance: within, row } of number ?? []) {
    const cells = rowsOf(answer)
      .filter(({ id }) => row === undefined || sameId(id) === sameId(row))
      .flatMap(({ cells: each }) => Object.values(each));
    const shown = [...cells, view?.value?.number].filter((each): each is number => typeof each === 'number');
    const inText = [...answer.text.matchAll(/\d+(\.\d+)?/g)].map(([text]) => Number(text));
    if (![...shown, ...inText].some((each) => near(each, is, within))) wrong.push(`${what} ${is} is not shown`);
  }
  return wrong;
}

function textWrong(answer: Answer, expect: Expect): string[] {
  const wrong: string[] = [];
  const text = answer.text.toLowerCase();
  const has = (part: string): boolean => text.includes(part.toLowerCase());
  for (const part of expect.text_includes ?? []) {
    if (typeof part === 'string' ? !has(part) : !part.some(has)) wrong.push(`text lacks ${String(part)}`);
  }
  if (expect.text_includes_one_of && !expect.text_includes_one_of.some(has))
    wrong.push(`text has none of ${expect.text_includes_one_of.join(', ')}`);
  if (expect.options_include) {
    const { clarification } = answer.kind === 'clarification' ? answer : { clarification: undefined };
    const words = [
      clarification?.question ?? '',
      ...(clarification?.options ?? []).flatMap(({ label, say }) => [label, say]),
    ]
      .join(' ')
      .toLowerCase();
    for (const part of expect.options_include) {
      const parts = typeof part === 'string' ? [part] : part;
      if (!parts.some((each) => words.includes(each.toLowerCase()))) wrong.push(`options lack ${String(part)}`);
    }
  }
  for (const { severity, about } of expect.findings_include ?? []) {
    if (!answer.findings.some((finding) => severity.includes(finding.severity) && about.includes(finding.about)))
      wrong.push(`no finding about ${about.join(' or ')}`);
  }
  return wrong;
}
