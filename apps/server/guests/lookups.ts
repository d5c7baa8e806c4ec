import type { Filter, Query } from '@pxa/contract';
import { all, same } from '../http/filter.ts';
import type { GuestId } from './ids.ts';

/** Tasks that leave a guest as it is. */
const READING: Filter = { op: 'in', column: 'type', values: ['vzdump', 'vncproxy', 'spiceproxy', 'vncshell'] };

const GUEST = `vmid name description state node template maxcpu sockets maxmem cpu mem_share disk_share uptime tags ostype
  distribution system created ciuser sshkeys protection backed`;

/** What is looked up first: where it is decides who is asked for the rest. */
export function itself({ kind, vmid }: GuestId): Query {
  const isIt = all(same('vmid', vmid), same('type', kind === 'vm' ? 'qemu' : 'lxc'));
  return { dataset: 'guests', where: isIt, columns: GUEST.split(/\s+/) };
}

export type Part =
  'disks' | 'files' | 'nics' | 'addresses' | 'backups' | 'jobs' | 'firewall' | 'traffic' | 'changes' | 'elsewhere';

/**
 * What else is looked up of a guest on a node: a bounded number of calls, however many guests and nodes there are. So
 * backups are those that its node reaches, and what was done to it on other nodes is told by the newest tasks alone.
 */
export function lookups({ vmid, guest }: GuestId, node: string): Record<Part, Query> {
  const of = (dataset: string, more: Omit<Query, 'dataset'> = {}): Query => ({
    dataset,
    where: same('guest', guest),
    ...more,
  });
  const done = all(same('status', 'ok'), { op: 'not', of: READING });
  const last = { columns: ['ended', 'type'], order: [{ column: 'ended', dir: 'desc' as const }], limit: 1 };
  return {
    disks: of('guest-disks', { columns: ['key', 'kind', 'storage', 'size', 'ssd', 'mountpoint'] }),
    files: of('guest-file-systems', { columns: ['mountpoint', 'used', 'total', 'disks'] }),
    nics: of('guest-nics', { columns: ['key', 'name', 'mac', 'bridge', 'vlan', 'ip', 'gateway'] }),
    addresses: of('guest-addresses', { columns: ['address', 'prefix', 'family', 'iface', 'mac'] }),
    backups: of('backups', {
      columns: ['taken', 'size'],
      where: all(same('guest', guest), same('nodes', node)),
      order: [{ column: 'taken', dir: 'desc' }],
      limit: 1,
    }),
    jobs: { dataset: 'backup-jobs', columns: ['id', 'schedule', 'enabled', 'retention', 'guest_ids'] },
    firewall: of('firewalls', { columns: ['in_force', 'enabled', 'datacenter_on', 'level', 'of'] }),
    traffic: of('guest-history', { columns: ['time', 'netin', 'netout'], window: { from: { ago: 600 } } }),
    changes: of('tasks', { ...last, where: all(same('guest', guest), same('node', node), done) }),
    elsewhere: { dataset: 'recent-tasks', ...last, where: all(same('target', String(vmid)), done) },
  };
}
