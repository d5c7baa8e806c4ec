import { Answer, Approval, AuditRecord, Job } from '@pxa/contract';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Somebody, Standing } from './standing.ts';

const NOW = Date.UTC(2026, 1, 23, 10);
let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(NOW, 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

const lines = (text: string): string[] => text.trimEnd().split('\n');

async function statusOf(who: Somebody, vmid: number): Promise<string> {
  const { stdout } = await who.run(['get', `/nodes/pve-node01/qemu/${vmid}/status/current`, '--json']);
  return (JSON.parse(stdout) as { status: string }).status;
}

describe('from words to a proof and back', () => {
  test('ask, list, approve, look, take back, check the log', async () => {
    const anna = here.person();
    const plan = await anna.plan('shut down docker-host-01');
    expect((await anna.run(['approvals', '--state', 'pending'])).stdout).toMatch(
      new RegExp(`^${plan}  pending +Shut down VM 103 docker-host-01 +\\(anna, until 2026-02-23 10:1`),
    );
    const ran = await anna.run(['approve', plan]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(
      /^Job job_\w+: Shut down VM 103 docker-host-01\. Ctrl-C leaves it; pxa job job_\w+ --follow/,
    );
    expect(ran.stdout).toMatch(/A task began: qmshutdown 103 on pve-node01/);
    expect(ran.stdout).toMatch(
      /\n\[OK\] Done: 1 step\.\nVerified by a fresh read\.\nIt took \d+s\.\nTo take it back: pxa undo job_\w+\n$/,
    );
    expect(ran.stdout).not.toMatch(/UPID:|\u001b/);
    expect(await statusOf(anna, 103)).toBe('stopped');

    const [, job = ''] = /^Job (job_\w+)/.exec(ran.stdout) ?? [];
    expect((await anna.run(['jobs'])).stdout).toMatch(new RegExp(`^${job}  done +2026-02-23 10:0.*Shut down VM 103`));
    expect((await anna.run(['job', job])).stdout).toMatch(/— done: Shut down VM 103[^]*✓ 1\. Shut down[^]*\[OK\] Done/);
    const undo = await anna.run(['undo', job]);
    expect(undo).toMatchObject({ code: 0, stdout: expect.stringMatching(/1\. Start VM 103 docker-host-01/) });
    const [, back = ''] = /^Plan (plan_\w+)/.exec(undo.stdout) ?? [];
    expect((await anna.run(['approve', back])).code).toBe(0);
    expect(await statusOf(anna, 103)).toBe('running');

    expect(await anna.run(['audit', 'verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\[OK\] \d+ rec/),
    });
    const kinds = lines((await anna.run(['audit', 'export'])).stdout).map((line) =>
      AuditRecord.parse(JSON.parse(line)),
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(
      [1, 2].flatMap(() => ['plan.proposed', 'plan.approved', 'job.begun', 'call.sent', 'job.ended']),
    );
    expect(kinds.every(({ who, door }) => who === 'anna' && door === 'command_line')).toBe(true);
  });

  test('with --json everything is what the contract says', async () => {
    const anna = here.person();
    const answer = Answer.parse(JSON.parse((await anna.run(['ask', 'add the tag blue to 105', '--json'])).stdout));
    if (answer.kind !== 'plan') throw new Error(answer.text);
    const [waiting] = Approval.array().parse(JSON.parse((await anna.run(['approvals', '--json'])).stdout));
    expect(waiting).toMatchObject({ plan_id: answer.plan.id, plan_hash: answer.plan.hash, state: 'pending' });
    const approved = await anna.run(['approve', answer.plan.id, '--json']);
    expect(lines(approved.stdout)).toHaveLength(1);
    const job = Job.parse(JSON.parse(approved.stdout));
    expect(job).toMatchObject({ state: 'done', plan_id: answer.plan.id, proof: { outcome: 'verified' } });
    expect(Job.parse(JSON.parse((await anna.run(['job', job.id, '--json'])).stdout))).toEqual(job);
    expect(Job.array().parse(JSON.parse((await anna.run(['jobs', '--json'])).stdout))).toEqual([job]);
    expect(Answer.parse(JSON.parse((await anna.run(['undo', job.id, '--json'])).stdout)).kind).toBe('plan');
    expect(JSON.parse((await anna.run(['audit', 'verify', '--json'])).stdout)).toMatchObject({ ok: true });
    const cancelled = await anna.run(['cancel', await anna.plan('add the tag red to 105'), '--json']);
    expect(Approval.parse(JSON.parse(cancelled.stdout)).state).toBe('cancelled');
  });
});

describe('what cannot be taken back', () => {
  const typed: [name: string, argv: string[], code: number, says: RegExp][] = [
    ['nothing typed', [], 1, /Not approved: This cannot be taken back\. To approve it, type exactly: build-agent/],
    ['something else typed', ['--type', 'build-agent-01'], 1, /type exactly: build-agent\. What was typed is not that/],
    ['the id in place of the name', ['--type', '104'], 1, /type exactly: build-agent/],
    ['the name', ['--type', 'build-agent'], 0, /\[OK\] Done/],
  ];
  test('asks for the name', async () => {
    const anna = here.person();
    const plan = await anna.plan('delete build-agent');
    for (const [, argv, code, says] of typed) {
      expect(await anna.run(['approve', plan, ...argv])).toMatchObject({ code, stdout: expect.stringMatching(says) });
    }
    const { stdout } = await anna.run(['jobs', '--json']);
    const [job] = Job.array().parse(JSON.parse(stdout));
    const undone = await anna.run(['undo', job?.id ?? '']);
    expect(undone).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Nothing takes this back: .*a backup or a snapshot/),
    });
    expect((await anna.run(['audit'])).stdout.match(/plan\.decision_refused/g)).toHaveLength(3);
  });
});

describe('what is not approved', () => {
  test('a plan whose time is over', async () => {
    const anna = here.person();
    const plan = await anna.plan('shut down dc01-win2022');
    await here.clock.advance(16 * 60_000);
    const ran = await anna.run(['approve', plan]);
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringMatching(/not approved in time.*Ask for it again/) });
    expect((await anna.run(['approvals', '--state', 'expired'])).stdout).toContain(plan);
    expect(await statusOf(anna, 100)).toBe('running');
  });

  test('a plan that was cancelled, and one that was carried out', async () => {
    const anna = here.person();
    const plan = await anna.plan('shut down dc01-win2022');
    expect(await anna.run(['cancel', plan])).toMatchObject({ code: 0, stdout: 'Cancelled. Nothing was changed.\n' });
    expect(await anna.run(['approve', plan])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/was cancelled/),
    });
    expect(await anna.run(['cancel', plan])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^Not cancelled:/),
    });
    const other = await anna.plan('add the tag green to 105');
    expect((await anna.run(['approve', other])).code).toBe(0);
    const again = await anna.run(['approve', other]);
    expect(again).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/approved and carried out already.*pxa jobs/),
    });
    const json = await anna.run(['approve', other, '--json']);
    expect(JSON.parse(json.stdout)).toEqual({ refused: expect.stringMatching(/carried out already/) });
  });

  test('a plan whose cluster does not answer, or does not tell its name', async () => {
    const anna = here.person();
    const plan = await anna.plan('shut down dc01-win2022');
    const away = await anna.run(['approve', plan], { env: { PXA_PVE_URL: 'https://127.0.0.1:1' } });
    expect(away).toMatchObject({ code: 5, stdout: '', stderr: expect.stringMatching(/127\.0\.0\.1:1.*\n.*firewall/) });
    here.sandbox.faults.add({ fault: 'error', status: 500, message: 'no', path: '/cluster/status' });
    const mute = await anna.run(['approve', plan]);
    const order = await anna.run(['ask', '-q', 'shut down app-server-prod']);
    here.sandbox.faults.clear();
    expect(mute).toMatchObject({ code: 1, stderr: expect.stringMatching(/\/cluster\/status .*answered 500: no\n/) });
    expect(order.stdout).toMatch(/did not say which one it is: .*answered 500: no/);
    for (const { stdout, stderr } of [away, mute, order]) {
      expect(stdout + stderr).not.toMatch(/went wrong inside|PXA_DEBUG/);
    }
    expect((await anna.run(['approvals', '--state', 'pending'])).stdout).toContain(plan);
    expect((await anna.run(['cancel', plan])).code).toBe(0);
  });

  test('a plan that was made over another connection', async () => {
    const anna = here.person();
    const plan = await anna.plan('shut down dc01-win2022');
    const other = await startSandbox({ clock: new SandboxClock(NOW, 0) });
    try {
      const elsewhere = new Standing(other, here.clock);
      const ran = await here.during(elsewhere.person(anna.home).run(['approve', plan]));
      expect(ran).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/That plan is for tli-prod-cluster at https.*--connection/),
      });
    } finally {
      await other.close();
    }
  });

  test('a plan for a guest that vanished in the meantime is drifted', async () => {
    const anna = here.person();
    await anna.done('clone debian-12-cloud to gone-01');
    const plan = await anna.plan('start gone-01');
    const removal = await anna.plan('delete gone-01');
    expect((await anna.run(['approve', removal, '--type', 'gone-01'])).code).toBe(0);
    const ran = await anna.run(['approve', plan]);
    expect(ran).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/\[DRIFTED\] The cluster is no longer as planned/),
    });
    expect(ran.stdout).not.toMatch(/To take it back/);
  });

  test('ids that there are none of', async () => {
    const anna = here.person();
    for (const argv of [
      ['approve', 'plan_none'],
      ['cancel', 'plan_none'],
      ['job', 'job_none'],
      ['undo', 'job_none'],
    ]) {
      const ran = await anna.run(argv);
      expect(ran).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/There is no (plan|job) \w+_none\.\npxa (approvals|jobs) lists them/),
      });
    }
    expect((await anna.run(['audit', 'shred'])).code).toBe(2);
    expect((await anna.run(['approvals'])).stdout).toBe('No plan has been made yet.\n');
    expect((await anna.run(['jobs'])).stdout).toBe('Nothing has been carried out yet.\n');
  });
});

test('who else must approve is said, and counted', async () => {
  const anna = here.person();
  const { mkdirSync, writeFileSync } = await import('node:fs');
  mkdirSync(`${anna.home}/.config/pxa`, { recursive: true });
  writeFileSync(`${anna.home}/.config/pxa/settings.json`, '{"approvals":{"needed":{"disruptive":2}}}');
  const plan = await anna.plan('shut down monitoring-stack');
  const first = await anna.run(['approve', plan]);
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/Your word is kept\..*1 more person.*pxa approve plan_/),
  });
  expect((await anna.run(['approve', plan])).stdout).toMatch(/anna has approved this plan already/);
  expect((await anna.run(['approvals'])).stdout).toMatch(/1 of 2 have approved/);
  expect((await anna.run(['approve', plan], { env: { USER: 'bert' } })).stdout).toMatch(/\[OK\] Done/);
});
