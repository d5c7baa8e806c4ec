import type { Job, JobStep, PlanRecord } from '@pxa/contract';
import type { Fault } from '@pxa/sandbox';
import type { Store } from '@pxa/store';
import { expect } from 'vitest';
import { cancelJob } from '../begin.ts';
import { type Lab, openLab, withMethod } from './lab.ts';
import { person } from './plans.ts';

/** What was kept of a job's steps, in order: where the step stands, how often it was sent, and what was said. */
export interface Case {
  readonly name: string;
  readonly plan: () => PlanRecord;
  readonly faults?: readonly Fault[];
  readonly others?: (lab: Lab) => void;
  /** What others do right when a call is about to be made for the n-th time. */
  readonly onIntent?: (lab: Lab, nth: number) => void;
  readonly cancelledMs?: number;
  readonly kept: readonly string[];
  /** What the audit log has of each call. */
  readonly calls?: readonly string[];
  readonly secrets?: readonly string[];
  readonly state?: Job['state'];
}

/** Without what differs from run to run, and what each line would say again. */
const short = (text: string): string =>
  text
    .replace(/UPID:\S+/g, 'UPID')
    .replace(/127\.0\.0\.1:\d+/g, 'HERE')
    .replace(/\/nodes\/pve-node02\/(?:qemu|lxc)\/\d+/g, '…')
    .replace(/ Ask again; if it stays so, .*/, '');

const said = ({ state, sent = 0, undoing }: JobStep, text: string): string =>
  `${state} ${sent}${undoing === undefined ? '' : ' undoing'}: ${short(text)}`;

/** Carries the job of a case out, and holds what was kept on the way against the case. */
export async function check({
  plan,
  faults = [],
  others,
  onIntent,
  cancelledMs,
  kept,
  calls,
  secrets = [],
  state = 'done',
}: Case): Promise<void> {
  const [written, revealed]: [string[], string[]] = [[], []];
  let intents = 0;
  const tamper = (store: Store): Store =>
    withMethod(store, 'step', async (claim, step, events, audit) => {
      await store.step(claim, step, events, audit);
      for (const { kind, text } of events) if (kind === 'step') written.push(said(step, text));
      if (step.state === 'intended' && /asked of Proxmox/.test(events[0]?.text ?? '')) onIntent?.(lab, (intents += 1));
    });
  const lab = await openLab({ tamper });
  try {
    const jobId = await lab.approved(plan());
    for (const fault of faults) lab.sandbox.faults.add(fault);
    others?.(lab);
    const deps = { store: lab.store, now: () => lab.sandbox.clock.now() };
    if (cancelledMs !== undefined) lab.after(cancelledMs, () => cancelJob(deps, jobId, person('ben')));
    const onSecret = (secret: { about: string; value: string }): void =>
      void revealed.push(`${secret.about} ${secret.value}`);
    const job = (await lab.run(jobId, { hooks: { onSecret } })) as Job; // the processes of these cases do not die
    expect(written).toEqual(kept);
    expect(job.state).toBe(state);
    expect(revealed.map((each) => each.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'UUID'))).toEqual(
      secrets,
    );
    const log = await lab.store.auditLog(0, 100);
    const results = log.filter(({ kind }) => kind === 'call.sent').map(({ data }) => short(String(data['result'])));
    if (calls !== undefined) expect(results).toEqual(calls);
    const everything = JSON.stringify([log, await lab.store.events(jobId, 0, 1_000), job]);
    for (const secret of revealed) expect(everything).not.toContain(secret.split(' ').at(-1));
  } finally {
    await lab.close();
  }
}
