import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, end: unknown];

const having = (row: object): unknown => expect.objectContaining(row);
const JOBS = '/cluster/backup';
const NEW = {
  id: 'nightly',
  schedule: '03:00',
  storage: 'nfs-backup',
  vmid: '104, 110',
  enabled: true,
  mode: 'snapshot',
};
const REPLICATION = '/cluster/replication';
const PAIR = { id: '104-0', type: 'local', target: 'pve-node03' };
const ONE = '/nodes/pve-node01/replication';
const TWO = '/nodes/pve-node02/replication';
const locked = (text: string): string => `error during cfs-locked 'file-replication_cfg' operation: ${text}`;

const STORIES: Record<string, Step[]> = {
  'a backup job is made, changed and removed': [
    [
      `POST ${JOBS}`,
      { ...NEW, schedule: undefined },
      having({ schedule: "neither 'starttime' nor 'schedule' were set" }),
    ],
    [
      `POST ${JOBS}`,
      { ...NEW, starttime: '3:00' },
      having({ starttime: "'starttime' and 'schedule' cannot both be set" }),
    ],
    [`POST ${JOBS}`, { ...NEW, all: true }, having({ all: "option conflicts with option 'vmid'" })],
    [`POST ${JOBS}`, { ...NEW, vmid: undefined }, having({ vmid: 'property is missing' })],
    [`POST ${JOBS}`, { ...NEW, 'prune-backups': 'keep-last=3,keep-weekly=2' }, null],
    [`POST ${JOBS}`, NEW, "error during cfs-locked 'file-jobs_cfg' operation: Job 'nightly' already exists"],
    [
      `GET ${JOBS}/nightly`,
      undefined,
      {
        id: 'nightly',
        type: 'vzdump',
        enabled: 1,
        mode: 'snapshot',
        schedule: '03:00',
        storage: 'nfs-backup',
        vmid: '104,110',
        'prune-backups': { 'keep-last': '3', 'keep-weekly': '2' },
        'next-run': Date.parse('2026-02-24T03:00:00Z') / 1000,
      },
    ],
    [`PUT ${JOBS}/nightly`, { schedule: 'sat 05:00', delete: 'prune-backups,mode' }, null],
    [
      `GET ${JOBS}/nightly`,
      undefined,
      {
        id: 'nightly',
        type: 'vzdump',
        enabled: 1,
        schedule: 'sat 05:00',
        storage: 'nfs-backup',
        vmid: '104,110',
        'next-run': Date.parse('2026-02-28T05:00:00Z') / 1000,
      },
    ],
    [`PUT ${JOBS}/nightly`, { all: true, exclude: '100', enabled: false }, null],
    [
      `GET ${JOBS}/nightly`,
      undefined,
      {
        id: 'nightly',
        type: 'vzdump',
        enabled: 0,
        schedule: 'sat 05:00',
        storage: 'nfs-backup',
        all: 1,
        exclude: '100',
      },
    ],
    [`PUT ${JOBS}/nightly`, { delete: 'nonsense' }, having({ delete: "unknown option 'nonsense'" })],
    [`PUT ${JOBS}/none`, { enabled: true }, having({ id: "No such job 'none'" })],
    [`DELETE ${JOBS}/nightly`, undefined, null],
    [`DELETE ${JOBS}/nightly`, undefined, having({ id: "No such job 'nightly'" })],
  ],
  'a job without a name is given one': [
    [`POST ${JOBS}`, { all: true, starttime: '4:30', dow: 'mon,tue', storage: 'local' }, null],
    [
      `GET ${JOBS}`,
      undefined,
      expect.arrayContaining([
        having({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), schedule: 'mon,tue 4:30', all: 1 }),
      ]),
    ],
  ],
  'a replication job is made, changed and removed': [
    [`POST ${REPLICATION}`, { ...PAIR, id: '999-0' }, "Guest '999' does not exist."],
    [`POST ${REPLICATION}`, { ...PAIR, target: 'nowhere' }, "Target 'nowhere' does not exist."],
    [`POST ${REPLICATION}`, { ...PAIR, target: 'pve-node02' }, 'Source and target must not be identical'],
    [
      `POST ${REPLICATION}`,
      { ...PAIR, source: 'pve-node01' },
      "Source 'pve-node01' does not match current node of guest '104' (pve-node02)",
    ],
    [`POST ${REPLICATION}`, { ...PAIR, schedule: '*/30', rate: 10 }, null],
    [`POST ${REPLICATION}`, PAIR, locked("replication job '104-0' already exists")],
    [
      `POST ${REPLICATION}`,
      { ...PAIR, id: '104-1' },
      locked("replication job for guest '104' to target 'local/pve-node03' already exists"),
    ],
    [
      `GET ${REPLICATION}/104-0`,
      undefined,
      having({ guest: 104, jobnum: 0, source: 'pve-node02', target: 'pve-node03', schedule: '*/30', rate: 10 }),
    ],
    [
      `GET ${TWO}/104-0/status`,
      undefined,
      having({ last_sync: 0, next_sync: Date.parse('2026-02-23T10:30:00Z') / 1000, fail_count: 0 }),
    ],
    [`PUT ${REPLICATION}/104-0`, { comment: 'x', delete: 'rate,schedule' }, null],
    [
      `GET ${TWO}/104-0/status`,
      undefined,
      having({ comment: 'x', next_sync: Date.parse('2026-02-23T10:15:00Z') / 1000 }),
    ],
    [`PUT ${REPLICATION}/104-0`, { delete: 'target' }, locked("unable to delete required option 'target'")],
    [`PUT ${REPLICATION}/104-9`, { comment: 'x' }, locked("no such job '104-9'")],
    [`POST ${TWO}/104-0/schedule_now`, {}, null],
    [`GET ${TWO}/104-0/status`, undefined, having({ next_sync: Date.parse('2026-02-23T10:00:00Z') / 1000 })],
    [`POST ${ONE}/104-0/schedule_now`, {}, "no such replication job '104-0'"],
    [`DELETE ${REPLICATION}/104-0?force=1&keep=1`, undefined, having({ keep: "conflicts with parameter 'force'" })],
    [`DELETE ${REPLICATION}/104-0`, undefined, null],
    [`GET ${REPLICATION}/104-0`, undefined, having({ remove_job: 'full' })],
    [`DELETE ${REPLICATION}/100-0?force=1`, undefined, null],
    [`GET ${REPLICATION}/100-0`, undefined, "replication job '100-0' does not exist"],
  ],
};

describe('jobs that run by the calendar', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end] of steps) expect([line, await lab.done(line, params)]).toEqual([line, end]);
  });

  it('a replication job is gone once its replicas are', async () => {
    await lab.call(`DELETE ${REPLICATION}/102-0?keep=1`);
    expect(await lab.call(`GET ${REPLICATION}/102-0`)).toMatchObject({ remove_job: 'local' });
    await lab.sandbox.clock.advance(120_000);
    expect(await lab.call(`GET ${REPLICATION}`)).toEqual([having({ id: '100-0' })]);
    expect(await lab.call(`GET ${ONE}`)).toEqual([having({ id: '100-0' })]);
  });
});
