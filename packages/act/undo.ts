import type { Fact, Step } from '@pxa/contract';
import { carryOut } from './carry-out.ts';
import type { Execution, Work } from './execution.ts';
import { settleMs } from './step.ts';
import { tasksOf } from './undo-tasks.ts';

/**
 * Takes back what was done, by the calls that the plan declared and showed, the last step first. One that cannot be taken
 * back ends it: what came before it is left as it is, since it may rest on it.
 *
 * @throws what ended the hold
 */
export async function takeBack(x: Execution): Promise<void> {
  for (const index of toTakeBack(x)) {
    const calls = x.record.records[index]?.undo ?? [];
    const { undoing: from = 0 } = x.journal.step(index);
    for (let nth = from; nth < calls.length; nth++) {
      if (!(await takeBackBy(x, index, nth))) return;
    }
  }
}

/** One call of a step's undo; false where it did not come to a good end. */
async function takeBackBy(x: Execution, index: number, nth: number): Promise<boolean> {
  const work = workOf(x, index, nth);
  const outcome = await carryOut(x, work);
  const isLast = nth + 1 === (x.record.records[index]?.undo.length ?? 0);
  const text = `${work.says}: ${outcome.text}`;
  const ended = { ended_at: x.journal.at() };
  if (outcome.kind !== 'done') {
    const result = `Done, and could not be taken back (${work.says}): ${outcome.text}`;
    await x.journal.write(index, { ...ended, state: 'done', undoing: nth, result }, text, outcome.audit);
    return false;
  }
  if (isLast)
    await x.journal.write(
      index,
      { ...ended, state: 'undone', result: `Taken back: ${work.says}.` },
      text,
      outcome.audit,
    );
  else
    await x.journal.write(index, { state: 'pending', undoing: nth + 1, sent: 0, upid: undefined }, text, outcome.audit);
  return true;
}

/** Steps to be taken back, the last first: one whose taking back was begun by an earlier run is gone on with. */
function toTakeBack(x: Execution): number[] {
  const { steps } = x.journal;
  if (steps.some(({ state, undoing }) => state === 'done' && undoing !== undefined)) return [];
  const isBegun = steps.some(({ state, undoing }) => undoing !== undefined && state !== 'undone');
  const reached = isBegun || !x.cancel.isAsked ? reachedByFailures(x) : new Set<number>();
  return steps
    .filter(
      ({ index, state, undoing }) =>
        reached.has(index) && (state === 'done' || undoing !== undefined) && state !== 'undone',
    )
    .filter(({ index }) => (x.record.records[index]?.undo.length ?? 0) > 0)
    .map(({ index }) => index)
    .toReversed();
}

/**
 * The steps that a failure takes back: all, where the plan stops at a failure; else those that the failed one came after.
 * None while the fate of one is unknown, which may rest on them.
 */
function reachedByFailures({ record, journal }: Execution): Set<number> {
  const failed = journal.steps.filter(({ state }) => state === 'failed').map(({ index }) => index);
  if (failed.length === 0) return new Set();
  if (record.on_failure === 'stop') {
    const isUnclear = journal.steps.some(({ state }) => state === 'unknown');
    return new Set(isUnclear ? [] : journal.steps.map(({ index }) => index));
  }
  const reached = new Set<number>();
  const visit = (index: number): void => {
    for (const before of record.records[index]?.after ?? []) {
      if (!reached.has(before)) visit(before);
      reached.add(before);
    }
  };
  failed.forEach(visit);
  return reached;
}

/** What the step made so is what taking it back relies on, and what was so before is what is expected of it. */
function workOf(x: Execution, index: number, nth: number): Work {
  const record = x.record.records[index];
  const call: Step | undefined = record?.undo[nth];
  if (record === undefined || call === undefined) throw new RangeError(`step ${index} has no undo ${nth}`);
  const { method, path, params, says } = call;
  const isFirst = nth === 0;
  const isLast = nth + 1 === record.undo.length;
  return {
    index,
    undoing: nth,
    says,
    call: { method, path, params },
    record: {
      node: record.node,
      relies_on: isFirst ? record.expects : [],
      expects: isLast ? record.relies_on.filter(isLasting) : [],
      tasks: tasksOf(call),
      limit_seconds: record.limit_seconds,
    },
    permit: () => x.permits.undo(index, nth),
    patienceMs: settleMs(x, [index]),
  };
}

/** A configuration that was changed and changed back has another digest. */
const isLasting = ({ at }: Fact): boolean => at.at(-1) !== 'digest';
