import { afterEach, describe, expect, it } from 'vitest';
import { openAll, type Opened } from './open.ts';
import { engines } from './testing/engines.ts';
import { NOW_MS } from './testing/samples.ts';

const RATE = { name: 'vm', most: 5, seconds: 3_600 } as const;

describe.each(engines)('requests counted on $name', ({ name, fresh }) => {
  const opened: Opened[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ store }) => store.close()));
  });

  it('count by caller and kind, and go back when they are taken back', async () => {
    const one = await openAll(await fresh(), { now: () => NOW_MS });
    opened.push(one);
    const counter = one.service.rateCounter(RATE);
    const other = one.service.rateCounter({ ...RATE, name: 'read' });
    const used = async (key: string): Promise<number> => (await counter.count(key)).used;
    expect([await used('a'), await used('a'), await used('b'), (await other.count('a')).used]).toEqual([1, 2, 1, 1]);
    await counter.takeBack('a');
    expect(await used('a')).toBe(2);
    for (let more = 0; more < 6; more++) await used('a');
    const told = await counter.count('a');
    expect(told.used).toBeGreaterThan(RATE.most);
    expect(told.windowEndsInMs).toBeGreaterThan(3_500_000);
  });

  it.runIf(name === 'postgres')('are those of all replicas', async () => {
    const place = await fresh();
    const replicas = await Promise.all([1, 2, 3].map(() => openAll(place, { now: () => NOW_MS })));
    opened.push(...replicas);
    const counters = replicas.map(({ service }) => service.rateCounter(RATE));
    const all = Array.from({ length: 10 }, () => counters).flat();
    const counted = await Promise.all(all.map(async (counter) => (await counter.count('a')).used));
    expect(counted.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });
});
