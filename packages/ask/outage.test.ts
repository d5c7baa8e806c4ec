import type { Query } from '@pxa/contract';
import { SandboxClock, type SandboxOptions } from '@pxa/sandbox';
import { expect, test } from 'vitest';
import { openWorld, type Told } from './testing/tape.ts';

const clock = Date.UTC(2026, 1, 23, 10);
const [whole, gone] = [['pve-node01', 'pve-node02'], 'pve-node03'];

/** Long enough for every call that is answered, even on a busy machine; only what hangs takes it. */
const requestMs = 1_000;

/** Guests of a node that says nothing any more are unknown after 300 s (PVE::Cluster, the age of their status). */
const pveForgetsAfterMs = 301_000;

type Faults = NonNullable<SandboxOptions['faults']>;

async function askAmid(faults: Faults, query: Query): Promise<Told> {
  const world = await openWorld({ clock, faults }, requestMs);
  try {
    return await world.ask(query);
  } finally {
    await world.close();
  }
}

/** The nodes that an answer has rows of. */
const nodesIn = ({ view }: Told): string[] => [...new Set(view.rows.map(({ cells }) => String(cells['node'])))].sort();

const path = `/nodes/${gone}/**`;
const outages: [name: string, faults: Faults, says: RegExp][] = [
  ['is down', [{ fault: 'node_down', node: gone }], /offline|does not answer/],
  ['answers 500', [{ fault: 'error', status: 500, message: 'rrd is broken', path }], /rrd is broken/],
  ['is refused to us', [{ fault: 'error', status: 403, message: 'Permission check failed', path }], /Permission check/],
  ['hangs', [{ fault: 'hang', path }], /no answer within|did not answer|1 s|1000 ms/],
  ['drops connections', [{ fault: 'drop', path }], /closed|dropped|connection/i],
];

test.each(outages)('a node that %s costs its rows and is named, with the reason', async (_name, faults, says) => {
  const told = await askAmid(faults, { dataset: 'disks' });
  expect(nodesIn(told)).toEqual(whole);
  const about = told.lacks.filter((lack) => lack.includes(gone));
  expect(about.length).toBeGreaterThan(0);
  expect(about.join('\n')).toMatch(says);
});

test('an area of the health check that could not be read is unknown, not in order; the others are as they are', async () => {
  const faults: Faults = [{ fault: 'error', status: 500, message: 'smartctl is gone', path: '/nodes/*/disks/list' }];
  const { view } = await askAmid(faults, { dataset: 'health' });
  const areas = new Map(view.rows.map(({ cells, evidence }) => [cells['area'], { cells, evidence }]));
  expect(areas.get('disks')?.cells).toMatchObject({ state: null, looked_at: 0 });
  expect(areas.get('disks')?.evidence['state']).toMatch(/^unknown: .*smartctl is gone/);
  expect(areas.get('storage')?.cells).toMatchObject({ state: 'ok' });
  expect(areas.get('ZFS pools')?.cells).toMatchObject({ state: 'critical' });
});

test('a node that is down leaves its guests in the list, with figures that are unknown and not 0', async () => {
  const time = new SandboxClock(clock, 0);
  const world = await openWorld({ clock: time, faults: [{ fault: 'node_down', node: gone }] });
  await time.advance(pveForgetsAfterMs);
  const told = await world.ask({ dataset: 'guests', columns: ['node', 'status', 'mem', 'cpu'] });
  await world.close();
  const theirs = told.view.rows.filter(({ cells }) => cells['node'] === gone);
  expect(theirs.length).toBeGreaterThan(0);
  for (const { cells, evidence } of theirs) {
    expect(cells).toMatchObject({ mem: null, cpu: null });
    expect(evidence['mem']).toMatch(/^unknown: .*pve-node03/);
  }
});

test('a cluster of which nothing can be read answers nothing, and says why', async () => {
  const told = await askAmid([{ fault: 'error', status: 500, message: 'got timeout', path: '/cluster/resources' }], {
    dataset: 'guests',
    measure: { of: 'count' },
  });
  expect(told.view.rows).toEqual([]);
  expect(told.view.value?.number).toBeNull();
  expect(told.lacks.join('\n')).toMatch(/guests: .*got timeout/);
});

test('figures that a privilege withholds are unknown and name it, and a sum leaves them out and says so', async () => {
  const withheld: Faults = [{ fault: 'revoked_privilege', privilege: 'Sys.Audit' }];
  const { view, lacks } = await askAmid(withheld, {
    dataset: 'nodes',
    columns: ['node', 'mem'],
    measure: { of: 'sum', column: 'mem' },
  });
  expect(view.rows.map(({ cells }) => cells['mem'])).toEqual([null, null, null]);
  for (const { evidence } of view.rows) expect(evidence['mem']).toMatch(/^unknown: .*Sys\.Audit/);
  expect(view.value?.number).toBeNull();
  expect(lacks.join('\n')).toMatch(/3 of 3: their value is not known/);
});
