import type { Filter, Query } from '@pxa/contract';
import { all, same } from '../http/filter.ts';
import type { GuestId } from './ids.ts';

/** Tasks that leave a guest as it is. */
const READING: Filter = { op: 'in', column: 'type', values: ['vzdump', 'vncproxy', 'spiceproxy', 'vncshell'] };

const GUEST = `vmid name description state node template maxcpu sockets maxmem cpu mem_share disk_share uptime tags ostype
  distribution system created ciuser sshkeys protection backed`;

export type Part =
  'guest' | 'disks' | 'files' | 'nics' | 'addresses' | 'backups' | 'jobs' | 'firewall' | 'traffic' | 'changes';

/** What is looked up of one guest: a bounded number of calls, however large the cluster is. */
export function lookups({ kind, vmid, guest }: GuestId): Record<Part, Query> {
  const of = (dataset: string, more: Omit<Query, 'dataset'> = {}): Query => ({
    dataset,
    where: same('guest', guest),
    ...more,
  });
  const isIt = all(same('vmid', vmid), same('type', kind === 'vm' ? 'qemu' : 'lxc'));
  const done = all(same('guest', guest), same('status', 'ok'), { op: 'not', of: READING });
  return {
    guest: { dataset: 'guests', where: isIt, columns: GUEST.split(/\s+/) },
    disks: of('guest-disks', { columns: ['key', 'kind', 'storage', 'size', 'ssd', 'mountpoint'] }),
    files: of('guest-file-systems', { columns: ['mountpoint', 'used', 'total', 'disks'] }),
    nics: of('guest-nics', { columns: ['key', 'name', 'mac', 'bridge', 'vlan', 'ip', 'gateway'] }),
    addresses: of('guest-addresses', { columns: ['address', 'prefix', 'family', 'iface', 'mac'] }),
    backups: of('backups', { columns: ['taken', 'size'], order: [{ column: 'taken', dir: 'desc' }], limit: 1 }),
    jobs: { dataset: 'backup-jobs', columns: ['id', 'schedule', 'enabled', 'retention', 'guest_ids'] },
    firewall: of('firewalls', { columns: ['in_force', 'enabled', 'datacenter_on', 'level', 'of'] }),
    traffic: of('guest-history', { columns: ['time', 'netin', 'netout'], window: { from: { ago: 600 } } }),
    changes: of('tasks', {
      columns: ['ended', 'type'],
      where: done,
      order: [{ column: 'ended', dir: 'desc' }],
      limit: 1,
    }),
  };
}
