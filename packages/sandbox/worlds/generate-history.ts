import { guestSize } from '../state/guest-size.ts';
import type { Guest, NodeState, Row, TaskRecord } from '../state/model.ts';
import { backupTask, type Run } from './made-backup.ts';
import { makeTask } from './made-task.ts';
import type { Random } from './random.ts';
import type { Times } from './times.ts';

/** Bytes that a night's backup saves in a second. */
const SPEED = 900 * 1024 * 1024;

const FAILURES: [string, ...string[]] = [
  'job failed with err -5 - Input/output error',
  "command 'zfs snapshot rpool/data' failed: exit code 1",
  'VM is locked (snapshot)',
];

interface Past {
  random: Random;
  times: Times;
  nodes: Map<string, NodeState>;
  guests: readonly Guest[];
}

/** The last three nights' backups of what is in production; one run in forty fails for a guest. */
export function backupRuns({ random, times, nodes, guests }: Past): TaskRecord[] {
  const tasks: TaskRecord[] = [];
  for (const node of nodes.keys()) {
    const local = guests.filter((guest) => guest.node === node);
    if (local.length === 0) continue;
    const bytes = local.reduce((sum, guest) => sum + guestSize({ nodes }, guest).maxdisk, 0);
    const took = Math.min(7000, Math.max(60, Math.round(bytes / SPEED)));
    const folder = '/mnt/pve/nfs-backup/dump';
    for (const day of [0, 1, 2]) {
      const start = times.at(day, '01:00');
      const run: Run = { node, start, took, storage: 'nfs-backup', folder, guests: local, elsewhere: [] };
      const unlucky = local[random.whole(0, local.length - 1)];
      const failed = random.chance(1 / 40) && unlucky;
      const failure = failed ? { vmid: failed.vmid, error: random.pick(FAILURES) } : undefined;
      if (start + took < times.now) tasks.push(backupTask({ nodes }, failure ? { ...run, failure } : run));
    }
  }
  return tasks;
}

/** What people did in the last ten days: about one task a node and day. */
export function dailyTasks({ random, times, nodes, guests }: Past): TaskRecord[] {
  const tasks: TaskRecord[] = [];
  const user = 'operator@pve';
  for (let i = nodes.size * 10; i > 0 && guests.length > 0; i--) {
    const guest = guests[random.whole(0, guests.length - 1)];
    if (!guest) break;
    const { node, vmid, type } = guest;
    const [prefix, action] = [type === 'qemu' ? 'qm' : 'vz', random.pick(['snapshot', 'reboot', 'start'])];
    const start = times.now - random.whole(600, 10 * 86_400);
    const failed = random.chance(0.04);
    const status = failed ? `can't lock file '/var/lock/qemu-server/lock-${vmid}.conf' - got timeout` : 'OK';
    tasks.push(
      makeTask({ node, type: `${prefix}${action}`, id: String(vmid), user, start, took: random.whole(1, 30), status }),
    );
  }
  return tasks;
}

const PENDING: [name: string, old: string, version: string, origin: string][] = [
  ['pve-manager', '9.2.11', '9.2.12', 'Proxmox'],
  ['qemu-server', '9.2.6', '9.2.7', 'Proxmox'],
  ['openssl', '3.5.4-1~deb13u1', '3.5.4-1~deb13u2', 'Debian'],
  ['libssl3t64', '3.5.4-1~deb13u1', '3.5.4-1~deb13u2', 'Debian'],
];

/** Every other node has something to update. */
export function pendingUpdates(random: Random): Row[] {
  if (random.chance(0.5)) return [];
  return PENDING.slice(0, random.whole(1, PENDING.length)).map(([name, OldVersion, Version, Origin]) => ({
    Package: name,
    Title: name,
    Description: name,
    OldVersion,
    Version,
    Origin,
    Arch: 'amd64',
    Section: 'admin',
    Priority: 'optional',
  }));
}

/** Databases on ZFS are replicated to the next node; one job in twenty fails. Gives the jobs, and tells the nodes. */
export function replicationJobs({ random, times, nodes, guests }: Past): Row[] {
  const names = [...nodes.keys()];
  if (names.length < 2) return [];
  const chosen = guests.filter(
    ({ type, config }) => type === 'qemu' && String(config['scsi0']).startsWith('local-zfs:'),
  );
  const quarter = Math.floor(times.now / 900) * 900;
  return chosen.slice(0, names.length).map((guest) => {
    const target = names[(names.indexOf(guest.node) + 1) % names.length];
    const jobs = { id: `${guest.vmid}-0`, type: 'local', guest: guest.vmid, jobnum: 0, source: guest.node, target };
    const job = { ...jobs, schedule: '*/15' };
    const failing = random.chance(1 / 20);
    const progress = failing
      ? { last_sync: quarter - 86_400, fail_count: 40, error: 'no tunnel IP received' }
      : { last_sync: quarter, fail_count: 0 };
    nodes.get(guest.node)?.replication.push({
      ...job,
      ...progress,
      last_try: quarter,
      next_sync: quarter + 900,
      duration: Math.round(random.between(1, 9) * 10) / 10,
      vmtype: 'qemu',
    });
    return job;
  });
}
