import { openAll, type ServiceStore } from '@pxa/assistant/store';
import { SandboxClock } from '@pxa/assistant/lab';
import { afterEach, expect, test } from 'vitest';
import { Leadership, type Work } from './leadership.ts';

/** What replicas may take until another goes on with what one did. */
const MOVES_MS = 15_000;
const TICK_MS = 500;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Replicas over one store and one clock, each with a tap that can be shut between it and the store. */
async function replicas(names: readonly string[]) {
  const clock = new SandboxClock(0, 0);
  const { store, service } = await openAll({ kind: 'sqlite', file: ':memory:' }, { now: () => clock.now() });
  closers.push(() => store.close());
  const doing: string[] = [];
  const told: unknown[] = [];
  const work =
    (owner: string): Work =>
    async ({ signal }) => {
      doing.push(owner);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      doing.splice(doing.indexOf(owner), 1);
    };
  const all = names.map((owner) => {
    let isCut = false;
    const kept = new Proxy(service, {
      get(target, name: keyof ServiceStore) {
        const method = target[name] as (...args: unknown[]) => Promise<unknown>; // it has nothing but such
        return (...args: unknown[]) => (isCut ? Promise.reject(new Error('cut off')) : method(...args));
      },
    });
    const deps = { kept, now: () => clock.now(), sleep: clock.sleep, owner };
    const leadership = new Leadership(deps, (error) => told.push(error));
    closers.push(() => leadership.close());
    leadership.lead('poll home', work(owner));
    return { leadership, cut: () => (isCut = true), mend: () => (isCut = false) };
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const later = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      for (let turn = 0; turn < 20; turn++) await settle();
      await clock.advance(TICK_MS);
      expect(doing.length, 'one at a time').toBeLessThanOrEqual(1);
    }
    for (let turn = 0; turn < 20; turn++) await settle();
  };
  return { all, doing, told, later };
}

test('one of them does the work, for as long as it lives', async () => {
  const { doing, later } = await replicas(['a', 'b', 'c']);
  await later(60_000);
  expect(doing).toEqual(['a']);
});

test('when one ends, another goes on without waiting for the lease', async () => {
  const { all, doing, later } = await replicas(['a', 'b']);
  await later(5_000);
  await all[0]?.leadership.close();
  await later(3_000);
  expect(doing).toEqual(['b']);
});

test('what a replica did that no longer reaches the store has moved within 15 s; it has stopped before', async () => {
  const { all, doing, later } = await replicas(['a', 'b']);
  await later(20_000);
  expect(doing).toEqual(['a']);
  all[0]?.cut();
  await later(MOVES_MS);
  expect(doing).toEqual(['b']);
  all[0]?.mend();
  await later(MOVES_MS);
  expect(doing).toEqual(['b']);
});

test('a short trouble of the store ends no term', async () => {
  const { all, doing, later, told } = await replicas(['a']);
  await later(5_000);
  all[0]?.cut();
  await later(5_000);
  all[0]?.mend();
  await later(20_000);
  expect(doing).toEqual(['a']);
  expect(new Set(told.map(String))).toEqual(new Set(['Error: cut off']));
});

test('work that fails is begun again', async () => {
  const { all, later, told } = await replicas(['a']);
  let times = 0;
  all[0]?.leadership.lead('failing', async () => {
    times += 1;
    throw new Error('no');
  });
  await later(10_000);
  expect(times).toBeGreaterThan(2);
  expect(told).toHaveLength(times);
});

test('several things are spread over all, also over those that come later', async () => {
  const { all, later } = await replicas(['a', 'b', 'c']);
  const names = Array.from({ length: 8 }, (_, index) => `poll ${index}`);
  const leads = new Map<string, number>();
  const leading = (index: number): void => {
    for (const name of names) {
      all[index]?.leadership.lead(name, async ({ signal }) => {
        leads.set(name, index);
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      });
    }
  };
  const shares = (): number[] =>
    [0, 1, 2].map((index) => [...leads.values()].filter((leader) => leader === index).length);
  leading(0);
  await later(10_000);
  expect(shares()[0]).toBe(8);
  leading(1);
  leading(2);
  await later(20_000);
  expect(leads.size).toBe(8);
  for (const share of shares()) expect(share).toBeGreaterThanOrEqual(2);
  await all[1]?.leadership.close();
  await later(MOVES_MS);
  expect(shares()[1]).toBe(0);
});
