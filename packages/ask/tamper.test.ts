import { datasets } from '@pxa/catalog';
import type { CellValue, Query } from '@pxa/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { follow, pointersIn, put } from './testing/pointers.ts';
import { openWorld, type Told, type World } from './testing/tape.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ clock: Date.UTC(2026, 1, 23, 10) });
});
afterAll(() => world.close());

/** Datasets whose usual columns have numbers as Proxmox gave them. */
const asked = ['guests', 'nodes', 'storage', 'zfs', 'disks', 'snapshots', 'backups', 'tasks'];

/** The answer as it was, and one of its cells with the pointer that it was read at. */
interface Target {
  readonly told: Told;
  readonly query: Query;
  readonly id: string;
  readonly column: string;
  readonly pointer: string;
}

/** A cell that shows a scalar as Proxmox gave it, chosen by `pick`; most answers have hundreds. */
async function target(query: Query, pick: number): Promise<Target> {
  const told = await world.askOfTape(query);
  const cells = told.view.rows.flatMap(({ id, cells: values, evidence }) =>
    Object.entries(values).flatMap(([column, value]) => {
      const [pointer, ...others] = pointersIn(evidence[column] ?? '');
      const found = pointer === undefined ? undefined : follow(pointer, told.bodies)?.found;
      const isOnly = others.length === 0 && pointer === evidence[column];
      const isPlain = isOnly && typeof value === 'number' && found === value;
      return isPlain ? [{ told, query, id, column, pointer }] : [];
    }),
  );
  const chosen = cells[pick % cells.length];
  if (chosen?.pointer === undefined) throw new Error(`${query.dataset} has no number that stands in a body`);
  return { ...chosen, pointer: chosen.pointer };
}

/** The same question of bodies in which another value stands at a pointer; undefined takes away what is there. */
function askWith({ query, pointer }: Target, value: unknown): Promise<Told> {
  const [, call = '', path = ''] = /^calls\[(\d+)\]#(.*)$/.exec(pointer) ?? [];
  return world.askOfTape(query, (body, number) => {
    if (number === Number(call)) put(body, path, value);
  });
}

const cellIn = ({ view }: Told, { id, column }: Target): { value: CellValue; at: string } | undefined => {
  const row = view.rows.find((each) => each.id === id);
  return row && { value: row.cells[column] ?? null, at: row.evidence[column] ?? '' };
};

const anyPlace = fc.record({ dataset: fc.constantFrom(...asked), pick: fc.nat() });
const runs = { numRuns: 60, seed: 7 };

describe('a body that was tampered with', () => {
  test('changes the cell that was read there, or makes it another row', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlace, fc.integer({ min: 1, max: 2 ** 40 }), async ({ dataset, pick }, other) => {
        const it = await target({ dataset }, pick);
        const was = cellIn(it.told, it);
        fc.pre(was?.value !== other);
        const now = cellIn(await askWith(it, other), it);
        // Where the number names the row (a vmid), the row is another one now.
        if (now !== undefined) expect(now).toEqual({ value: other, at: was?.at });
      }),
      runs,
    );
  });

  test('makes what is missing unknown with the reason, and never 0', async () => {
    const broken = fc.constantFrom(undefined, null);
    await fc.assert(
      fc.asyncProperty(anyPlace, broken, async ({ dataset, pick }, value) => {
        const it = await target({ dataset }, pick);
        const now = cellIn(await askWith(it, value), it);
        if (now === undefined) return;
        expect(now.value).toBe(whenAbsent(dataset, it.column));
        if (now.value === null) expect(now.at).toMatch(/^unknown: ./);
      }),
      runs,
    );
  });

  test('makes what is no number unknown with the reason', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlace, fc.constantFrom('many', [], {}), async ({ dataset, pick }, value) => {
        const it = await target({ dataset }, pick);
        const now = cellIn(await askWith(it, value), it);
        if (now !== undefined) expect(now).toEqual({ value: null, at: expect.stringMatching(/^unknown: ./) });
      }),
      runs,
    );
  });

  test('moves a sum by what was added', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 2 ** 40 }), async (pick, more) => {
        const query = { dataset: 'guests', columns: ['maxmem'], measure: { of: 'sum', column: 'maxmem' } } as const;
        const it = await target({ ...query, columns: ['maxmem'] }, pick);
        const was = cellIn(it.told, it)?.value;
        const { view } = await askWith(it, Number(was) + more);
        expect(view.value?.number).toBe((it.told.view.value?.number ?? 0) + more);
      }),
      { ...runs, numRuns: 20 },
    );
  });

  test('counts a record less where one was taken away', async () => {
    const count: Query = { dataset: 'guests', measure: { of: 'count' } };
    const { view } = await world.askOfTape(count);
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (pick) => {
        const gone = await world.askOfTape(count, ({ data }, _call, path) => {
          if (path === '/cluster/resources' && Array.isArray(data)) takeGuest(data, pick);
        });
        expect(gone.view.value?.number).toBe(view.rows.length - 1);
      }),
      { ...runs, numRuns: 20 },
    );
  });
});

function takeGuest(resources: { type?: string }[], pick: number): void {
  const guests = resources.filter(({ type }) => type === 'qemu' || type === 'lxc');
  const [gone] = guests.slice(pick % guests.length);
  resources.splice(resources.indexOf(gone ?? {}), 1);
}

/** What a column shows where Proxmox leaves its field out: its default, or nothing. */
function whenAbsent(dataset: string, column: string): CellValue {
  const { read, from } = datasets.get(dataset)?.columns[column] ?? { from: [] };
  const recs = Object.fromEntries(from.map((source) => [source, { data: {}, at: 'record' }]));
  return read?.halves?.value({ id: 'any', recs, given: {}, kept: undefined }, () => null) ?? null;
}
