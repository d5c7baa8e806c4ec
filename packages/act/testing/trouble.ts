import type { Job, PlanRecord } from '@pxa/contract';
import type { Fault } from '@pxa/sandbox';
import { expect } from 'vitest';
import { type Lab, openLab } from './lab.ts';
import { NODE1, NODE2, configure, planOf, start } from './plans.ts';

export const AGENT = `${NODE2}/qemu/104`;
export const MONITOR = `${NODE1}/qemu/105`;
const START = `/nodes/${AGENT}/status/start`;
const CONFIG = `/nodes/${AGENT}/config`;

/** Something goes wrong, or somebody else is at work; and how the job ends. */
export interface Case {
  readonly name: string;
  readonly plan: () => PlanRecord;
  readonly faults?: readonly Fault[];
  /** What others do, before the job is carried out or while it is. */
  readonly others?: (lab: Lab) => void;
  /** How far our clock is ahead of the cluster's. */
  readonly skewMs?: number;
  readonly state: Job['state'];
  readonly steps: readonly string[];
  readonly says?: RegExp;
  /** How many writes Proxmox took, or may have taken. */
  readonly writes: number;
}

/** Changes a guest's configuration past everybody, as another administrator would. */
export function change(vmid: number, changes: Record<string, string | number | undefined>): (lab: Lab) => void {
  return ({ sandbox }) => {
    const guest = sandbox.state.guests.get(vmid);
    if (guest === undefined) throw new Error(`there is no guest ${vmid}`);
    const entries = Object.entries({ ...guest.config, ...changes });
    guest.config = Object.fromEntries(
      entries.filter((entry): entry is [string, string | number] => entry[1] !== undefined),
    );
  };
}

export const turnOn =
  (vmid: number) =>
  (at: Lab): void => {
    const guest = at.sandbox.state.guests.get(vmid);
    if (guest !== undefined) guest.status = 'running';
  };

export const later =
  (ms: number, work: (lab: Lab) => void) =>
  (at: Lab): void =>
    at.after(ms, async () => work(at));
export const both =
  (...works: ((lab: Lab) => void)[]) =>
  (at: Lab): void =>
    works.forEach((work) => work(at));

export const onStart = (fault: object): Fault => ({ method: 'POST', path: START, ...fault }) as Fault;
export const onConfig = (fault: object): Fault => ({ method: 'PUT', path: CONFIG, ...fault }) as Fault;
export const cores = (digest?: string) =>
  configure(AGENT, 'cores', { from: 4, to: 2, ...(digest === undefined ? {} : { digest }) });
export const starting = (): PlanRecord => planOf([start(AGENT)]);

/** Carries the job of a case out and holds its end, and how many writes it took, against the case. */
export async function check({
  plan,
  faults = [],
  others,
  state,
  steps,
  says = /./,
  writes,
  skewMs = 0,
}: Case): Promise<void> {
  const lab = await openLab({ skewMs });
  try {
    const jobId = await lab.approved(plan());
    for (const fault of faults) lab.sandbox.faults.add(fault);
    others?.(lab);
    const job = (await lab.run(jobId)) as Job; // the processes of these cases do not die
    const { result } = job;
    const found = { state: job.state, steps: job.steps.map((step) => step.state), writes: lab.writes.length, result };
    expect(found).toEqual({ state, steps, writes, result });
    expect(result).toMatch(says);
    if (state === 'done') expect(job.proof).toMatchObject({ outcome: 'verified', differs: [] });
  } finally {
    await lab.close();
  }
}
