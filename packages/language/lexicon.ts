import type { Dataset, EntityKind, Grade, Noun, Quantity } from '@pxa/catalog';
import type { Filter } from '@pxa/contract';
import { degrees, verbForms } from './morphology.ts';
import { Trie } from './trie.ts';
import { table } from './table.ts';

/** What a phrase can mean in a dataset of the catalogue. */
export type Sense =
  | { t: 'noun'; dataset: Dataset; noun: Noun }
  | { t: 'quantity'; dataset: Dataset; quantity: Quantity }
  | { t: 'grade'; dataset: Dataset; grade: Grade; degree: 'base' | 'comparative' | 'superlative' }
  | {
      t: 'condition';
      dataset: Dataset;
      /** Undefined where the words only say which dataset is meant. */
      where: Filter | undefined;
      not: Filter | undefined;
      focus: readonly string[];
      from: 'value' | 'flag' | 'phrase' | 'grade';
    }
  | { t: 'attribute'; dataset: Dataset; column: string }
  | { t: 'relation'; dataset: Dataset; relation: string; target: Dataset }
  | { t: 'due'; dataset: Dataset; column: string }
  | { t: 'began'; dataset: Dataset; column: string };

export type SenseOf<T extends Sense['t']> = Extract<Sense, { t: T }>;

/** The senses of one kind. */
export function only<T extends Sense['t']>(senses: readonly Sense[], kind: T): SenseOf<T>[] {
  // The kind was compared.
  return senses.filter((sense) => sense.t === kind) as SenseOf<T>[];
}

/** The words of the catalogue, ready to be looked up. Compiled once. */
export interface Lexicon {
  readonly trie: Trie<Sense>;
  readonly datasets: readonly Dataset[];
  /** The quantities called uptime. */
  readonly uptime: readonly SenseOf<'quantity'>[];
  /** What a word means that has the form of a column's values: `102-0` is a replication job. */
  shaped(text: string): readonly SenseOf<'condition'>[];
  /** What the participle of a verb says of rows: "running" for `run` and `runs`. */
  participle(stem: string): readonly SenseOf<'condition'>[];
}

/** Compiles the words of datasets. */
export function compileLexicon(datasets: readonly Dataset[]): Lexicon {
  const trie = new Trie<Sense>();
  for (const dataset of datasets) addDataset(trie, dataset, datasets);
  const uptime = datasets.flatMap((dataset) =>
    (dataset.quantities ?? [])
      .filter(({ words }) => words.split('|').includes('uptime'))
      .map((quantity): SenseOf<'quantity'> => ({ t: 'quantity', dataset, quantity })),
  );
  return {
    trie,
    datasets,
    uptime,
    shaped: (text) => datasets.flatMap((dataset) => shapedLike(dataset, text)),
    participle: (stem) => participleOf(trie, stem),
  };
}

function participleOf(trie: Trie<Sense>, stem: string): SenseOf<'condition'>[] {
  const [, word = ''] = verbForms(stem);
  const found = trie.at([{ text: word, word, stem: word, quoted: false }], 0);
  return found.flatMap(({ senses }) => only(senses, 'condition').filter(({ from }) => from === 'value'));
}

function shapedLike(dataset: Dataset, text: string): SenseOf<'condition'>[] {
  const { form } = dataset;
  if (!form?.pattern.test(text)) return [];
  const where: Filter = { op: 'compare', column: form.column, is: '=', value: text };
  return [condition(dataset, where, undefined, [], 'value')];
}

