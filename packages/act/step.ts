import type { JobStep } from '@pxa/contract';
import { parseUpid } from '@pxa/pve/upid';
import { carryOut } from './carry-out.ts';
import type { Execution, Work } from './execution.ts';
import type { Outcome } from './outcome.ts';

/** Carries a step of the plan out and writes how it ended. @throws what ended the hold */
export async function runStep(x: Execution, index: number): Promise<void> {
  const work = workOf(x, index);
  const outcome = await carryOut(x, work);
  await x.journal.write(index, endOf(x, outcome), `${work.says}: ${outcome.text}`, outcome.audit);
}

function workOf(x: Execution, index: number): Work {
  const { plan, records } = x.record;
  const [step, record] = [plan.steps[index], records[index]];
  if (step === undefined || record === undefined) throw new RangeError(`plan ${plan.id} has no step ${index}`);
  const { method, path, params, says } = step;
  return {
    index,
    says,
    call: { method, path, params },
    record,
    permit: () => x.permits.step(index),
    patienceMs: record.after.length === 0 ? 0 : settleMs(x, record.after),
    heeds: x.cancel,
  };
}

/** How long it may take until what some steps did is to be seen. */
export function settleMs(x: Execution, steps: readonly number[]): number {
  const { settleMs: usual, haSettleMs } = x.limits;
  return Math.max(
    ...steps.map((index) => {
      const planned = (x.record.records[index]?.settle_seconds ?? 0) * 1_000;
      const isByHa = parseUpid(x.journal.step(index).upid ?? '')?.type.startsWith('ha') === true;
      return Math.max(planned, isByHa ? haSettleMs : usual);
    }),
  );
}

type Ending = Partial<JobStep> & { ended_at?: string };

function endOf(x: Execution, { kind, text, warnings }: Outcome): Ending {
  const ended = { ended_at: x.journal.at(), result: text };
  switch (kind) {
    case 'done':
      return { ...ended, state: 'done', progress: 1, ...(warnings === undefined ? {} : { warnings }) };
    case 'failed':
    case 'stopped':
      return { ...ended, state: 'failed' };
    case 'unknown':
      return { ...ended, state: 'unknown' };
    case 'drifted':
      return { ...ended, state: 'skipped' };
    // Without an end, since it had no beginning: so it differs from a step that met with another state than planned.
    case 'not_begun':
      return { state: 'skipped', result: text };
  }
}

/** A step that was not made because something was no longer as planned. */
export const isDrifted = ({ state, ended_at: endedAt }: JobStep): boolean =>
  state === 'skipped' && endedAt !== undefined;
