import type { Filter, Query, View } from '@pxa/contract';
import type { Unavailable } from '../http/envelope.ts';
import { lookAt } from '../http/look.ts';
import { type GuestId, noGuest } from '../guests/ids.ts';
import { Cells, GiB, MiB } from '../http/cells.ts';
import type { VmDetails } from './details-schema.ts';
import { environmentOf } from './environment.ts';
import { interfacesOf } from './interfaces.ts';
import { VmStatus } from './schemas.ts';

const GUEST =
  'vmid name description state node template maxcpu sockets maxmem cpu mem_share uptime tags ostype distribution created ciuser sshkeys protection backed';

const same = (column: string, value: string | number): Filter => ({ op: 'compare', column, is: '=', value });

/** What is looked up of one VM: a bounded number of calls, however large the cluster is. */
function lookups({ vmid, guest }: GuestId): Record<Part, Query> {
  const of = (dataset: string, more: Omit<Query, 'dataset'> = {}): Query => ({
    dataset,
    where: same('guest', guest),
    ...more,
  });
  return {
    guest: {
      dataset: 'guests',
      where: { op: 'and', of: [same('vmid', vmid), same('type', 'qemu')] },
      columns: GUEST.split(' '),
    },
    disks: of('guest-disks', { columns: ['key', 'kind', 'storage', 'size', 'ssd'] }),
    nics: of('guest-nics', { columns: ['key', 'mac', 'bridge', 'vlan', 'ip', 'gateway'] }),
    addresses: of('guest-addresses', { columns: ['address', 'prefix', 'family', 'iface'] }),
    backups: of('backups', { columns: ['taken', 'size'], order: [{ column: 'taken', dir: 'desc' }], limit: 1 }),
    jobs: { dataset: 'backup-jobs', columns: ['id', 'schedule', 'enabled', 'retention', 'guest_ids'] },
    firewall: of('firewalls', { columns: ['in_force'] }),
    traffic: of('guest-history', { columns: ['time', 'netin', 'netout'], window: { from: { ago: 600 } } }),
    changes: of('tasks', {
      columns: ['ended', 'type'],
      where: { op: 'and', of: [same('guest', guest), same('status', 'ok'), { op: 'not', of: READING }] },
      order: [{ column: 'ended', dir: 'desc' }],
      limit: 1,
    }),
  };
}

type Part = 'guest' | 'disks' | 'nics' | 'addresses' | 'backups' | 'jobs' | 'firewall' | 'traffic' | 'changes';

/** Tasks that leave a guest as it is. */
const READING: Filter = { op: 'in', column: 'type', values: ['vzdump', 'vncproxy', 'spiceproxy', 'vncshell'] };

/** All that is told of one VM, and what of it cannot be told. @throws Problem 404, 503 */
export async function vmDetails(id: GuestId): Promise<{ vm: VmDetails; unavailable: readonly Unavailable[] }> {
  const queries = lookups(id);
  const parts = Object.keys(queries) as Part[]; // the keys of that very object
  const seen = await lookAt(
    id.cluster,
    parts.map((part) => queries[part]),
  );
  const views = new Map(parts.map((part, at) => [part, seen.views[at]]));
  if (views.get('guest')?.rows.length === 0) throw noGuest('vm', id.text);
  const vm = detailsOf(views, id.text);
  const unread = seen.lacks.map(({ about, why }) => ({ field: about, reason: why }));
  return { vm, unavailable: [...notTold(vm), ...unread] };
}

type Views = ReadonlyMap<Part, View | undefined>;

