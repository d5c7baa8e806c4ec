import type { Fact, Job, JobStep, PlanRecord } from '@pxa/contract';
import { checkFacts, differsInWords, unreadableInWords } from '../../packages/act/facts.ts';
import { callText } from './cluster.ts';
import { vmidsOf } from './plan-about.ts';
import type { Simulation } from './simulation.ts';
import type { Writes } from './writes.ts';

/** Whether what a job says of its steps is so, as the cluster's own tasks and the writes that reached it tell. */
export function* stateViolations(simulation: Simulation, writes: Writes, job: Job): Generator<string> {
  const record = simulation.plans.get(job.id);
  if (record === undefined) return;
  if (job.ended_at === undefined || job.result === undefined) yield `job ${job.id} has no end`;
  if ((job.state === 'done') !== job.steps.every(({ state }) => state === 'done')) {
    yield `job ${job.id} is ${job.state}, with its steps ${job.steps.map(({ state }) => state).join(', ')}`;
  }
  const isTouched = touchedSince(simulation, record, job);
  for (const step of job.steps) {
    const says = stepViolation(simulation, writes, { record, step, isTouched });
    if (says !== undefined)
      yield `job ${job.id} (${record.plan.says}) step ${step.index}: ${says} (${step.result ?? ''})`;
  }
}

interface Told {
  readonly record: PlanRecord;
  readonly step: JobStep;
  readonly isTouched: boolean;
}

function stepViolation(simulation: Simulation, writes: Writes, { record, step, isTouched }: Told): string | undefined {
  const call = record.plan.steps[step.index];
  if (call === undefined) return 'the plan has no such step';
  const text = callText(call);
  if (writes.isShared(text)) return undefined;
  const done = writes.of(text);
  const ends = done.map(({ upid }) => (upid === undefined ? 'OK' : endOf(simulation, upid)));
  switch (step.state) {
    case 'done':
      if (done.length === 0 && !isTouched) return 'it is said to be done, and never arrived';
      return ends.some((end) => !isGood(end)) && !isTouched
        ? `it is said to be done, and its task says ${ends.join(', ')}`
        : undefined;
    case 'skipped':
      return done.length > 0 && step.sent === undefined ? 'it is said not to have been begun, and was done' : undefined;
    case 'failed':
      return ends.some((end) => end === 'OK') ? 'it is said to have failed, and its task ended well' : undefined;
    case 'undone':
      return undone(writes, record, step);
    case 'unknown':
      return undefined;
    default:
      return `it is ${step.state} when the job has ended`;
  }
}

function undone(writes: Writes, record: PlanRecord, { index }: JobStep): string | undefined {
  const calls = record.records[index]?.undo.map(callText) ?? [];
  const missing = calls.find((call) => writes.of(call).length === 0 && !writes.isShared(call));
  return missing === undefined ? undefined : `it is said to be taken back, and ${missing} was never done`;
}

function endOf({ cluster }: Simulation, upid: string): string {
  return cluster.twin.tasks.find(upid)?.status ?? 'it runs';
}

const isGood = (end: string): boolean => end === 'OK' || end.startsWith('WARNINGS');

/** Whether anybody else has had a hand in what a job is about: then what it says cannot be held against the cluster. */
function touchedSince(simulation: Simulation, record: PlanRecord, job: Job): boolean {
  const { others, plans, scenario } = simulation;
  if (others.hasLostNodes || scenario.troubles.has('clock')) return true;
  const about = vmidsOf(record);
  const since = Date.parse(job.created_at) - 10_000;
  const byOthers = [...others.touched].some(([vmid, atMs]) => about.has(vmid) && atMs >= since);
  const byOtherJobs = [...plans].some(([id, other]) => id !== job.id && !vmidsOf(other).isDisjointFrom(about));
  return byOthers || byOtherJobs;
}

/** What a job that calls itself verified expects, read by somebody else in the very moment in which it ends. */
export async function proofViolations(simulation: Simulation, job: Job, record: PlanRecord): Promise<string[]> {
  if (job.proof?.outcome !== 'verified' || touchedSince(simulation, record, job)) return [];
  const facts = lastFacts(record, job);
  const found = await checkFacts(simulation.reader(), facts);
  if (found.holds === true) return [];
  const what = found.holds === false ? found.differs.map(differsInWords) : found.unknown.map(unreadableInWords);
  return [`job ${job.id} (${record.plan.says}) calls itself verified, and ${what.join('; ')}`];
}

/** What is expected of the last step of each piece: what an earlier one made so, a later one may have changed. */
function lastFacts({ records }: PlanRecord, job: Job): Fact[] {
  const followed = new Set(records.flatMap(({ after }) => after));
  return job.steps
    .filter(({ index, state }) => state === 'done' && !followed.has(index))
    .flatMap(({ index }) => records[index]?.expects ?? []);
}
