import { afterEach, describe, expect, it } from 'vitest';
import { openAll, type Opened, type StorePlace } from './open.ts';
import type { Taken } from './queue.ts';
import { engines } from './testing/engines.ts';
import { begun, NOW_MS } from './testing/samples.ts';

const postgres = engines.filter(({ name }) => name === 'postgres');

describe.each(postgres)('the queue on $name', ({ fresh }) => {
  const opened: Opened[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ store }) => store.close()));
  });

  async function replica(place: StorePlace, take: (jobId: string) => Promise<Taken>): Promise<Opened> {
    const one = await openAll(place, { now: () => NOW_MS });
    opened.push(one);
    await one.queue?.start(take);
    return one;
  }

  /** Settles when all of these were taken. */
  function taking(ids: readonly string[]): {
    take: (jobId: string) => Promise<Taken>;
    all: Promise<void>;
    had: string[];
  } {
    const had: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const take = async (jobId: string): Promise<Taken> => {
      had.push(jobId);
      if (ids.every((id) => had.includes(id))) resolve();
      return 'held';
    };
    return { take, all: promise, had };
  }

  it('hands each job that is made to one replica', async () => {
    const place = await fresh();
    const ids = Array.from({ length: 20 }, (_, index) => String(index));
    const { take, all, had } = taking(ids.map((id) => `job-${id}`));
    const [one] = await Promise.all([replica(place, take), replica(place, take), replica(place, take)]);
    for (const id of ids) await begun(one.store, id);
    await all;
    expect(had.toSorted()).toEqual(ids.map((id) => `job-${id}`).toSorted());
  });

  it('hands on what is said to be due again, once for all who say so', async () => {
    const place = await fresh();
    const { take, all, had } = taking(['a', 'b']);
    const one = await replica(place, take);
    await Promise.all([one.queue?.again(['a', 'a']), one.queue?.again(['a', 'b'])]);
    await all;
    expect(had.filter((id) => id === 'b')).toEqual(['b']);
  });

  it('brings what could not be taken again, to another', async () => {
    const place = await fresh();
    const { take, all } = taking(['a']);
    let refused = 0;
    const one = await replica(place, async () => {
      refused += 1;
      return 'later';
    });
    await one.queue?.again(['a']);
    await expect.poll(() => refused, { timeout: 5_000 }).toBeGreaterThan(0);
    await one.queue?.stop();
    await replica(place, take);
    await all;
  });
});
