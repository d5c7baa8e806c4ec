import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LoggedGuest, parseVzdumpLog, type VzdumpLog } from './vzdump-log.ts';

interface Case {
  readonly lines: readonly string[];
  readonly guests: readonly Partial<LoggedGuest>[];
  readonly command?: Partial<VzdumpLog['command']>;
  readonly taskError?: string;
}

const cases: Record<string, Case> = {
  'a good one to a directory': {
    lines: [
      'INFO: starting new backup job: vzdump 100 --mode snapshot --storage local --compress zstd',
      'INFO: Starting Backup of VM 100 (qemu)',
      'INFO: Backup started at 2025-11-19 21:00:02',
      'INFO: status = running',
      'INFO: VM Name: dc01-win2022',
      "INFO: creating vzdump archive '/var/lib/vz/dump/vzdump-qemu-100-2025_11_19-21_00_02.vma.zst'",
      'INFO: 100% (32.0 GiB of 32.0 GiB) in 41s, read: 800.0 MiB/s, write: 120.1 MiB/s',
      'INFO: archive file size: 1.21GB',
      'INFO: Finished Backup of VM 100 (00:00:45)',
      'INFO: Backup finished at 2025-11-19 21:00:47',
      'INFO: Backup job finished successfully',
      'TASK OK',
    ],
    command: { vmids: [100], all: false, storage: 'local', pool: undefined },
    guests: [
      {
        vmid: 100,
        type: 'qemu',
        status: 'ok',
        seconds: 45,
        bytes: Math.round(1.21 * 1024 ** 3),
        name: 'dc01-win2022',
        archive: '/var/lib/vz/dump/vzdump-qemu-100-2025_11_19-21_00_02.vma.zst',
        at: 'calls[3]#/data/8/t',
      },
    ],
  },
  'one of two fails': {
    lines: [
      'INFO: starting new backup job: vzdump 200 103 --storage nas --mode snapshot',
      'INFO: Starting Backup of VM 103 (qemu)',
      'INFO: Backup started at 2025-11-19 21:30:00',
      'ERROR: Backup of VM 103 failed - job failed with err -5 - Input/output error',
      'INFO: Failed at 2025-11-19 21:35:00',
      'INFO: Starting Backup of VM 200 (lxc)',
      'INFO: CT Name: pihole',
      'INFO: Finished Backup of VM 200 (01:02:03)',
      'INFO: Backup job finished with errors',
      'TASK ERROR: job errors',
    ],
    command: { vmids: [200, 103], storage: 'nas' },
    guests: [
      { vmid: 103, type: 'qemu', status: 'failed', error: 'job failed with err -5 - Input/output error', seconds: 300 },
      { vmid: 200, type: 'lxc', status: 'ok', seconds: 3723, name: 'pihole' },
    ],
    taskError: 'job errors',
  },
  'it fails before it begins': {
    lines: [
      'INFO: starting new backup job: vzdump 999 --storage nas',
      "ERROR: Backup of VM 999 failed - unable to find VM '999'",
      'INFO: Backup job finished with errors',
      'TASK ERROR: job errors',
    ],
    guests: [{ vmid: 999, type: undefined, status: 'failed', error: "unable to find VM '999'" }],
  },
  'a warning does not fail it': {
    lines: [
      'INFO: starting new backup job: vzdump --all 1 --exclude 108,109 --storage pbs',
      'INFO: Starting Backup of VM 101 (qemu)',
      'WARN: VM 101: guest agent did not answer, no filesystem freeze',
      "INFO: creating Proxmox Backup Server archive 'vm/101/2025-11-19T20:00:00Z'",
      'INFO: Finished Backup of VM 101 (00:09:10)',
      'TASK WARNINGS: 1',
    ],
    command: { vmids: [], all: true, exclude: [108, 109], storage: 'pbs' },
    guests: [
      {
        vmid: 101,
        status: 'warning',
        seconds: 550,
        error: 'VM 101: guest agent did not answer, no filesystem freeze',
        archive: 'vm/101/2025-11-19T20:00:00Z',
      },
    ],
  },
  'cut short': {
    lines: ['INFO: Starting Backup of VM 104 (qemu)', 'INFO: status = running'],
    guests: [{ vmid: 104, status: 'running', seconds: undefined, error: undefined }],
  },
  'the storage is not there': {
    lines: [
      'INFO: starting new backup job: vzdump --pool prod --storage nas',
      "TASK ERROR: could not activate storage 'nas': storage 'nas' is not online",
    ],
    command: { pool: 'prod', all: false },
    guests: [],
    taskError: "could not activate storage 'nas': storage 'nas' is not online",
  },
  empty: { lines: ['no content'], guests: [] },
};

describe('logs of vzdump', () => {
  test.each(Object.entries(cases))('%s', (_name, { lines, guests, command, taskError }) => {
    const log = parseVzdumpLog(lines.map((t, index) => ({ data: { n: index + 1, t }, at: `calls[3]#/data/${index}` })));
    expect(log.guests).toMatchObject(guests);
    expect(log.guests.length).toBe(guests.length);
    if (command) expect(log.command).toMatchObject(command);
    if (taskError !== undefined) expect(log.taskError?.text).toBe(taskError);
  });
});

test('whatever a log holds, each guest of it has an outcome', () => {
  const line = fc.oneof(fc.string(), fc.constantFrom(...Object.values(cases).flatMap(({ lines }) => lines)));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const log = parseVzdumpLog(lines.map((t, index) => ({ data: { t }, at: `calls[0]#/data/${index}` })));
      for (const guest of log.guests) {
        expect(['ok', 'warning', 'failed', 'running']).toContain(guest.status);
        expect(Number.isInteger(guest.vmid)).toBe(true);
        expect(guest.at).toMatch(/^calls\[0\]#/);
      }
    }),
  );
});
