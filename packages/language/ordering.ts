import type { Dataset } from '@pxa/catalog';
import type { Fragment, MeasureWords } from './fragment.ts';
import type { Interpretation } from './interpretation.ts';
import { only, type Sense, type SenseOf } from './lexicon.ts';
import { columnOf, focusOf } from './measure.ts';

export function takeMeasure(it: Interpretation, measure: MeasureWords): boolean {
  // "room for a VM": the VM is not what is measured.
  if (it.room && measure.names === 'rows') return true;
  const focus = focusOf(it.dataset, measure);
  if (focus === undefined) return false;
  if (it.with?.neg === false) it.with = undefined;
  it.focus.push(...focus);
  it.measure ??= measure;
  return true;
}

/** "the most snapshots": whose rows are counted. */
function takeCounted(it: Interpretation, nouns: readonly SenseOf<'noun'>[], dir: 'asc' | 'desc'): boolean {
  const own = nouns.find((sense) => sense.dataset === it.dataset);
  if (own === undefined) return false;
  if (own.noun.where) it.root.add(own.noun.where, 'noun', '', -1, undefined);
  if (own.noun.weak) it.penalty += 1.4;
  // "which node has the most disks": the noun before is what they are counted for.
  if (it.kinds.length > 0) it.penalty -= 2;
  it.groupMeasure = 'count';
  it.order.push({ column: 'count', dir });
  it.noun ??= { title: own.noun.title ?? it.dataset.title, plural: false, at: -1 };
  return true;
}

export function takeSuper(it: Interpretation, fragment: Extract<Fragment, { f: 'super' }>): boolean {
  const { dir, n, measure, grades, nouns, newest } = fragment;
  const { dataset } = it;
  it.superlative = true;
  if (n !== undefined) it.limit = n;
  if (it.with?.neg === false) it.with = undefined;
  if (nouns !== undefined) return takeCounted(it, nouns, dir ?? 'desc');
  if (fragment.due) {
    const column = fragment.due.find((sense) => sense.dataset === dataset)?.column;
    if (column === undefined) return false;
    it.order.push({ column, dir: dir ?? 'asc' });
    return true;
  }
  if (newest) {
    const column = timeOf(dataset);
    if (column === undefined) return false;
    if (dataset.time === undefined) it.penalty += 2;
    it.order.push({ column, dir: dir ?? 'desc' });
    return true;
  }
  const grade = grades?.find((sense) => sense.dataset === dataset)?.grade;
  if (grade !== undefined) {
    // "least full" turns the adjective round.
    const asSaid = dir === undefined ? grade.dir : grade.dir === 'asc' ? 'desc' : 'asc';
    it.order.push({ column: grade.column, dir: asSaid });
    return true;
  }
  if (measure !== undefined) {
    // Most and least go by what is in use, biggest and smallest by what was given.
    const plain = columnOf(dataset, measure, 'order') ?? '';
    const isSize = dataset.columns[plain]?.unit === 'bytes';
    const isShare = dataset.columns[plain]?.unit === 'fraction';
    const usual = fragment.sized || (fragment.counted && isShare) ? 'total' : isSize ? 'used' : undefined;
    const qualifier = measure.qualifier ?? usual;
    const column = columnOf(dataset, { ...measure, qualifier }, 'order') ?? columnOf(dataset, measure, 'order');
    if (column === undefined) return false;
    it.order.push({ column, dir: measure.turned ? opposite(dir) : (dir ?? 'desc') });
    const given = columnOf(dataset, { ...measure, qualifier: 'total' }, 'order');
    // Where use is not known (a VM's disks), what was given decides.
    if (
      qualifier === 'used' &&
      measure.qualifier === undefined &&
      given !== undefined &&
      given !== column &&
      dataset.entity === 'guest'
    ) {
      if (dataset.columns[column]?.label === 'DISK USED') it.order.push({ column: given, dir: dir ?? 'desc' });
    }
    return true;
  }
  // "top 3 VMs": by what, is said elsewhere or taken from the dataset.
  it.superDir = dir;
  it.sized = fragment.sized === true;
  return grades === undefined;
}

function opposite(dir: 'asc' | 'desc' | undefined): 'asc' | 'desc' {
  return dir === 'asc' ? 'desc' : 'asc';
}

/** The column that "newest" and "older than" go by: the rows' time, else what the adjective "old" goes by. */
export function timeOf(dataset: Dataset): string | undefined {
  return dataset.time ?? dataset.grades?.find(({ words }) => words.split('|').includes('old'))?.column;
}

export function takeOrder(it: Interpretation, fragment: Extract<Fragment, { f: 'order' }>): boolean {
  const { measure, grades, attributes, dir } = fragment;
  const { dataset } = it;
  const grade = grades?.find((sense) => sense.dataset === dataset)?.grade;
  // "biggest by memory" goes by what was given, "busiest by memory" and "sorted by memory" by what is in use.
  const qualifier = measure?.qualifier ?? (it.superlative && isGiven(it) ? 'total' : undefined);
  const column =
    (measure ? columnOf(dataset, { ...measure, qualifier }, 'order') : undefined) ??
    attributes?.find((sense) => sense.dataset === dataset)?.column ??
    grade?.column;
  if (column === undefined) return false;
  const isNumber = dataset.columns[column]?.type === 'number' && column !== 'vmid';
  const usual = grade?.dir ?? (isNumber ? 'desc' : 'asc');
  // "biggest VM by memory": what comes after "by" overrules the adjective, but not which way it goes.
  if (it.superlative && it.order[0]) it.order[0] = { column, dir: dir ?? it.order[0].dir };
  else it.order.push({ column, dir: dir ?? (it.superlative ? (it.superDir ?? usual) : usual) });
  return true;
}

/** Whether a superlative spoke of size: "biggest", "smallest". */
function isGiven(it: Interpretation): boolean {
  const [first] = it.order;
  return it.sized || (it.dataset.quantities ?? []).some(({ total }) => total !== undefined && total === first?.column);
}

export function takeGroup(it: Interpretation, { senses, sure }: Extract<Fragment, { f: 'group' }>): boolean {
  const column = groupColumn(it.dataset, senses);
  if (column === undefined) {
    // "average memory per VM": a row is a VM already, and the word says which rows.
    const own = only(senses, 'noun').find(({ dataset }) => dataset === it.dataset)?.noun;
    if (own === undefined) return false;
    it.perRow = true;
    if (own.where && it.noun === undefined) it.root.add(own.where, 'noun', '', -1, undefined);
    it.noun ??= { title: own.title ?? it.dataset.title, plural: false, at: -1 };
    return true;
  }
  if (sure || it.aggregate !== undefined) it.group.push(column);
  else it.order.push({ column, dir: 'asc' });
  return true;
}

/** The column that "per node", "which node has the most VMs" group by. */
function groupColumn(dataset: Dataset, senses: readonly Sense[]): string | undefined {
  for (const sense of only(senses, 'noun')) {
    if (sense.dataset === dataset || sense.dataset.entity === undefined) continue;
    const column = dataset.scopes?.[sense.dataset.entity];
    if (column !== undefined) return column;
  }
  return only(senses, 'attribute').find((sense) => sense.dataset === dataset)?.column;
}
