import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guestsByNode, guestUse, nodeUse, poolUsed } from './load.ts';
import type { State } from './state/model.ts';
import { guestSize } from './state/guest-size.ts';
import { asking } from './worlds/asking.ts';
import { demoState } from './worlds/demo.ts';
import { generateState } from './worlds/generate.ts';

const clock = { now: () => Date.parse('2026-02-23T10:00:00Z') };

const CLUSTERS: [string, State][] = [
  ['the demo cluster', demoState(clock)],
  ['a generated one', generateState({ seed: 7, nodes: 4, guests: 60, clock })],
];

/** Two years around the start. */
const someTime = fc.integer({ min: -365 * 86_400, max: 365 * 86_400 });

describe.each(CLUSTERS)('the load of %s', (_name, state) => {
  const guests = [...state.guests.values()];
  const running = guests.filter(({ status }) => status === 'running');
  const by = guestsByNode(state);

  it('is what the model says at the start', () => {
    for (const guest of running) expect(guestUse(state, guest, state.start)).toMatchObject(guest.use);
    for (const node of state.nodes.values()) {
      const use = nodeUse(state, node, by.get(node.name) ?? [], state.start);
      expect(use.cpu).toBeCloseTo(node.use.cpu, 9);
      expect(Math.abs(use.mem - node.use.mem)).toBeLessThan(2);
    }
  });

  it('moves little in the first hour', () => {
    fc.assert(
      fc.property(fc.constantFrom(...running), fc.integer({ min: 0, max: 3600 }), (guest, after) => {
        const use = guestUse(state, guest, state.start + after);
        expect(Math.abs(use.mem / guest.use.mem - 1)).toBeLessThan(0.05);
        expect(Math.abs(use.cpu / guest.use.cpu - 1)).toBeLessThan(0.2);
      }),
    );
  });

  it('stays within what guests and nodes have', () => {
    fc.assert(
      fc.property(fc.constantFrom(...running), someTime, (guest, after) => {
        const use = guestUse(state, guest, state.start + after);
        expect(use.cpu).toBeGreaterThanOrEqual(0);
        expect(use.cpu).toBeLessThanOrEqual(1);
        expect(use.mem).toBeLessThanOrEqual(guestSize(state, guest).maxmem);
      }),
    );
  });

  it('counts up and never down', () => {
    fc.assert(
      fc.property(fc.constantFrom(...running), someTime, fc.nat(100_000), (guest, at, later) => {
        const [first, second] = [at, at + later].map((after) => guestUse(state, guest, state.start + after));
        for (const key of ['netin', 'netout', 'diskread', 'diskwrite'] as const) {
          expect(second?.[key]).toBeGreaterThanOrEqual(first?.[key] ?? 0);
        }
      }),
    );
  });

  it("makes a node's memory hold that of its guests, but for the pages that they share", () => {
    fc.assert(
      fc.property(fc.constantFrom(...state.nodes.values()), someTime, (node, after) => {
        const mine = by.get(node.name) ?? [];
        const t = state.start + after;
        const use = nodeUse(state, node, mine, t);
        const sum = mine.reduce((bytes, guest) => bytes + guestUse(state, guest, t).mem, 0);
        expect(use.mem + use.ksm).toBeGreaterThanOrEqual(Math.min(sum, node.memTotal) - mine.length);
        expect(use.mem).toBeLessThanOrEqual(node.memTotal);
      }),
    );
  });

  it('never fills a storage beyond its size', () => {
    const pools = [...state.nodes.values()].flatMap((node) => [...node.storages.values()].map(({ pool }) => pool));
    fc.assert(
      fc.property(fc.constantFrom(...pools), someTime, (pool, after) => {
        const used = poolUsed(state, pool, state.start + after);
        expect(used).toBeGreaterThanOrEqual(0);
        expect(used).toBeLessThanOrEqual(pool.total);
      }),
    );
  });

  it('tells the same in every list', () => {
    const ask = asking({ state, nowMs: (state.start + 4321) * 1000 });
    const resources = ask('/cluster/resources') as Record<string, unknown>[];
    for (const name of state.nodes.keys()) {
      for (const type of ['qemu', 'lxc'] as const) {
        for (const row of ask(`/nodes/${name}/${type}`) as Record<string, unknown>[]) {
          const other = resources.find(({ id }) => id === `${type}/${String(row['vmid'])}`) ?? {};
          for (const key of ['name', 'status', 'cpu', 'mem', 'maxmem', 'uptime', 'netin', 'tags']) {
            expect(other[key]).toEqual(row[key]);
          }
          expect(other['maxcpu']).toBe(row['cpus']);
        }
      }
    }
  });
});

it('is the same to the byte for the same seed and clock, and another for another seed', () => {
  const told = (seed: number): string => {
    const state = generateState({ seed, nodes: 3, guests: 40, clock });
    const ask = asking({ state, nowMs: (state.start + 7200) * 1000 });
    return JSON.stringify([ask('/cluster/resources'), ask('/nodes/pve01/rrddata', { timeframe: 'day', cf: 'MAX' })]);
  };
  expect(told(11)).toBe(told(11));
  expect(told(11)).not.toBe(told(12));
});

it('makes 10,000 guests on 64 nodes, each with its own name and id', () => {
  const state = generateState({ seed: 5, nodes: 64, guests: 10_000, clock });
  const names = [...state.guests.values()].map(({ config }) => config['name'] ?? config['hostname']);
  expect(state.guests.size).toBe(10_000);
  expect(new Set(names).size).toBe(10_000);
  for (const node of state.nodes.values()) expect(node.use.mem).toBeLessThanOrEqual(node.memTotal);
});