function addDataset(trie: Trie<Sense>, dataset: Dataset, all: readonly Dataset[]): void {
  for (const noun of dataset.nouns) trie.add(noun.words, { t: 'noun', dataset, noun });
  for (const quantity of dataset.quantities ?? []) trie.add(quantity.words, { t: 'quantity', dataset, quantity });
  for (const grade of dataset.grades ?? []) addGrade(trie, dataset, grade);
  for (const { say, where, not, focus } of dataset.phrases ?? []) {
    trie.add(say, condition(dataset, where, not, focus ?? [], 'phrase'));
  }
  for (const [column, { words, values, yes, no }] of Object.entries(dataset.columns)) {
    if (words) trie.add(words, { t: 'attribute', dataset, column });
    for (const [value, said] of Object.entries(values ?? {})) {
      const where: Filter = { op: 'compare', column, is: '=', value: literal(dataset, column, value) };
      trie.add(said, condition(dataset, where, undefined, [column], 'value'));
    }
    const isTrue: Filter = { op: 'compare', column, is: '=', value: true };
    const isFalse: Filter = { op: 'compare', column, is: '=', value: false };
    if (yes) trie.add(yes, condition(dataset, isTrue, isFalse, [column], 'flag'));
    if (no) trie.add(no, condition(dataset, isFalse, isTrue, [column], 'flag'));
  }
  for (const [relation, { words, dataset: id }] of Object.entries(dataset.relations ?? {})) {
    const target = all.find((each) => each.id === id);
    if (words && target) trie.add(words, { t: 'relation', dataset, relation, target });
  }
  if (dataset.due) {
    const sense: Sense = { t: 'due', dataset, column: dataset.due.column };
    for (const verb of dataset.due.verbs.split('|')) for (const form of verbForms(verb.trim())) trie.add(form, sense);
  }
  for (const { column, verbs } of dataset.began ?? []) trie.add(verbs, { t: 'began', dataset, column });
}

function literal(dataset: Dataset, column: string, value: string): string | number | boolean {
  const type = dataset.columns[column]?.type;
  if (type === 'flag') return value === 'true' || value === '1' || value === 'yes';
  return type === 'number' ? Number(value) : value;
}

function condition(
  dataset: Dataset,
  where: Filter | undefined,
  not: Filter | undefined,
  focus: readonly string[],
  from: 'value' | 'flag' | 'phrase' | 'grade',
): SenseOf<'condition'> {
  return { t: 'condition', dataset, where, not: not ?? (where && negated(where)), focus, from };
}

/** The opposite of a condition, in the shortest form. */
export function negated(filter: Filter): Filter {
  if (filter.op === 'not') return filter.of;
  if (filter.op === 'compare' && (filter.is === '=' || filter.is === '!=')) {
    return { ...filter, is: filter.is === '=' ? '!=' : '=' };
  }
  return { op: 'not', of: filter };
}

function addGrade(trie: Trie<Sense>, dataset: Dataset, grade: Grade): void {
  for (const words of grade.words.split('|')) {
    const adjective = words.trim();
    trie.add(adjective, { t: 'grade', dataset, grade, degree: 'base' });
    if (grade.where) trie.add(adjective, condition(dataset, grade.where, undefined, [grade.column], 'grade'));
    const { comparative, superlative } = degrees(adjective);
    for (const form of comparative) trie.add(form, { t: 'grade', dataset, grade, degree: 'comparative' });
    for (const form of superlative) trie.add(form, { t: 'grade', dataset, grade, degree: 'superlative' });
  }
}

/** The words that name a kind of thing right before or after a name: `node pve1`, `the web tag`. */
export const kindWords = table<readonly EntityKind[]>({
  node: ['node'], host: ['node', 'guest'], hypervisor: ['node'], server: ['node', 'guest'],
  vm: ['guest'], guest: ['guest'], machine: ['guest'], container: ['guest'], ct: ['guest'], lxc: ['guest'], instance: ['guest'],
  qemu: ['guest'], template: ['guest'], vmid: ['guest'], id: ['guest'], workload: ['guest'],
  storage: ['storage'], datastore: ['storage'], pool: ['pool', 'storage'], tag: ['tag'], tagged: ['tag'], marked: ['tag'], label: ['tag'], labelled: ['tag'],
  labeled: ['tag'], user: ['user'], vlan: ['vlan'], bridge: ['bridge'], environment: ['tag'],
}); // prettier-ignore
