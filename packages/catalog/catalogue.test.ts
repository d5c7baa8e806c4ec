import { existsSync } from 'node:fs';
import type { Filter } from '@pxa/contract';
import { describe, expect, test } from 'vitest';
import { catalogue, type Dataset, datasets } from './index.ts';

/** The columns that a condition names, those of related rows with their dataset. */
function columnsIn(dataset: Dataset, filter: Filter): string[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.of.flatMap((each) => columnsIn(dataset, each));
    case 'not':
      return columnsIn(dataset, filter.of);
    case 'compare_columns':
      return [`${dataset.id}.${filter.column}`, `${dataset.id}.${filter.other}`];
    case 'has': {
      const related = datasets.get(dataset.relations?.[filter.relation]?.dataset ?? '');
      if (related === undefined) return [`${dataset.id} has no relation ${filter.relation}`];
      return filter.where ? columnsIn(related, filter.where) : [];
    }
    default:
      return [`${dataset.id}.${filter.column}`];
  }
}

/** Every column that a dataset's declaration names, as `dataset.column`. */
function namedColumns(dataset: Dataset): string[] {
  const own = [
    ...dataset.identity,
    ...dataset.shown,
    ...(dataset.named === undefined ? [] : [dataset.named]),
    ...(dataset.time === undefined ? [] : [dataset.time]),
    ...(dataset.due === undefined ? [] : [dataset.due.column]),
    ...Object.values(dataset.scopes ?? {}),
    ...Object.values(dataset.towards ?? {}),
    ...(dataset.form === undefined ? [] : [dataset.form.column]),
    ...(dataset.quantities ?? []).flatMap(({ words: _words, ...columns }) => Object.values(columns).filter(isText)),
    ...(dataset.grades ?? []).map(({ column }) => column),
    ...(dataset.phrases ?? []).flatMap(({ focus = [] }) => focus),
    ...(dataset.order ?? []).map(({ column }) => column),
    ...(dataset.findings ?? []).flatMap(({ needs }) => needs),
    ...Object.values(dataset.columns).flatMap(({ uses }) => uses),
    ...Object.values(dataset.relations ?? {}).map(({ ours }) => ours),
  ].map((column) => `${dataset.id}.${column}`);
  const theirs = Object.values(dataset.relations ?? {}).map((relation) => `${relation.dataset}.${relation.theirs}`);
  return [...own, ...theirs, ...conditions(dataset).flatMap((filter) => columnsIn(dataset, filter))];
}

function conditions(dataset: Dataset): Filter[] {
  return [
    ...dataset.nouns.flatMap(({ where }) => where ?? []),
    ...(dataset.grades ?? []).flatMap(({ where }) => where ?? []),
    ...(dataset.phrases ?? []).flatMap(({ where, not }) => [where, not].filter((each) => each !== undefined)),
    ...(dataset.unless ?? []).map(({ where }) => where),
  ];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function exists(name: string): boolean {
  const [id = '', column = ''] = name.split('.');
  return column === 'id' || datasets.get(id)?.columns[column] !== undefined;
}

describe.each([...datasets.values()].map((dataset) => [dataset.id, dataset] as const))('%s', (_id, dataset) => {
  test('names columns that exist', () => {
    expect(namedColumns(dataset).filter((name) => !exists(name))).toEqual([]);
  });

  test('has a reader for every source of its columns', () => {
    const sources = new Set(Object.values(dataset.columns).flatMap(({ from }) => from));
    expect([...sources].filter((source) => source !== 'base' && !dataset.details?.[source])).toEqual([]);
  });

  test('shows each label once', () => {
    const labels = dataset.shown.map((column) => dataset.columns[column]?.label);
    expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([]);
  });
});

test('no two datasets share an id', () => {
  const ids = catalogue.flatMap((capability) => capability.datasets.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('no two actions share an id', () => {
  const ids = catalogue.flatMap(({ actions = [] }) => actions.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

const sayable = catalogue.flatMap(({ actions = [] }) => actions).filter(({ say }) => say.length > 0);

test.each(sayable.map((each) => [each.id, each] as const))('%s has three examples', (_id, { examples }) => {
  expect(examples.length).toBeGreaterThanOrEqual(3);
});

test.each(catalogue.map((each) => [each.id, each] as const))(
  '%s has five examples and a guide',
  (id, { examples, actions = [] }) => {
    const said = [...examples, ...actions.flatMap((action) => action.examples)].map(({ say }) => say);
    expect(said.filter((say, index) => said.indexOf(say) !== index)).toEqual([]);
    // An action without words is reached by a command of its own.
    const isSayable = examples.length > 0 || actions.some(({ say }) => say.length > 0);
    expect(said.length).toBeGreaterThanOrEqual(isSayable ? 5 : 0);
    expect(existsSync(new URL(`${id}/guide.md`, import.meta.url))).toBe(true);
  },
);
