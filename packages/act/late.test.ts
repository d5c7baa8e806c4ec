import type { Job, PlanRecord } from '@pxa/contract';
import type { Fault } from '@pxa/sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Lab, openLab } from './testing/lab.ts';
import { NODE2, clone, planOf, reboot, statusIs } from './testing/plans.ts';
import { runJob } from './run.ts';
import type { Death, Process } from './testing/sim.ts';
import { MONITOR, onStart, starting } from './testing/trouble.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

/** A process that carries a plan out, and dies or is stopped at its first write; the job is job_1. */
async function endedAtItsWrite(plan: () => PlanRecord, when: Death['when'], fault?: Fault): Promise<Process> {
  for (let at = 1; at < 50; at++) {
    const process = lab.process({ at, when });
    const jobId = await lab.approved(plan());
    if (fault !== undefined) lab.sandbox.faults.add(fault);
    await lab.run(jobId, { process });
    if (process.lastStep.startsWith('POST ')) return process;
    await lab.close();
    lab = await openLab();
  }
  throw new Error('it writes nothing');
}

test('a request that left long after it was written down, and arrives late, is waited for', async () => {
  const process = await endedAtItsWrite(starting, 'stopped', onStart({ fault: 'drop', times: 1 }));
  const run = async (task: { wait(ms: number): Promise<void> }): Promise<void> => task.wait(1_000);
  const task = { type: 'qmstart', id: '104', node: NODE2, user: lab.sandbox.tokenId, run };
  lab.after(45_000 + 70_000, async () => void lab.sandbox.tasks.start(task));
  await lab.pass(45_000);
  await lab.goOn(process);
  const job = await lab.resume('job_1');
  expect(lab.writes).toEqual([`POST /nodes/${NODE2}/qemu/104/status/start`]);
  expect(job.steps[0]?.upid).toContain(':qmstart:104:');
});

test('while the token is not accepted, a task is not judged by what it has changed so far', async () => {
  const jobId = await lab.approved(planOf([clone(`${NODE2}/qemu/104`, 300)]));
  const spell = { after_s: 60, for_s: 100 };
  lab.sandbox.faults.add({ fault: 'error', status: 401, method: 'GET', path: '/nodes/*/tasks/**', ...spell });
  const job = (await lab.run(jobId)) as Job; // its process does not die
  expect(job).toMatchObject({ state: 'done', steps: [{ state: 'done', result: 'Done: its task ended OK.' }] });
});

test('what is so before as after is not taken for done because it is so', async () => {
  const running = statusIs(MONITOR, 'running');
  const restart = { ...reboot(MONITOR), relies_on: [], expects: [running] };
  const jobId = await lab.approved(planOf([restart]));
  lab.sandbox.faults.add({ fault: 'drop', method: 'POST', path: `/nodes/${MONITOR}/status/reboot`, times: 1 });
  const job = (await lab.run(jobId)) as Job; // its process does not die
  expect(job).toMatchObject({ state: 'failed', steps: [{ state: 'unknown', sent: 1 }] });
});

test('a task is not overlooked because our clock was set back since', async () => {
  await endedAtItsWrite(() => planOf([reboot(MONITOR)]), 'after');
  await lab.pass(400_000);
  const now = (): number => lab.sandbox.clock.now() - 300_000;
  const job = await lab.sim.until(runJob({ ...lab.deps(lab.process()), now }, 'job_1'));
  expect(job).toMatchObject({ state: 'failed', steps: [{ state: 'unknown', sent: 1 }] });
  expect(job.result).toContain('by the clocks, its task began before it was asked for: UPID:');
});
