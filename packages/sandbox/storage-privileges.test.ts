import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessFor } from './access.ts';
import { PveError, type Call } from './behaviour.ts';
import { modelled } from './registry.ts';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Route = keyof ReturnType<typeof modelled>;
/** Roles by path. */
type Roles = Record<string, string>;

/** What the code itself says to a caller who has passed the route's own check; where it begins a task, how that ends. */
async function outcome(roles: Roles, route: Route, params: object): Promise<unknown> {
  const { state, clock, tasks } = lab.sandbox;
  const acl = Object.entries(roles).map(([path, roleid]) => ({
    path,
    type: 'user' as const,
    ugid: 'ben@pve',
    roleid,
    propagate: 1,
  }));
  const users = [...state.access.users.filter(({ userid }) => userid !== 'ben@pve'), { userid: 'ben@pve', enable: 1 }];
  const access = accessFor({ ...state.access, users, groups: [], acl }, 'ben@pve');
  const caller = { userid: 'ben@pve', authid: 'ben@pve' };
  const version = { major: 9 as const, release: '9.2' };
  const call: Call = {
    route,
    params: { node: 'pve-node02', ...params },
    node: 'pve-node02',
    caller,
    access,
    state,
    clock,
    tasks,
    version,
  };
  try {
    const given = await modelled()[route]?.(call);
    if (typeof given !== 'string' || !given.startsWith('UPID:')) return given;
    await clock.advance(7_200_000);
    return tasks.find(given)?.status;
  } catch (error) {
    if (error instanceof PveError) return error.errors ?? error.message.trimEnd();
    throw error;
  }
}

/** The newest archive of a guest that is not running. */
function archive(): string {
  const volumes = lab.sandbox.state.nodes.get('pve-node02')?.storages.get('nfs-backup')?.pool.volumes ?? [];
  return volumes.find(({ content, vmid }) => content === 'backup' && vmid === 110)?.volid ?? '';
}

const denied = (what: string): string => `Permission check failed (${what})`;
const VZDUMP = 'POST /nodes/{node}/vzdump';
const CONTENT = '/nodes/{node}/storage/{storage}/content/{volume}';
const NFS = '/storage/nfs-backup';
const USER = 'PVEDatastoreUser';
const NOW = { storage: 'nfs-backup', vmid: '104' };
const DISK = { storage: 'local-zfs', volume: 'local-zfs:vm-104-disk-0' };
const rootOnly = 'Only root may set this option.';

const CASES: [what: string, roles: Roles, route: Route, params: (archive: string) => object, end: unknown][] = [
  ['a backup: the storage', { '/vms/104': 'PVEVMAdmin' }, VZDUMP, () => NOW, denied(`${NFS}, Datastore.AllocateSpace`)],
  ['a backup: the guest', { [NFS]: USER }, VZDUMP, () => NOW, '403 Permission check failed (/vms/104, VM.Backup)'],
  ['a backup: both are held', { [NFS]: USER, '/vms/104': 'PVEVMUser' }, VZDUMP, () => NOW, 'OK'],
  [
    'a backup of all: what one may',
    { [NFS]: USER, '/vms/104': 'PVEVMUser' },
    VZDUMP,
    () => ({ storage: 'nfs-backup', all: 1 }),
    'OK',
  ],
  [
    'a retention',
    { [NFS]: USER, '/vms/104': 'PVEVMUser' },
    VZDUMP,
    () => ({ ...NOW, 'prune-backups': 'keep-last=1' }),
    denied(`${NFS}, Datastore.Allocate`),
  ],
  ['a bandwidth', { '/': 'PVEVMAdmin' }, VZDUMP, () => ({ ...NOW, bwlimit: 1 }), denied('/, Sys.Modify')],
  ['a script', { '/': 'PVEAdmin' }, VZDUMP, () => ({ ...NOW, script: '/x' }), { script: rootOnly }],
  [
    'removing a disk',
    { '/storage/local-zfs': USER },
    `DELETE ${CONTENT}`,
    () => DISK,
    denied('/storage/local-zfs, Datastore.Allocate'),
  ],
  [
    'removing a backup: the guest',
    { [NFS]: USER },
    `DELETE ${CONTENT}`,
    (volume) => ({ storage: 'nfs-backup', volume }),
    denied('/vms/110, VM.Backup'),
  ],
  [
    'removing a backup: both are held',
    { [NFS]: USER, '/vms/110': 'PVEVMUser' },
    `DELETE ${CONTENT}`,
    (volume) => ({ storage: 'nfs-backup', volume }),
    'OK',
  ],
  [
    'attributes of a disk',
    { '/storage/local-zfs': USER },
    `GET ${CONTENT}`,
    () => DISK,
    denied('/vms/104, VM.Config.Disk'),
  ],
  [
    'notes of a backup',
    { [NFS]: USER },
    `PUT ${CONTENT}`,
    (volume) => ({ volume, notes: 'x' }),
    denied('/vms/110, VM.Backup'),
  ],
  [
    'pruning all',
    { [NFS]: USER },
    'DELETE /nodes/{node}/storage/{storage}/prunebackups',
    () => ({ storage: 'nfs-backup' }),
    denied(`${NFS}, Datastore.Allocate`),
  ],
  [
    'restoring as another guest',
    { [NFS]: USER, '/vms/110': 'PVEVMUser' },
    'POST /nodes/{node}/qemu',
    (volid) => ({ vmid: 106, archive: volid }),
    'Permission check failed',
  ],
  [
    'restoring over a guest, with the right to back it up',
    { [NFS]: USER, '/vms/110': 'PVEVMUser' },
    'POST /nodes/{node}/qemu',
    (volid) => ({ vmid: 110, archive: volid, force: 1 }),
    'unable to restore VM 110 - vm is running',
  ],
  [
    'restoring: the archive',
    { '/vms': 'PVEVMAdmin' },
    'POST /nodes/{node}/qemu',
    (volid) => ({ vmid: 106, archive: volid }),
    denied(`${NFS}, Datastore.AllocateSpace`),
  ],
  [
    'restoring: the disks’ storage',
    { '/vms': 'PVEVMAdmin', [NFS]: USER },
    'POST /nodes/{node}/qemu',
    (volid) => ({ vmid: 106, archive: volid }),
    '403 Permission check failed (/storage/local-zfs, Datastore.AllocateSpace)',
  ],
  [
    'replicating',
    {},
    'POST /cluster/replication',
    () => ({ id: '104-0', type: 'local', target: 'pve-node01' }),
    denied('/vms/104, VM.Replicate'),
  ],
  [
    'a disk for another guest',
    { '/vms/104': 'PVEVMAdmin' },
    'POST /nodes/{node}/qemu/{vmid}/move_disk',
    () => ({ vmid: 104, disk: 'scsi0', 'target-vmid': 110 }),
    denied('/vms/110, VM.Config.Disk'),
  ],
  [
    'a backup job’s storage',
    { '/': 'PVESysAdmin' },
    'POST /cluster/backup',
    () => ({ ...NOW, schedule: '1:00' }),
    denied(`${NFS}, Datastore.Allocate`),
  ],
];

describe('what backups and storages ask of their callers', () => {
  it.each(CASES)('%s', async (_what, roles, route, params, end) => {
    expect(await outcome(roles, route, params(archive()))).toEqual(end);
  });
});
