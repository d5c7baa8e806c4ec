import { SandboxClock } from '@pxa/sandbox';
import { expect, test } from 'vitest';
import { Stuck, untilOver } from './played-time.ts';

const HOUR_MS = 3_600_000;

test('those who wait at the same time wait together', async () => {
  const clock = new SandboxClock(0, 0);
  const { sleep } = clock;
  const three = Promise.all([sleep(HOUR_MS), sleep(2 * HOUR_MS), sleep(HOUR_MS).then(() => sleep(HOUR_MS))]);
  await untilOver(clock, three);
  expect(clock.now()).toBe(2 * HOUR_MS);
});

test('time stands still once the work is over, whatever else waits', async () => {
  const clock = new SandboxClock(0, 0);
  clock.after(HOUR_MS, () => expect.unreachable());
  expect(
    await untilOver(
      clock,
      clock.sleep(1_000).then(() => 'done'),
    ),
  ).toBe('done');
  expect(clock.now()).toBe(1_000);
});

test('a signal ends a wait at once', async () => {
  const clock = new SandboxClock(0, 0);
  const stop = new AbortController();
  const work = clock.sleep(HOUR_MS, stop.signal);
  clock.after(10, () => stop.abort());
  await untilOver(clock, work);
  await untilOver(clock, clock.sleep(HOUR_MS, stop.signal));
  expect(clock.now()).toBe(10);
  expect(await clock.step()).toBe(false);
});

test('what goes wrong is told as it is', async () => {
  const clock = new SandboxClock(0, 0);
  const work = clock.sleep(5).then(() => Promise.reject(new RangeError('no')));
  await expect(untilOver(clock, work)).rejects.toThrow(RangeError);
});

test.each([
  ['waits for what does not come', () => new Promise<never>(() => undefined)],
  ['waits without end', (clock: SandboxClock) => forever(clock.sleep)],
])('work that %s is stuck', async (_name, work) => {
  const clock = new SandboxClock(0, 0);
  await expect(untilOver(clock, work(clock))).rejects.toThrow(Stuck);
});

async function forever(sleep: (ms: number) => Promise<void>): Promise<never> {
  for (;;) await sleep(HOUR_MS);
}
