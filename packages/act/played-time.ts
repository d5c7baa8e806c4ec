import type { SandboxClock } from '@pxa/sandbox';

/** Nothing that is rehearsed takes as long: whatever does waits for what never comes. */
const MOST_MS = 30 * 24 * 3_600_000;

/** What is played in a time of its own waits for something outside of it, or without end. */
export class Stuck extends Error {
  override readonly name = 'Stuck';
}

/**
 * Lets the time of a clock that stands still pass, from one thing that waits to the next, until `work` is over: the real
 * time that this takes is that of the computing alone. All that `work` waits for must wait by this clock.
 *
 * @throws Stuck where it waits for something else, or without end.
 */
export async function untilOver<T>(clock: SandboxClock, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  work.then(over, over);
  const endMs = clock.now() + MOST_MS;
  await allTurns();
  while (!isOver) {
    const didSomething = await clock.step();
    if (isOver) break;
    if (!didSomething) throw new Stuck('it waits for something that does not come');
    if (clock.now() > endMs) throw new Stuck('it does not end');
  }
  return work;
}

/** Until every promise that can go on has done so. */
function allTurns(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
