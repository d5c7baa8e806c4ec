import { type ColumnDef, datasets } from '@pxa/catalog';
import type { CellValue } from '@pxa/contract';
import { asFlag, asList, asNumber, asText } from '@pxa/pve/values';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, pointersIn } from './testing/pointers.ts';
import { type Body, openWorld, type Told, type World } from './testing/tape.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ clock: Date.UTC(2026, 1, 23, 10) });
});
afterAll(() => world.close());

const asType = { number: asNumber, text: asText, flag: asFlag, list: asList };

/** What is wrong with a cell's evidence, in words; undefined where it leads to what the cell tells. */
function flaw(value: CellValue, evidence: string | undefined, column: ColumnDef, bodies: readonly Body[]) {
  if (evidence === undefined) return 'no evidence';
  if (value === null) return /^unknown: ./.test(evidence) ? undefined : `unknown without a reason: ${evidence}`;
  const pointers = pointersIn(evidence);
  if (pointers.length === 0) return `read nowhere: ${evidence}`;
  const places = pointers.map((pointer) => follow(pointer, bodies));
  const lost = pointers.filter((_, index) => places[index] === undefined);
  if (lost.length > 0) return `leads nowhere: ${lost.join(', ')}`;
  const [place] = places;
  // A column that shows a field as it is, and the field is there: then the cell is what stands there.
  if (!isField(column) || place?.found === undefined || place.found === '') return undefined;
  const read = asType[column.type](place.found);
  const isThere = JSON.stringify(read) === JSON.stringify(value) && pointers.length === 1;
  return isThere ? undefined : `${JSON.stringify(place.found)} is not ${JSON.stringify(value)}`;
}

/** Whether a column is a field as Proxmox gave it, rather than worked out from one: it then says where it would be. */
function isField({ read, uses, from }: ColumnDef): boolean {
  const recs = Object.fromEntries(from.map((source) => [source, { data: {}, at: 'record' }]));
  const row = { id: 'any', recs, given: {}, kept: undefined };
  return uses.length === 0 && read.halves?.at(row, String).startsWith('record/') === true;
}

/** The first flaw of each column. */
function flaws({ view, bodies }: Told): Record<string, string> {
  const columns = datasets.get(view.dataset)?.columns ?? {};
  const found: Record<string, string> = {};
  for (const { id, cells, evidence } of view.rows) {
    for (const [key, value] of Object.entries(cells)) {
      const column = columns[key];
      const it = column && flaw(value, evidence[key], column, bodies);
      if (it !== undefined) found[key] ??= `${id}: ${it}`;
    }
  }
  return found;
}

test.each([...datasets.keys()])('every cell of %s tells where it was read, or why it is unknown', async (dataset) => {
  const columns = Object.keys(datasets.get(dataset)?.columns ?? {});
  const told = await world.askOfTape({ dataset, columns });
  expect(flaws(told)).toEqual({});
});

test.each([...datasets.keys()])('a number of %s tells what it was counted from', async (dataset) => {
  const { view, lacks } = await world.askOfTape({ dataset, measure: { of: 'count' } });
  const { view: grouped, bodies } = await world.askOfTape({ dataset, group: [firstText(dataset)] });
  // Where nothing at all could be read, nothing was counted.
  expect(view.value?.number).toBe(view.rows.length === 0 && lacks.length > 0 ? null : view.rows.length);
  for (const { cells, evidence } of grouped.rows) {
    expect(pointersIn(evidence['count'] ?? '').every((pointer) => follow(pointer, bodies))).toBe(true);
    expect(evidence['count']).toMatch(new RegExp(`^count of ${String(cells['count'])}: `));
  }
});

function firstText(dataset: string): string {
  const { columns = {}, shown = [] } = datasets.get(dataset) ?? {};
  return shown.find((key) => columns[key]?.type === 'text') ?? shown[0] ?? '';
}
