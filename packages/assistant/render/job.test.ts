import type { Job, JobStep, Plan } from '@pxa/contract';
import { describe, expect, test } from 'vitest';
import { renderJobEnd, renderJobEvent } from './job.ts';
import { renderJobSteps } from './job-steps.ts';
import { renderPlan } from './plan.ts';
import { shortSays } from './some.ts';
import { ansiPaint, plainStyle, type Style } from './style.ts';
import { shortUpids } from './upid.ts';
import { displayWidth } from './width.ts';

const NOW = Date.UTC(2026, 1, 23, 10);
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
const terminal: Style = { ...plainStyle, width: 72, bars: true };

const job = (steps: Partial<JobStep>[], more: Partial<Job> = {}): Job => ({
  id: 'job_1',
  plan_id: 'plan_1',
  approval_id: 'approval_1',
  cluster: 'prod',
  says: 'Copy VM 9000',
  state: 'running',
  steps: steps.map((step, index) => ({ index, state: 'pending', ...step })),
  created_at: at(0),
  cancelling: false,
  ...more,
});

const states: Partial<JobStep>[] = [
  { state: 'done', started_at: at(0), ended_at: at(13) },
  { state: 'waiting', started_at: at(13), progress: 0.42 },
  { state: 'intended', started_at: at(20) },
  { state: 'failed', started_at: at(0), ended_at: at(90) },
  { state: 'waiting', undoing: 0, started_at: at(0) },
  { state: 'undone' },
  {},
];

describe('the steps of a job', () => {
  const says = states.map((_, index) => `Copy disk ${index} of VM 9000 ubuntu-22.04-cloud to VM 106 ubuntu-2204-new`);

  test('one line each, within the terminal', () => {
    const lines = renderJobSteps({ job: job(states), says }, { style: terminal, now: NOW + 25_000, most: 16 });
    expect(lines.map((line) => line.trimEnd())).toEqual([
      '  ✓ 1. Copy disk 0 of VM 9000 ubuntu-22.04-cloud to VM 106 ubuntu…  13s',
      '  ▸ 2. Copy disk 1 of VM 9000 ubuntu-22.04-c…  ██████▊░░░░░░░░░ 42% 12s',
      '  ▸ 3. Copy disk 2 of VM 9000 ubuntu-22.04-cloud to VM 106 ubuntu-…  5s',
      '  ✗ 4. Copy disk 3 of VM 9000 ubuntu-22.04-cloud to VM 106 ubu…  1m 30s',
      '  ↩ 5. Copy disk 4 of VM 9000 ubuntu-22.04-cloud to VM 106 ubuntu-22…',
      '  ↩ 6. Copy disk 5 of VM 9000 ubuntu-22.04-cloud to VM 106 ubuntu-22…',
      '  · 7. Copy disk 6 of VM 9000 ubuntu-22.04-cloud to VM 106 ubuntu-22…',
    ]);
  });

  test.each([20, 40, 72, 200])('no line is wider than a terminal of %i columns', (width) => {
    const names = says.map((text) => `${text} 名前 \u001b[31m\u202e👩‍👩‍👧`);
    for (const most of [3, 16]) {
      const lines = renderJobSteps(
        { job: job(states), says: names },
        { style: { ...terminal, width }, now: NOW, most },
      );
      expect(lines.length).toBeLessThanOrEqual(most);
      for (const line of lines) expect(displayWidth(line)).toBeLessThan(Math.max(width, 30));
      expect(lines.join('')).not.toMatch(/[\u001b\u202e]/);
    }
  });

  test('of hundreds, how many stand where, and those under way', () => {
    const many = Array.from({ length: 300 }, (_, index): Partial<JobStep> =>
      index < 120 ? (states[0] ?? {}) : index < 124 ? { state: 'waiting', started_at: at(0), progress: 0.5 } : {},
    );
    const lines = renderJobSteps(
      { job: job(many), says: many.map((_, index) => `Snapshot VM ${index}`) },
      { style: terminal, now: NOW, most: 8 },
    );
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^ {2}█+.*300 steps: 120 done, 4 under way, 176 to come$/);
    expect(lines[1]).toMatch(/▸ 121\. Snapshot VM 120 .*50% 0s/);
  });
});

