import type { Job } from '@pxa/contract';
import { ClaimLost, type Store } from '@pxa/store';
import { afterEach, describe, expect, test } from 'vitest';
import { cancelJob } from './begin.ts';
import { RunInterrupted } from './hold.ts';
import { runJob } from './run.ts';
import { resumeDue } from './takeover.ts';
import { type Lab, openLab, withMethod } from './testing/lab.ts';
import {
  CLUSTER,
  NOW_MS,
  NODE1,
  NODE2,
  clone,
  configure,
  listed,
  person,
  planOf,
  snapshot,
  start,
  stop,
} from './testing/plans.ts';

let lab: Lab;
afterEach(() => lab.close());

const AGENT = `${NODE2}/qemu/104`;
const MONITOR = `${NODE1}/qemu/105`;

const statesOf = (job: Job): string[] => job.steps.map(({ state }) => state);
const cancelBy = (at: Lab, jobId: string): Promise<boolean> =>
  cancelJob({ store: at.store, now: () => at.sandbox.clock.now() }, jobId, person('ben'));

describe('cancelled by a person', () => {
  test('before it begins: nothing is sent', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([start(AGENT)]));
    expect(await cancelBy(lab, jobId)).toBe(true);
    const job = (await lab.run(jobId)) as Job;
    expect([job.state, statesOf(job), lab.writes]).toEqual(['cancelled', ['skipped'], []]);
    expect(job.result).toMatch(/^Cancelled: 0 of 1 step done\.\nNot begun: /);
  });

  test('while a task runs: it is stopped, nothing more is begun, and what was done is told', async () => {
    lab = await openLab();
    const jobId = await lab.approved(
      planOf([stop(MONITOR), { ...clone(AGENT, 300), after: [0] }, { ...start(AGENT), after: [1] }]),
    );
    lab.after(30_000, () => cancelBy(lab, jobId));
    const job = (await lab.run(jobId)) as Job;
    expect([job.state, statesOf(job)]).toEqual(['cancelled', ['done', 'failed', 'skipped']]);
    const stopped = `DELETE /nodes/${NODE2}/tasks/${job.steps[1]?.upid}`;
    expect(lab.writes.at(-1)).toBe(stopped);
    expect(lab.sandbox.state.guests.has(300)).toBe(false);
    expect(job.result).toMatch(/Its task was stopped, as was asked: clone failed: interrupted by signal/);
    expect(job.result).toMatch(/Done, and left so: POST .*105\/status\/stop/);
    const calls = (await lab.store.auditLog(0, 100)).filter(({ kind }) => kind === 'call.sent');
    expect(calls.at(-1)?.data).toMatchObject({ method: 'DELETE', result: 'Proxmox was told to stop it' });
    expect(await cancelBy(lab, jobId)).toBe(false);
  });

  test('while its run is dead: the next one stops the task', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([clone(AGENT, 300)]));
    const process = lab.process({ at: 20, when: 'before' });
    expect(await lab.run(jobId, { process })).toBe('died');
    await cancelBy(lab, jobId);
    const job = await lab.resume(jobId);
    expect([job.state, statesOf(job), lab.writes.length]).toEqual(['cancelled', ['failed'], 2]);
    expect(lab.sandbox.state.guests.has(300)).toBe(false);
  });

  test('while it waits for a lock: nothing is sent', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([configure(AGENT, 'cores', { from: 4, to: 2 })]));
    lab.sandbox.faults.add({ fault: 'error', status: 500, message: 'VM is locked (backup)', method: 'PUT' });
    lab.after(30_000, () => cancelBy(lab, jobId));
    const job = (await lab.run(jobId)) as Job;
    expect([job.state, statesOf(job), lab.writes]).toEqual(['cancelled', ['skipped'], []]);
    expect(Date.parse(job.ended_at ?? '') - NOW_MS).toBeLessThan(40_000);
  });

  test('a task that may not be stopped goes on to its end', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([clone(AGENT, 300), { ...start(AGENT), after: [0] }]));
    lab.sandbox.faults.add({ fault: 'error', status: 403, message: 'no', method: 'DELETE' });
    lab.after(30_000, () => cancelBy(lab, jobId));
    const job = (await lab.run(jobId)) as Job;
    expect([job.state, statesOf(job)]).toEqual(['cancelled', ['done', 'skipped']]);
    const events = await lab.store.events(jobId, 0, 1_000);
    expect(events.some(({ text }) => text.startsWith('It could not be stopped'))).toBe(true);
  });
});

