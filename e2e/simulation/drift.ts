import type { PlanRecord, StepRecord } from '@pxa/contract';
import { type SimulatedCluster, callText } from './cluster.ts';
import type { Others } from './others.ts';
import { vmidsOf } from './plan-about.ts';
import type { Scenario } from './scenario.ts';

/** From the last look at what a call relies on to its arrival: the look itself, writing it down, and the way. */
const ON_ITS_WAY_MS = 5_000;

interface Circumstances {
  readonly scenario: Scenario;
  readonly cluster: SimulatedCluster;
  readonly others: Others;
  readonly plans: ReadonlyMap<string, PlanRecord>;
}

/**
 * The step that a call is of, where what it relies on must hold as it arrives: the first of its piece, about guests that
 * nobody is at work on. Undefined where a change may have overtaken it on its way.
 */
export function driftOf({ scenario, cluster, others, plans }: Circumstances, call: string): StepRecord | undefined {
  const { troubles } = scenario;
  if (troubles.has('late') || troubles.has('alike') || troubles.has('stops') || others.hasLostNodes) return undefined;
  const found = [...plans.values()].flatMap((record) =>
    record.plan.steps.flatMap((step, index) =>
      callText(step) === call ? [{ record, step: record.records[index] }] : [],
    ),
  );
  const [only] = found;
  if (found.length !== 1 || only?.step === undefined || only.step.after.length > 0) return undefined;
  const about = vmidsOf(only.record);
  const isOthersWork = [...plans.values()].some(
    (record) => record !== only.record && !vmidsOf(record).isDisjointFrom(about),
  );
  const isJustChanged = [...about].some(
    (vmid) => (others.changed.get(vmid) ?? -Infinity) > cluster.clock.now() - ON_ITS_WAY_MS || others.locked.has(vmid),
  );
  return isOthersWork || isJustChanged ? undefined : only.step;
}
