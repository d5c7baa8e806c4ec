import { Job } from '@pxa/contract';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ran, runPxa } from '../in-process.ts';
import { type Somebody, Standing } from './standing.ts';

const NOW = Date.UTC(2026, 1, 23, 10);
const COPY = 'create a new Ubuntu 22.04 VM on pve-node02, 4 cores, 8GB RAM, 80GB disk';
let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(NOW, 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

async function jobOf(who: Somebody): Promise<Job> {
  const [job] = Job.array().parse(JSON.parse((await who.run(['jobs', '--json'])).stdout));
  if (job === undefined) throw new Error('no job');
  return job;
}

/** Approves, and stops as Ctrl-C does once the output shows something. */
async function leftAt(who: Somebody, plan: string, sees: RegExp, argv: string[] = []): Promise<Ran> {
  const seen = Promise.withResolvers<void>();
  const onOutput = (text: string): void => {
    if (sees.test(text)) seen.resolve();
  };
  return who.run(['approve', plan, ...argv], { stop: seen.promise, onOutput });
}

/**
 * A process that dies once it shows something: nothing that it waits for ever comes back to it, and its hold on the job
 * runs out by the clock.
 */
async function diesAt(who: Somebody, plan: string, sees: RegExp): Promise<void> {
  const dead = Promise.withResolvers<void>();
  let isDead = false;
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    isDead
      ? new Promise(() => undefined)
      : here.clock.sleep(ms, signal).then(() => (isDead ? new Promise(() => undefined) : undefined));
  const env = { HOME: who.home, USER: 'anna', ...here.env };
  const onOutput = (text: string): void => {
    if (!sees.test(text)) return;
    isDead = true;
    dead.resolve();
  };
  void runPxa(['approve', plan], { now: () => here.clock.now(), sleep, env, onOutput });
  await here.during(dead.promise);
}

describe('a job that was left', () => {
  test('Ctrl-C leaves it, says how to go on, and it is gone on with', async () => {
    const anna = here.person();
    const ran = await leftAt(anna, await anna.plan(COPY), /transferred/);
    expect(ran.code).toBe(130);
    expect(ran.stdout).toMatch(
      /Job (job_\w+) was left as it stands: what Proxmox has begun goes on.*\n +To go on with it: pxa job \1 --follow\n +To stop it: +pxa job \1 --cancel\n$/,
    );
    const { id } = await jobOf(anna);
    const listed = await anna.run(['jobs']);
    expect(listed.stdout).toMatch(
      /A job was left before its end:\n +job_\w+ .*0 of 3 steps done\)\nNothing goes on by itself/,
    );
    const followed = await anna.run(['job', id, '--follow']);
    expect(followed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Taken up again[^]*\[OK\] Done: 3 steps/),
    });
    expect((await anna.run(['jobs'])).stdout).not.toMatch(/left before/);
    expect((await anna.run(['job', id, '--follow'])).stdout).toMatch(/^Job job_\w+ — done/);
  });

  test('with --json the words go to standard error', async () => {
    const anna = here.person();
    const seen = Promise.withResolvers<void>();
    const plan = await anna.plan('shut down k8s-worker-01');
    const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
      seen.resolve();
      return here.clock.sleep(ms, signal);
    };
    expect(await anna.run(['approve', plan, '--json'], { stop: seen.promise, sleep })).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(/was left as it stands/),
    });
  });

  test('after a crash it is gone on with once its hold has run out, and watched until then', async () => {
    const anna = here.person();
    await diesAt(anna, await anna.plan(COPY), /transferred/);
    const { id, state } = await jobOf(anna);
    expect(state).toBe('running');
    expect((await anna.run(['jobs'])).stdout).toMatch(/1 job not ended that a process works on: pxa job ID --follow/);
    const followed = await anna.run(['job', id, '--follow']);
    expect(followed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Taken up again[^]*\[OK\] Done: 3 steps/),
    });
    const { stdout } = await anna.run(['get', '/cluster/tasks', '--json']);
    const { steps } = await jobOf(anna);
    expect(steps.map(({ sent }) => sent)).toEqual([1, 1, 1]);
    expect(stdout).toContain(steps[0]?.upid);
  });

  test('one that was left can be stopped', async () => {
    const anna = here.person();
    await leftAt(anna, await anna.plan(COPY), /A task began/);
    const { id } = await jobOf(anna);
    const ran = await anna.run(['job', id, '--cancel']);
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringMatching(/\[CANCELLED\]/) });
    const again = await anna.run(['job', id, '--cancel']);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/has ended already/) });
  });

  test('is not gone on with over another connection', async () => {
    const anna = here.person();
    await leftAt(anna, await anna.plan(COPY), /transferred/);
    const { id } = await jobOf(anna);
    const other = await startSandbox({ clock: new SandboxClock(NOW, 0) });
    try {
      const elsewhere = new Standing(other, here.clock).person(anna.home);
      expect(await elsewhere.run(['job', id, '--follow'])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/is for tli-prod-cluster at .*Choose its connection with --connection/s),
      });
    } finally {
      await other.close();
    }
    expect((await anna.run(['job', id, '--follow'])).code).toBe(0);
  });
});

describe('two processes on one store', () => {
  test('of two approvals one makes the job', async () => {
    const anna = here.person();
    const plan = await anna.plan('add the tag twice to 105');
    const both = await Promise.all([anna.run(['approve', plan]), anna.run(['approve', plan])]);
    expect(both.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(both.map(({ stdout }) => stdout).join('')).toMatch(/Not approved: .*already/);
    expect(Job.array().parse(JSON.parse((await anna.run(['jobs', '--json'])).stdout))).toHaveLength(1);
    expect((await anna.run(['audit', 'verify'])).code).toBe(0);
  });

  test('one carries a job out and the other watches it', async () => {
    const anna = here.person();
    const plan = await anna.plan(COPY);
    let watching: Promise<Ran> | undefined;
    const onOutput = (text: string): void => {
      const id = /^Job (job_\w+)[^]*A task began/.exec(text)?.[1];
      if (id !== undefined) watching ??= anna.run(['job', id, '--follow']);
    };
    expect((await anna.run(['approve', plan], { onOutput })).code).toBe(0);
    expect(await watching).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/transferred[^]*\[OK\] Done: 3 steps/),
    });
    const { stdout } = await anna.run(['audit', 'export']);
    expect(stdout.match(/"kind":"call.sent"/g)).toHaveLength(3);
  });
});
