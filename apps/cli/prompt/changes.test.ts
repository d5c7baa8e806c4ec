import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Somebody, Standing } from '../changes/standing.ts';
import type { Ran } from '../in-process.ts';
import { saysNo, saysYes } from './words.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

/** A person at a terminal; what the screen was sent, and the same without colours and movements. */
async function atTerminal(who: Somebody, presses: [RegExp, string][], argv = ['-q']): Promise<Ran & { plain: string }> {
  const ran = await who.run(argv, { terminal: { columns: 90, rows: 40, presses } });
  return { ...ran, plain: stripVTControlCharacters(ran.stdout) };
}

describe('at a terminal', () => {
  test('a plan is approved by that word alone, its steps are drawn in place, and undo takes it back', async () => {
    const { plain, stdout, code } = await atTerminal(here.person(), [
      [/> $/, 'shut down docker-host-01\r'],
      [/APPROVAL REQUIRED[^]*> $/, 'yes, do it\r'],
      [/Nothing was done\. To carry out plan_\w+, type: approve[^]*> $/, 'no\r'],
      [/Nothing was done\. To drop plan_\w+, type: cancel[^]*> $/, 'approve\r'],
      [/To take it back: undo job_\w+[^]*> $/, 'approve\r'],
      [/There is no plan to approve\.[^]*> $/, 'undo\r'],
      [/1\. Start VM 103[^]*> $/, 'approve\r'],
      [/\[OK\] Done[^]*> $/, 'jobs\r'],
      [/done .*Start VM 103[^]*done .*Shut down VM 103[^]*> $/, 'approvals\r'],
      [/used .*Start VM 103[^]*> $/, CTRL_D],
    ]);
    expect(code).toBe(0);
    expect(plain).toMatch(/✓ 1\. Shut down VM 103 docker-host-01 +\d+s\n/);
    expect(stdout).toContain('\u001b[1A\r\u001b[J');
  });

  test('what cannot be taken back is typed; another plan is not approved here', async () => {
    const bert = here.person();
    await bert.done('clone debian-12-cloud to short-lived');
    const other = await bert.plan('add the tag blue to 105');
    const { plain } = await atTerminal(bert, [
      [/> $/, 'delete short-lived\r'],
      [/short-lived has to be typed[^]*> $/, `approve ${other}\r`],
      [/Only the plan that was shown last is approved here\.[^]*pxa approve plan_[^]*> $/, 'approve\r'],
      [/Type short-lived to approve[^]*> $/, 'yes\r'],
      [/What was typed is not that[^]*> $/, 'approve\r'],
      [/Type short-lived to approve[^]*> $/, 'short-lived\r'],
      [/\[OK\] Done[^]*> $/, CTRL_D],
    ]);
    expect(plain).not.toMatch(/To take it back/);
  });

  test('a plan that was decided elsewhere is said to be', async () => {
    const carla = here.person();
    await atTerminal(carla, [
      [/> $/, 'shut down k8s-worker-01\r'],
      [/APPROVAL REQUIRED[^]*> $/, 'approvals\r'],
      [/pending[^]*> $/, 'which VM uses the most memory?\r'],
      [/GB[^]*> $/, 'cancel\r'],
      [/There is no plan to cancel\.[^]*> $/, CTRL_D],
    ]);
    const plan = /plan_\w+/.exec((await carla.run(['approvals'])).stdout)?.[0] ?? '';
    expect((await carla.run(['cancel', plan])).code).toBe(0);
  });

  test('Ctrl-C leaves a job, the prompt goes on, and the next one tells of it', async () => {
    const dora = here.person();
    const copy = 'create a new Ubuntu 22.04 VM on pve-node02, 4 cores, 8GB RAM, 80GB disk\r';
    await atTerminal(dora, [
      [/> $/, copy],
      [/APPROVAL REQUIRED[^]*> $/, 'approve\r'],
      [/[█▏▎▍▌▋▊▉]░* \d+%/, CTRL_C],
      [/was left as it stands[^]*To go on with it: job job_\w+ --follow[^]*> $/, CTRL_D],
    ]);
    const job = /job_\w+/.exec((await dora.run(['jobs'])).stdout)?.[0] ?? '';
    const { plain } = await atTerminal(dora, [
      [/A job was left before its end:[^]*Nothing goes on by itself[^]*> $/, `job ${job} --follow\r`],
      [/\[OK\] Done: 3 steps[^]*> $/, `job ${job}\r`],
      [/— done: [^]*> $/, CTRL_D],
    ]);
    expect(plain).toMatch(/✓ 3\./);
  });

  test('what was said with a secret is in no history', async () => {
    const emil = here.person();
    await atTerminal(emil, [
      [/> $/, 'rename 105 to "x", the token is "hunter2"\r'],
      [/> $/, 'list nodes\r'],
      [/pve-node01[^]*> $/, CTRL_D],
    ]);
    const history = join(emil.home, '.local/state/pxa/history');
    expect(existsSync(history) && readFileSync(history, 'utf8')).toBe('list nodes\n');
  });
});

describe('through a pipe', () => {
  const stdin = 'shut down docker-host-01\napprove\n';
  test('nothing is approved on a cluster that stays', async () => {
    const fritz = here.person();
    const ran = await fritz.run(['-q'], { stdin });
    expect(ran).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/A plan is approved at a terminal, or with: pxa approve plan_/),
    });
    expect((await fritz.run(['approvals'])).stdout).toMatch(/^plan_\w+ +pending/);
  });

  test('on a sandbox of its own the name comes through the pipe, too', async () => {
    const ran = await here.person().run(['-q', '--sandbox'], { stdin: 'delete 203\napprove\ndev-sandbox\njobs\n' });
    expect(ran.stdout).toMatch(/Type dev-sandbox to approve[^]*\[OK\] Done: 1 step\.[^]*done .*Delete Container 203/);
  });

  test.each([['--json'], ['--json', '--sandbox']])('nothing is approved with %s %s', async (...argv) => {
    const ran = await here.person().run(argv, { stdin });
    expect(ran.stdout).toMatch(/A plan is approved at a terminal/);
  });

  test('nothing is approved with --jsonl, nor by a question', async () => {
    const gerd = here.person();
    const lines = ['"shut down docker-host-01"', '"approve"', '"yes, do it"', '{"request": "approve it"}'].join('\n');
    await gerd.run(['ask', '--jsonl', '--conversation', 'a'], { stdin: lines });
    await gerd.run(['ask', 'approve', '--conversation', 'a']);
    expect((await gerd.run(['approvals'])).stdout).toMatch(/^plan_\w+ +pending/);
    expect((await gerd.run(['jobs'])).stdout).toBe('Nothing has been carried out yet.\n');
  });
});

const yes = ['yes', 'Yes, do it!', 'ok', 'go ahead', 'approve it', 'confirmed', 'please do it', 'run the plan', 'lgtm'];
test.each(yes)('%s only sounds like an approval', (line) => expect(saysYes(line)).toBe(true));

const neither = ['start 104', 'yes, but with 8 cores', 'do it on pve-node02', 'which plan?', '', 'it', 'run 104 now'];
test.each(neither)('%s is said about something else', (line) =>
  expect([saysYes(line), saysNo(line)]).toEqual([false, false]),
);

test.each(['no', 'No, thanks', "don't", 'do not do it', 'never mind.', 'abort'])('%s says no', (line) =>
  expect(saysNo(line)).toBe(true),
);
