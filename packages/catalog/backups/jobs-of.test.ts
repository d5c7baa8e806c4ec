import { describe, expect, test } from 'vitest';
import { guestsIn } from '../guests/asked.ts';
import type { Rec } from '../kit/index.ts';
import { jobByCommand, jobBySchedule, jobOf, type Jobs } from './jobs-of.ts';
import type { Run } from './runs.ts';
import { parseVzdumpLog } from './vzdump-log.ts';

const rec = (data: Record<string, unknown>, index: number): Rec => ({ data, at: `calls[0]#/data/${index}` });

const known: Jobs = {
  jobs: [
    { id: 'nightly', schedule: '21:00', storage: 'nas', vmid: '100,101' },
    { id: 'weekly', schedule: 'sun 03:00', storage: 'nas', all: 1, exclude: '108' },
    { id: 'pool-a', schedule: '01:00', storage: 'nas', pool: 'a' },
    { id: 'pool-b', schedule: '01:00', storage: 'nas', pool: 'b' },
    { id: 'off', schedule: '05:00', storage: 'nas', vmid: '108,109', enabled: 0 },
  ].map((job, index) => jobOf(rec(job, index))),
  guests: guestsIn(
    [
      { type: 'qemu', vmid: 100, node: 'pve1', pool: 'a' },
      { type: 'qemu', vmid: 101, node: 'pve1', pool: 'b' },
      { type: 'lxc', vmid: 108, node: 'pve1', pool: 'b' },
    ].map(rec),
  ),
  offset: 3600,
};

/** Local start, what the log's first line says (where the log was read), and the job. */
const cases: Record<string, [start: string, command: string | undefined, job: string | undefined]> = {
  'by its schedule': ['2025-11-19T21:00', undefined, 'nightly'],
  'an hour off, since the clocks were changed': ['2025-10-20T22:00', undefined, 'nightly'],
  'a disabled job is not due': ['2025-11-19T05:00', undefined, undefined],
  'two are due': ['2025-11-19T01:00', undefined, undefined],
  'two are due, and the log names the pool': ['2025-11-19T01:00', '--pool b --storage nas', 'pool-b'],
  'two are due, and the log names guests of one': ['2025-11-19T01:00', '100 --storage nas', 'pool-a'],
  'started by hand with the guests of a job': ['2025-11-19T12:34', '101 100 --storage nas --mode snapshot', 'nightly'],
  'all but some': ['2025-11-16T03:00', '--all 1 --exclude 108 --storage nas', 'weekly'],
  'to another storage': ['2025-11-19T21:00', '100 101 --storage usb', undefined],
  'of a guest, by hand': ['2025-11-19T12:34', '108 --storage nas', undefined],
};

describe('the job of a run', () => {
  test.each(Object.entries(cases))('%s', (_name, [start, command, job]) => {
    const run: Run = {
      upid: 'UPID:pve1:…',
      node: 'pve1',
      start: Date.parse(`${start}:00Z`) / 1000 - 3600,
      end: undefined,
      status: 'ok',
      vmid: undefined,
      rec: rec({}, 9),
    };
    const line = `INFO: starting new backup job: vzdump ${command ?? ''}`;
    const read = command === undefined ? undefined : parseVzdumpLog([rec({ n: 1, t: line }, 0)]).command;
    const match = read === undefined ? jobBySchedule(known, run) : jobByCommand(known, run, read);
    expect(match?.job.id).toBe(job);
    if (match) expect(match.by).toMatch(/^matched by .*calls\[0\]#/);
  });
});
