import type { Guest, NodeState, Row, TaskRecord, Volume } from '../state/model.ts';
import { archiveSize, backupTask, type Run } from './made-backup.ts';
import { archive } from './made-volumes.ts';
import type { Times } from './times.ts';

const JOB_01 = [100, 101, 102, 103, 105, 200, 201];
const JOB_02 = [100, 101, 102, 103, 105, 110, 112];
const JOB_03 = [200, 201, 202, 203, 204];
/** How far back runs are remembered, in days. */
const DAYS = 10;

/** The three backup jobs as /cluster/backup lists them; their next run is worked out when asked. */
export function demoBackupJobs(): Row[] {
  const common = { type: 'vzdump', enabled: 1, mode: 'snapshot', compress: 'zstd', 'notes-template': '{{guestname}}' };
  return [
    {
      ...common,
      id: 'backup-01',
      schedule: '01:00',
      storage: 'backup-pool',
      node: 'pve-node01',
      vmid: JOB_01.join(','),
      'prune-backups': { 'keep-daily': '7' },
      comment: 'node01, every night',
    },
    {
      ...common,
      id: 'backup-02',
      schedule: '02:00',
      storage: 'nfs-backup',
      vmid: JOB_02.join(','),
      'prune-backups': { 'keep-last': '5' },
      comment: 'production VMs off the hosts',
    },
    {
      ...common,
      id: 'backup-03',
      schedule: 'sun 03:00',
      storage: 'nfs-backup',
      vmid: JOB_03.join(','),
      'prune-backups': { 'keep-last': '3' },
      comment: 'all containers',
    },
  ];
}

export interface Backups {
  tasks: TaskRecord[];
  /** Archives by storage. */
  archives: Record<'backup-pool' | 'nfs-backup', Volume[]>;
}

interface Plan {
  ids: number[];
  storage: 'backup-pool' | 'nfs-backup';
  folder: string;
  /** Start of the run, days back, and how long it takes on each node. */
  runs: { start: number; failure?: Run['failure'] }[];
  took: Record<string, number>;
  keep: number;
}

function plans(times: Times): Plan[] {
  const days = Array.from({ length: DAYS }, (_, index) => index);
  const sundays = [0, 1, 2].map((week) => times.daysSince(0) + week * 7);
  return [
    {
      ids: JOB_01,
      storage: 'backup-pool',
      folder: '/backup-pool/dump',
      runs: days.map((day) => ({ start: times.at(day, '01:00') })),
      took: { 'pve-node01': 872 },
      keep: 7,
    },
    {
      ids: JOB_02,
      storage: 'nfs-backup',
      folder: '/mnt/pve/nfs-backup/dump',
      runs: days.map((day) => ({
        start: times.at(day, '02:00'),
        ...(day === 2 ? { failure: { vmid: 103, error: 'vzdump: backup size 201 GB exceeds storage limit' } } : {}),
      })),
      took: { 'pve-node01': 2830, 'pve-node02': 1204, 'pve-node03': 2291 },
      keep: 5,
    },
    {
      ids: JOB_03,
      storage: 'nfs-backup',
      folder: '/mnt/pve/nfs-backup/dump',
      runs: sundays.map((day) => ({ start: times.at(day, '03:00') })),
      took: { 'pve-node01': 260, 'pve-node02': 214, 'pve-node03': 188 },
      keep: 3,
    },
  ];
}

/** The runs of the last days and the archives that they left, newest first. */
export function demoBackups(times: Times, guests: ReadonlyMap<number, Guest>, nodes: Map<string, NodeState>): Backups {
  const done: Backups = { tasks: [], archives: { 'backup-pool': [], 'nfs-backup': [] } };
  for (const plan of plans(times)) {
    const members = plan.ids.flatMap((vmid) => guests.get(vmid) ?? []);
    for (const [node, took] of Object.entries(plan.took)) {
      const local = members.filter((guest) => guest.node === node);
      const elsewhere = members.filter((guest) => guest.node !== node).map(({ vmid }) => vmid);
      const finished = plan.runs.filter(({ start }) => start + took < times.now);
      finished.forEach(({ start, failure }, index) => {
        const mine = local.some(({ vmid }) => vmid === failure?.vmid) ? failure : undefined;
        const run: Run = { node, start, took, storage: plan.storage, folder: plan.folder, guests: local, elsewhere };
        done.tasks.push(backupTask({ nodes }, mine ? { ...run, failure: mine } : run));
        if (index < plan.keep) done.archives[plan.storage].push(...archives(nodes, plan, run, mine?.vmid));
      });
    }
  }
  return done;
}

function archives(nodes: Map<string, NodeState>, { storage }: Plan, run: Run, failed: number | undefined): Volume[] {
  const each = Math.floor(run.took / Math.max(1, run.guests.length));
  return run.guests.flatMap((guest, index) =>
    guest.vmid === failed ? [] : [archive(storage, guest, run.start + index * each, archiveSize({ nodes }, guest))],
  );
}
