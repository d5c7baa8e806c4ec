import type { Job, PlanRecord } from '@pxa/contract';
import { type Store, StoreFailed } from '@pxa/store';
import { afterEach, describe, expect, test } from 'vitest';
import { cancelJob } from './begin.ts';
import { RunInterrupted } from './hold.ts';
import { runJob } from './run.ts';
import { resumeDue } from './takeover.ts';
import { type Lab, openLab } from './testing/lab.ts';
import {
  CLUSTER,
  NODE1,
  NODE2,
  clone,
  configure,
  listed,
  person,
  planOf,
  snapshot,
  start,
  statusIs,
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

  test('not of another cluster', async () => {
    lab = await openLab();
    const jobId = await lab.approved(planOf([start(AGENT)]));
    await expect(runJob({ ...lab.deps(lab.process()), clusterId: 'other' }, jobId)).rejects.toThrow(CLUSTER);
  });
});

describe('a store that fails', () => {
  /** Fails whatever is written of steps from the n-th time on. */
  const failing = (from: number): ((store: Store) => Store) => {
    let times = 0;
    return (store) =>
      new Proxy(store, {
        get(target, name) {
          if (name === 'step' && ++times >= from) return () => Promise.reject(new StoreFailed('The disk is full.'));
          const method: unknown = Reflect.get(target, name);
          return typeof method === 'function' ? method.bind(target) : method;
        },
      });
  };

  test.each([1, 2, 3])('from its write %i on: nothing more is sent, and the job is taken up again', async (from) => {
    const tamper = failing(from);
    let isBroken = true;
    lab = await openLab({ tamper: (store) => (isBroken ? tamper(store) : store) });
    const jobId = await lab.approved(planOf([start(AGENT), { ...stop(MONITOR), after: [0] }]));
    await expect(lab.run(jobId)).rejects.toThrow(StoreFailed);
    expect(lab.writes.length).toBe(from === 1 ? 0 : 1);
    isBroken = false;
    const job = await lab.resume(jobId);
    expect([job.state, lab.writes.length]).toEqual(['done', 2]);
  });

  test.each<[string, (record: PlanRecord) => PlanRecord]>([
    ['another call', (record) => ({ ...record, plan: { ...record.plan, steps: planOf([stop(MONITOR)]).plan.steps } })],
    [
      'other parameters',
      (record) => ({
        ...record,
        plan: { ...record.plan, steps: record.plan.steps.map((step) => ({ ...step, params: { skiplock: 1 } })) },
      }),
    ],
    [
      'another undo',
      (record) => ({ ...record, records: record.records.map((each) => ({ ...each, undo: record.plan.steps })) }),
    ],
    [
      'other conditions',
      (record) => ({
        ...record,
        records: record.records.map((each) => ({ ...each, relies_on: [statusIs(AGENT, 'running')] })),
      }),
    ],
    ['another cluster', (record) => ({ ...record, cluster: 'other' })],
  ])('to keep the plan as it was, and gives %s: nothing is sent', async (_name, edit) => {
    const edited = (store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          if (name === 'plan') {
            return async (id: string) => {
              const record = await target.plan(id);
              return record === undefined ? undefined : edit(record);
            };
          }
          const method: unknown = Reflect.get(target, name);
          return typeof method === 'function' ? method.bind(target) : method;
        },
      });
    lab = await openLab({ tamper: edited });
    const job = (await lab.run(await lab.approved(planOf([start(AGENT)])))) as Job;
    expect([job.state, lab.writes]).toEqual(['failed', []]);
    expect(job.result).toMatch(/^Failed: nothing was sent\. Plan plan_1 is/);
  });
});

describe('many at once', () => {
  test('fifty guests, two at a time on each node; one that fails is told', async () => {
    lab = await openLab({ seed: 3, nodes: 3, guests: 90 });
    const { guests } = lab.sandbox.state;
    const vms = [...guests.values()]
      .filter(({ type, config }) => type === 'qemu' && config['template'] === undefined)
      .slice(0, 50);
    const plan = planOf(
      vms.map(({ vmid, node }, index) => {
        const at = `${node}/qemu/${vmid}`;
        // Proxmox keeps this name for itself.
        return index === 7 ? { ...snapshot(at, 'current'), relies_on: [], undo: [] } : snapshot(at, 'nightly');
      }),
      { on_failure: 'go_on' },
    );
    const known = new Set(lab.sandbox.tasks.all());
    const job = (await lab.run(await lab.approved(plan))) as Job;
    const begun = lab.sandbox.tasks.all().filter((task) => !known.has(task));
    const failed = job.steps.filter(({ state }) => state !== 'done').map(({ index, state }) => `${index} ${state}`);
    expect([job.state, failed, vms.length]).toEqual(['failed', ['7 failed'], 50]);
    expect(job.result).toMatch(/^Failed: \d+ of \d+ steps done\./);
    const overlapping = begun.map(
      (task) =>
        begun.filter(
          (other) =>
            other.node === task.node && other.starttime <= task.starttime && (other.endtime ?? 0) > task.starttime,
        ).length,
    );
    expect(Math.max(...overlapping)).toBeLessThanOrEqual(2);
  });

  test('progress is told while it goes on', async () => {
    lab = await openLab();
    const told: string[] = [];
    const jobId = await lab.approved(planOf([clone(AGENT, 300), configure(MONITOR, 'cores', { from: 2, to: 1 })]));
    const watched: number[] = [];
    lab.after(100_000, async () => watched.push((await lab.store.job(jobId))?.steps[0]?.progress ?? 0));
    await lab.run(jobId, { hooks: { onEvent: ({ kind, text }) => told.push(`${kind} ${text}`) } });
    expect(watched[0]).toBeGreaterThan(0.1);
    expect(watched[0]).toBeLessThan(0.9);
    const kept = (await lab.store.events(jobId, 0, 1_000)).map(({ kind, text }) => `${kind} ${text}`);
    expect(kept).toEqual([expect.stringContaining('queued'), ...told]);
    expect(told.filter((text) => /^log transferred .*%\)$/.test(text)).length).toBeGreaterThan(5);
  });
});
