import type { JobStep } from '@pxa/contract';
import type { Execution } from './execution.ts';
import { isDrifted, runStep } from './step.ts';

/**
 * Carries out all steps that can be, in the order that they wait for each other, side by side where they do not. Returns
 * when nothing is under way and nothing more may begin.
 *
 * @throws what ended the hold, once all that was under way has noticed
 */
export async function runSteps(x: Execution): Promise<void> {
  const running = new Map<number, Promise<void>>();
  try {
    for (;;) {
      for (let index = nextOf(x, running); index !== undefined; index = nextOf(x, running)) {
        const work = runStep(x, index).finally(() => running.delete(index));
        running.set(index, work);
      }
      if (running.size === 0) return;
      await Promise.race(running.values());
    }
  } catch (error) {
    x.hold.fail(error);
    await Promise.allSettled(running.values());
    throw error;
  }
}

/** The next step that may begin now, those first that an earlier run has begun already. */
function nextOf(x: Execution, running: ReadonlyMap<number, unknown>): number | undefined {
  const { steps } = x.journal;
  const isFree = ({ index }: JobStep): boolean => !running.has(index);
  const begun = steps.find((step) => isUnderWay(step) && isFree(step));
  if (begun !== undefined) return begun.index;
  if (running.size >= x.limits.atOnce || x.cancel.isAsked || isHalted(x)) return undefined;
  return steps.find((step) => step.state === 'pending' && isFree(step) && mayBegin(x, step.index, running))?.index;
}

/** Begun, and not being taken back. */
const isUnderWay = ({ state, undoing }: JobStep): boolean =>
  (state === 'intended' || state === 'waiting') && undoing === undefined;

/** Whether a step that went wrong keeps the others from beginning. */
function isHalted({ record, journal }: Execution): boolean {
  if (record.on_failure === 'go_on') return false;
  return journal.steps.some((step) => step.state === 'failed' || step.state === 'unknown' || isDrifted(step));
}

function mayBegin(x: Execution, index: number, running: ReadonlyMap<number, unknown>): boolean {
  const { records } = x.record;
  const { after = [], node = '' } = records[index] ?? {};
  if (after.some((other) => x.journal.step(other).state !== 'done')) return false;
  const onNode = [...running.keys()].filter((other) => records[other]?.node === node).length;
  return onNode < x.limits.perNode;
}