describe('a failure', () => {
  const failing = { ...clone(AGENT, 105), relies_on: [listed(104, 'vmid', 104)], expects: [], after: [0] };

  test('takes back what was done, the last step first, each by its own permit', async () => {
    lab = await openLab();
    const plan = planOf([
      snapshot(AGENT, 'first'),
      { ...snapshot(MONITOR, 'second'), after: [0] },
      { ...failing, after: [1] },
    ]);
    const job = (await lab.run(await lab.approved(plan))) as Job;
    expect([job.state, statesOf(job)]).toEqual(['failed', ['undone', 'undone', 'failed']]);
    expect(lab.writes.slice(2)).toEqual([
      `DELETE /nodes/${MONITOR}/snapshot/second`,
      `DELETE /nodes/${AGENT}/snapshot/first`,
    ]);
  });

  test('leaves what somebody has changed since, and says so', async () => {
    lab = await openLab();
    const jobId = await lab.approved(
      planOf([
        { ...start(AGENT), undo: [`POST /nodes/${AGENT}/status/stop`] },
        { ...failing, limit_seconds: 60 },
      ]),
    );
    // A lock keeps the second step waiting, and meanwhile somebody turns the guest off.
    lab.sandbox.faults.add({
      fault: 'error',
      status: 500,
      message: 'VM is locked (clone)',
      path: `/nodes/${AGENT}/clone`,
    });
    lab.after(30_000, () => Promise.resolve(turnOff(lab)));
    const job = (await lab.run(jobId)) as Job;
    expect([job.state, statesOf(job)]).toEqual(['failed', ['done', 'failed']]);
    expect(job.result).toMatch(
      /Left as it is: .*could not be taken back .*status of .*104 is stopped, and was running/,
    );
  });

  test('takes nothing back while the fate of a step is unknown', async () => {
    lab = await openLab();
    const plan = planOf([snapshot(MONITOR, 'first'), { ...start(AGENT), after: [0] }, { ...failing, after: [0] }]);
    const jobId = await lab.approved(plan);
    lab.sandbox.faults.add({ fault: 'drop', path: `/nodes/${AGENT}/status/start`, times: 2 });
    const job = (await lab.run(jobId)) as Job;
    expect([job.state, statesOf(job)]).toEqual(['failed', ['done', 'unknown', 'failed']]);
  });

  test('of one of many takes back only what that one came after', async () => {
    lab = await openLab();
    const plan = planOf([snapshot(AGENT, 'first'), { ...failing, after: [0] }, snapshot(MONITOR, 'other')], {
      on_failure: 'go_on',
    });
    const job = (await lab.run(await lab.approved(plan))) as Job;
    expect([job.state, statesOf(job)]).toEqual(['failed', ['undone', 'failed', 'done']]);
    expect(job.proof?.outcome).toBe('verified');
  });
});

function turnOff(at: Lab): void {
  const guest = at.sandbox.state.guests.get(104);
  if (guest !== undefined) guest.status = 'stopped';
}

describe('who may carry a job out', () => {
  test('one of several at the same time', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([start(AGENT)]));
    const ends = await lab.sim.until(Promise.allSettled([1, 2, 3].map(() => runJob(lab.deps(lab.process()), jobId))));
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect([(await lab.store.job(jobId))?.state, lab.writes.length]).toEqual(['done', 1]);
  });

  test('nobody else, for as long as it takes', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([clone(AGENT, 300)]));
    const due: string[][] = [];
    const look = async (): Promise<void> => {
      due.push(await lab.store.due({ cluster: CLUSTER, now: lab.sandbox.clock.now(), limit: 10 }));
    };
    for (const ms of [30_000, 90_000, 150_000, 300_000]) lab.after(ms, look);
    expect(await lab.run(jobId)).toMatchObject({ state: 'done' });
    expect(due).toEqual([[], [], [], []]);
  });

  test('all that are due, one after the other', async () => {
    lab = await openLab();
    const plans = [planOf([start(AGENT)]), planOf([stop(MONITOR)], { id: 'plan_2' })];
    for (const plan of plans) await lab.approved(plan);
    const jobs = await lab.sim.until(resumeDue(lab.deps(lab.process())));
    expect(jobs.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await lab.sim.until(resumeDue(lab.deps(lab.process())))).toEqual([]);
  });

  test('nobody any more, once it is told to end; another goes on at once', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([clone(AGENT, 300)]));
    const ends = new AbortController();
    lab.after(10_000, () => Promise.resolve(ends.abort()));
    await expect(lab.run(jobId, { hooks: { signal: ends.signal } })).rejects.toThrow(RunInterrupted);
    const [job] = await lab.sim.until(resumeDue(lab.deps(lab.process())));
    expect([job?.state, lab.writes.length]).toEqual(['done', 1]);
    const kinds = (await lab.store.events(jobId, 0, 100)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'taken_over')).toHaveLength(1);
  });

  test('nobody whose hold ran out between the last word of the store and the request', async () => {
    const slow = (store: Store): Store =>
      withMethod(store, 'step', async (...args) => {
        await store.step(...args);
        await lab.sandbox.clock.advance(120_000);
      });
    lab = await openLab({ tamper: slow });
    const jobId = await lab.approved(planOf([start(AGENT)]));
    await expect(lab.run(jobId)).rejects.toThrow(ClaimLost);
    expect(lab.writes).toEqual([]);
  });

  test('not of another cluster', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([start(AGENT)]));
    await expect(runJob({ ...lab.deps(lab.process()), clusterId: 'other' }, jobId)).rejects.toThrow(CLUSTER);
  });
});
