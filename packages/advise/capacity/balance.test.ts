import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balance, type Host, type Limits, type Load, spread } from './balance.ts';

const limits: Limits = { memory: 0.85, cpu: 0.9, mostMoves: 3, leastGain: 0.02 };
const anywhere = (): boolean => true;

const host = (node: string, mem: number, cpu = 1): Host => ({ node, mem, maxmem: 100, cpu, maxcpu: 16 });
const load = (id: string, node: string, mem: number, cpu = 0.5): Load => ({ id, node, mem, cpu });

describe('the moves that are proposed', () => {
  test.each<[string, Host[], Load[], string[]]>([
    [
      'the one that evens out most',
      [host('a', 80), host('b', 20)],
      [load('vm1', 'a', 30), load('vm2', 'a', 5)],
      ['vm1 a→b'],
    ],
    ['none on even nodes', [host('a', 50), host('b', 50)], [load('vm1', 'a', 10)], []],
    ['none that would fill the target', [host('a', 84), host('b', 60)], [load('vm1', 'a', 30)], []],
    ['none that would take the target’s CPUs', [host('a', 80), host('b', 20, 14)], [load('vm1', 'a', 30, 2)], []],
    ['none on a single node', [host('a', 90)], [load('vm1', 'a', 30)], []],
  ])('%s', (_name, hosts, loads, expected) => {
    const moves = balance(hosts, loads, limits, anywhere);
    expect(moves.map(({ id, from, to }) => `${id} ${from}→${to}`)).toEqual(expected);
  });

  test('go only where they may', () => {
    const hosts = [host('a', 80), host('b', 10), host('c', 20)];
    const [move] = balance(hosts, [load('vm1', 'a', 30)], limits, (_load, to) => to === 'c');
    expect(move?.to).toBe('c');
  });
});

const nodes = ['a', 'b', 'c', 'd'];
const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const anyHosts = fc
  .uniqueArray(fc.constantFrom(...nodes), { minLength: 2 })
  .chain((names) =>
    fc.tuple(
      ...names.map((node) =>
        fc
          .tuple(share, share)
          .map(([mem, cpu]): Host => ({ node, mem: mem * 64, maxmem: 64, cpu: cpu * 16, maxcpu: 16 })),
      ),
    ),
  );
const anyLoads = fc.array(
  fc.record({
    id: fc.uuid(),
    node: fc.constantFrom(...nodes),
    mem: fc.double({ min: 0, max: 16, noNaN: true }),
    cpu: fc.double({ min: 0, max: 4, noNaN: true }),
  }),
  { maxLength: 12 },
);

test('no target is brought to its limits, and each move evens out', () => {
  fc.assert(
    fc.property(anyHosts, anyLoads, (hosts, loads) => {
      let now: Host[] = [...hosts];
      for (const { id, from, to, toAfter } of balance(hosts, loads, limits, anywhere)) {
        const moved = loads.find((each) => each.id === id);
        const before = spread(now);
        now = now.map((each) => {
          const sign = each.node === from ? -1 : each.node === to ? 1 : 0;
          return { ...each, mem: each.mem + sign * (moved?.mem ?? 0), cpu: each.cpu + sign * (moved?.cpu ?? 0) };
        });
        expect(toAfter).toBeLessThan(limits.memory);
        expect(spread(now)).toBeLessThan(before);
      }
    }),
  );
});