describe('the end of a job', () => {
  const ended = { started_at: at(0), ended_at: at(75), state: 'done' as const };
  const done = [{ state: 'done' as const }];
  const proof = (outcome: 'verified' | 'unverified') => ({ outcome, at: at(75), differs: [] });
  const ends: [name: string, job: Job, says: RegExp[]][] = [
    [
      'verified',
      job(done, { ...ended, result: 'Done: 1 step.\nVerified by a fresh read.', proof: proof('verified') }),
      [/^\[OK\] Done: 1 step\.$/m, /^It took 1m 15s\.$/m, /^To take it back: pxa undo job_1$/m],
    ],
    ['unverified', job(done, { ...ended, result: 'Done.', proof: proof('unverified') }), [/^\[UNVERIFIED\] Done\.$/m]],
    [
      'without a proof',
      job(done, { ...ended, result: 'Done.' }),
      [/^\[OK\]/, /^Not verified: nothing that can be read/m],
    ],
    [
      'drifted',
      job([{ state: 'skipped' }], { ...ended, state: 'drifted', result: 'x' }),
      [/^\[DRIFTED\] x\nIt took 1m 15s\.$/],
    ],
    [
      'failed',
      job([{ state: 'failed' }], { ...ended, state: 'failed', result: 'a\u001b[2Jb' }),
      [/^\[FAILED\] a\\x1b\[2Jb/],
    ],
  ];
  test('is coloured at a terminal', () => {
    const [, of] = ends[0] ?? [];
    const style = { ...terminal, paint: ansiPaint };
    expect(of && renderJobEnd(of, { undo: undefined, style })[0]).toBe('\u001b[32m[OK]\u001b[39m Done: 1 step.');
  });

  test.each(ends)('%s', (_name, of, says) => {
    const text = renderJobEnd(of, { undo: 'pxa undo job_1', style: plainStyle }).join('\n');
    for (const each of says) expect(text).toMatch(each);
  });
});

const UPID = 'UPID:pve-node02:00124F80:15333F64:6B019BB7:qmclone:9000:root@pam!sandbox:';
const upids: [string, string][] = [
  [`A task began: ${UPID}.`, 'A task began: qmclone 9000 on pve-node02.'],
  ['UPID:pve:0:0:0:x', 'UPID:pve:0:0:0:x'],
  ['UPID:pve:00124F80:15333F64:6B019BB7:srvreload::root@pam:', 'srvreload on pve'],
];
test.each(upids)('%s', (text, short) => expect(shortUpids(text)).toBe(short));

test('an event is one harmless line', () => {
  const lines = renderJobEvent({ at: at(3), kind: 'log', text: `a\u001b[1A\nb ${UPID}` }, plainStyle);
  expect(lines).toEqual(['  10:00:03  a\\x1b[1A\\nb qmclone 9000 on pve-node02']);
});

test('what many things are to be done is said by the first', () => {
  expect(shortSays('Start VM 1; Start VM 2; Start VM 3', 24)).toBe('Start VM 1; and 2 more');
  expect(shortSays('Start VM 1', 24)).toBe('Start VM 1');
});

describe('a plan of hundreds of steps', () => {
  const steps = Array.from({ length: 300 }, (_, index) => ({
    method: 'POST' as const,
    path: `/nodes/pve-node0${(index % 3) + 1}/qemu/${1000 + index}/${index < 200 ? 'snapshot' : 'status/stop'}`,
    params: { snapname: 'a' },
    says: `Snapshot VM ${1000 + index}`,
  }));
  const plan: Plan = {
    id: 'plan_1',
    hash: '',
    expires_at: at(900),
    risk: 'change',
    says: '',
    steps,
    assumptions: Array.from({ length: 50 }, (_, index) => `Left out: VM ${index}`),
    warnings: Array.from({ length: 12 }, (_, index) => `Careful with ${index}`),
    changes: [],
    loses: [],
  };

  test('shows the first, and counts the others by call and node', () => {
    const text = renderPlan(plan, plainStyle).join('\n');
    expect(text).toMatch(/\n {2}10\. Snapshot VM 1009\n.*\n {2}… and 290 more steps \(--json has them all\):\n/);
    expect(text).toMatch(/\n {5}64 × POST qemu\/…\/snapshot on pve-node02\n/);
    expect(text).toMatch(/\n {5}33 × POST qemu\/…\/status\/stop on pve-node0\d\n/);
    expect(text).toMatch(/• Left out: VM 9\n {2}… and 40 more \(--json has them all\)\n/);
    expect(text).toMatch(/Careful with 9\n {2}… and 2 more/);
    expect(text.split('\n').length).toBeLessThan(60);
  });
});