function detailsOf(views: Views, id: string): VmDetails {
  const first = (part: Part): Cells => new Cells(views.get(part)?.rows[0]);
  const all = (part: Part): Cells[] => (views.get(part)?.rows ?? []).map((row) => new Cells(row));
  const guest = first('guest');
  const tags = guest.list('tags');
  const traffic = all('traffic').at(-1) ?? new Cells(undefined);
  const keys = guest.number('sshkeys');
  return {
    id,
    name: guest.text('name'),
    description: guest.text('description'),
    status: VmStatus.catch('unknown').parse(guest.text('state')),
    environment: environmentOf(tags),
    node: guest.text('node') ?? '',
    template: guest.flag('template') ?? false,
    os_type: guest.text('distribution') ?? guest.text('ostype'),
    tags,
    configuration: {
      cpu_cores: guest.number('maxcpu'),
      cpu_sockets: guest.whole('sockets') ?? 1,
      memory_mb: guest.in(MiB, 'maxmem'),
      storage: all('disks')
        .filter((disk) => disk.text('kind') === 'disk')
        .map((disk) => ({
          disk_id: disk.text('key') ?? '',
          size_gb: disk.in(GiB, 'size'),
          type: disk.flag('ssd') === true ? ('ssd' as const) : ('disk' as const),
          storage: disk.text('storage') ?? '',
          encrypted: null,
          mount_point: null,
        })),
      network: interfacesOf(all('nics'), all('addresses')),
    },
    performance: {
      cpu_usage_percent: guest.percent('cpu'),
      memory_usage_percent: guest.percent('mem_share'),
      disk_usage_percent: null,
      network_rx_mbps: megabits(traffic.number('netin')),
      network_tx_mbps: megabits(traffic.number('netout')),
      uptime_seconds: guest.whole('uptime'),
    },
    security: {
      encrypted: null,
      firewall_enabled: first('firewall').flag('in_force'),
      // Keys of cloud-init are known; others may be in the guest, which nobody outside can see.
      ssh_key_auth: keys !== null && keys > 0 ? true : null,
      protection: guest.flag('protection'),
      last_security_scan: null,
      compliance_score: null,
      vulnerabilities: null,
    },
    backup: backupOf(guest, first('backups'), all('jobs')),
    created_at: guest.time('created'),
    updated_at: first('changes').time('ended') ?? guest.time('created'),
  };
}

function backupOf(guest: Cells, newest: Cells, jobs: readonly Cells[]): VmDetails['backup'] {
  const vmid = String(guest.number('vmid'));
  const job = jobs.find(
    (each) => each.flag('enabled') === true && each.list('guest_ids').some((of) => endsIn(of, vmid)),
  );
  return {
    enabled: guest.flag('backed'),
    schedule: job?.text('schedule') ?? null,
    retention_days: retentionDays(job?.text('retention') ?? null),
    last_backup: newest.time('taken'),
    backup_size_gb: newest.in(GiB, 'size'),
  };
}

/** `101`, or `qemu/101`. */
const endsIn = (id: string, vmid: string): boolean => id === vmid || id.endsWith(`/${vmid}`);

/** `keep-daily=7` keeps seven days; rules of other kinds say it in no number of days. */
function retentionDays(retention: string | null): number | null {
  const [, days] = /keep-daily=(\d+)/.exec(retention ?? '') ?? [];
  return days === undefined ? null : Number(days);
}

/** Bytes a second as megabits a second. */
const megabits = (rate: number | null): number | null =>
  rate === null ? null : Math.round(((rate * 8) / 1e6) * 100) / 100;

/** What is null because nobody can tell, and why. A tag, gateway or VLAN that is not set is no such thing. */
function notTold(vm: VmDetails): Unavailable[] {
  const why: readonly (readonly [field: string, isNull: boolean, reason: string])[] = [
    [
      'performance.disk_usage_percent',
      vm.performance.disk_usage_percent === null,
      'Proxmox does not know how full the file systems in a VM are.',
    ],
    [
      'security.encrypted',
      vm.security.encrypted === null,
      'Proxmox does not tell whether a storage is encrypted: declare it in the settings of the service.',
    ],
    [
      'security.ssh_key_auth',
      vm.security.ssh_key_auth === null,
      'Cloud-init gives it no keys; whether there are others, only the guest knows.',
    ],
    ['security.last_security_scan', vm.security.last_security_scan === null, 'It has not been scanned.'],
    [
      'configuration.network.ip_address',
      vm.configuration.network.some(({ ip_address: address }) => address === null),
      'Neither the guest agent nor its configuration tells the address.',
    ],
    ['created_at', vm.created_at === null, 'It was made before Proxmox kept when a VM was made (7.3), or elsewhere.'],
    [
      'performance.network_rx_mbps',
      vm.performance.network_rx_mbps === null,
      'There are no figures of the last minutes.',
    ],
  ];
  return why.flatMap(([field, isNull, reason]) => (isNull ? [{ field, reason }] : []));
}
