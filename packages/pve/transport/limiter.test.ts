import { expect, test } from 'vitest';
import { Limiter } from './limiter.ts';

/** Work that ends when it is told to. */
function work(): { run: () => Promise<number>; end: (value: number) => void } {
  const { promise, resolve } = Promise.withResolvers<number>();
  return { run: () => promise, end: resolve };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more run at a time than may, in the order in which they came', async () => {
  const limiter = new Limiter({ running: 2, waiting: 100 });
  const started: number[] = [];
  const jobs = Array.from({ length: 5 }, work);
  const results = jobs.map((job, i) =>
    limiter.run(() => {
      started.push(i);
      return job.run();
    }),
  );
  await turn();
  expect(started).toEqual([0, 1]);
  jobs[1]?.end(1);
  await turn();
  expect(started).toEqual([0, 1, 2]);
  jobs.forEach((job, i) => job.end(i));
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4]);
});

test('a failure gives its place on', async () => {
  const limiter = new Limiter({ running: 1, waiting: 1 });
  const failing = limiter.run(() => Promise.reject(new Error('no')));
  const next = limiter.run(() => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

test('who does not find room to wait is turned away', async () => {
  const limiter = new Limiter({ running: 1, waiting: 1 });
  const first = work();
  const running = limiter.run(first.run);
  const waiting = limiter.run(() => Promise.resolve(2));
  await expect(limiter.run(() => Promise.resolve(3))).rejects.toMatchObject({ reason: 'busy' });
  first.end(1);
  expect([await running, await waiting]).toEqual([1, 2]);
});

test('who is cancelled while waiting does not run, and those behind move up', async () => {
  const limiter = new Limiter({ running: 1, waiting: 10 });
  const first = work();
  const running = limiter.run(first.run);
  const controller = new AbortController();
  const cancelled = limiter.run(() => Promise.reject(new Error('it ran')), controller.signal);
  const behind = limiter.run(() => Promise.resolve('behind'));
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' });
  first.end(1);
  expect([await running, await behind]).toEqual([1, 'behind']);
  await expect(limiter.run(() => Promise.resolve(1), controller.signal)).rejects.toMatchObject({ reason: 'cancelled' });
});
