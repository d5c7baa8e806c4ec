import { expect, it } from 'vitest';
import { SandboxClock, type RealTime } from './clock.ts';

/** Real time that a test moves by hand. */
class HandTime implements RealTime {
  private ms = 1_000_000;
  private timers: { at: number; work: () => void }[] = [];

  now(): number {
    return this.ms;
  }

  after(delayMs: number, work: () => void): () => void {
    const timer = { at: this.ms + delayMs, work };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  pass(ms: number): void {
    const target = this.ms + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= target).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.ms = Math.max(this.ms, next.at);
      next.work();
    }
    this.ms = target;
  }
}

it('runs from its start at its rate', () => {
  const real = new HandTime();
  const clock = new SandboxClock(0, 10, real);
  real.pass(1500);
  expect(clock.now()).toBe(15_000);
});

it('calls what is due in order, at its time', () => {
  const real = new HandTime();
  const clock = new SandboxClock(0, 10, real);
  const seen: string[] = [];
  clock.after(2000, () => seen.push(`b ${clock.now()}`));
  clock.after(1000, () => seen.push(`a ${clock.now()}`));
  const callOff = clock.after(1500, () => seen.push('called off'));
  callOff();
  real.pass(150);
  expect(seen).toEqual(['a 1000']);
  real.pass(150);
  expect(seen).toEqual(['a 1000', 'b 2000']);
});

it('stands still when frozen, and goes on', () => {
  const real = new HandTime();
  const clock = new SandboxClock(0, 1, real);
  const seen: number[] = [];
  clock.after(1000, () => seen.push(clock.now()));
  clock.freeze();
  real.pass(5000);
  expect([clock.now(), seen]).toEqual([0, []]);
  clock.setRate(2);
  real.pass(500);
  expect(seen).toEqual([1000]);
});

it('advances through all that follows from what falls due', async () => {
  const clock = new SandboxClock(0, 0);
  const seen: number[] = [];
  const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
  const work = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      await wait(1000);
      seen.push(clock.now());
    }
  };
  void work();
  await clock.advance(2500);
  expect(seen).toEqual([1000, 2000]);
  await clock.advance(500);
  expect([seen, clock.now()]).toEqual([[1000, 2000, 3000], 3000]);
});

it('goes from one thing that waits to the next', async () => {
  const clock = new SandboxClock(0, 0);
  const seen: number[] = [];
  const again = (): void => {
    seen.push(clock.now());
    if (seen.length < 3) clock.after(1_000_000, again);
  };
  clock.after(500, again);
  while (await clock.step()) continue;
  expect([seen, clock.now()]).toEqual([[500, 1_000_500, 2_000_500], 2_000_500]);
});

it('holds nothing back while it stands still', async () => {
  const clock = new SandboxClock(0, 0);
  await clock.hold(3_600_000);
  expect(clock.now()).toBe(0);
});
