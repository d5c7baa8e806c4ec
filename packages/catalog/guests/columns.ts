import {
  bytes,
  type Cell,
  type ColumnDef,
  computed,
  count,
  type Draft,
  flag,
  fraction,
  isUnknown,
  list,
  pointer,
  seconds,
  text,
  unknownCell,
} from '../kit/index.ts';
import { recText } from './rows.ts';

const gone = (data: Readonly<Record<string, unknown>>): string | undefined =>
  data['status'] === 'unknown' ? `node ${String(data['node'])} does not answer` : undefined;

/** The columns that the cluster's one list gives. */
export const listColumns: Record<string, ColumnDef> = {
  vmid: count('VMID', 'vmid', { words: 'id|vmid|vm id|ctid|container id|guest id|number' }),
  name: text('NAME', 'name', { words: 'name|hostname|host name', why: gone }),
  type: text('TYPE', 'type', { words: 'type|kind' }),
  node: text('NODE', 'node', { words: 'node|host|hypervisor|location', names: 'node' }),
  status: text('STATUS', 'status'),
  state: {
    label: 'STATUS',
    type: 'text',
    unit: 'text',
    from: ['base', 'live'],
    uses: [],
    words: 'status|state|power state',
    values: {
      running: 'running|up|powered on|switched on|turned on|online|active|alive|started|on',
      stopped: 'stopped|down|powered off|switched off|turned off|offline|shut down|halted|off|not up|inactive',
      paused: 'paused|suspended|frozen',
      hibernated: 'hibernated|suspended to disk',
      unknown: 'unknown|unreachable',
    },
    read: stateOf,
  },
  cpu: fraction('CPU', 'cpu', { why: gone }),
  maxcpu: count('VCPUS', 'maxcpu', { why: gone }),
  cpu_used: computed(
    'CPU USED',
    ['cpu', 'maxcpu'],
    { unit: 'vcpus', formula: 'cpu × maxcpu' },
    (cpu: number, max: number) => cpu * max,
  ),
  mem: bytes('MEM', 'mem', { why: gone }),
  maxmem: bytes('MAX MEM', 'maxmem', { why: gone }),
  mem_share: computed('MEM %', ['mem', 'maxmem'], { unit: 'fraction', formula: 'mem / maxmem' }, share),
  mem_free: computed(
    'MEM FREE',
    ['maxmem', 'mem'],
    { unit: 'bytes', formula: 'maxmem − mem' },
    (max: number, used: number) => max - used,
  ),
  disk: {
    ...bytes('DISK USED', 'disk', { why: gone }),
    read: usedDisk,
  },
  maxdisk: bytes('DISK', 'maxdisk', { why: gone }),
  disk_share: computed('DISK %', ['disk', 'maxdisk'], { unit: 'fraction', formula: 'disk / maxdisk' }, share),
  disk_free: computed(
    'DISK FREE',
    ['maxdisk', 'disk'],
    { unit: 'bytes', formula: 'maxdisk − disk' },
    (max: number, used: number) => max - used,
  ),
  uptime: seconds('UPTIME', 'uptime', { words: 'uptime|up time', why: gone }),
  tags: list('TAGS', 'tags', { words: 'tag|label', absent: [], names: 'tag' }),
  pool: text('POOL', 'pool', { words: 'pool|resource pool', absent: '', names: 'pool' }),
  template: flag('TEMPLATE', 'template', { absent: false }),
  lock: text('LOCK', 'lock', { words: 'lock', absent: '' }),
  ha: text('HA', 'hastate', { words: 'ha state|ha status', absent: '' }),
  netin: bytes('NET IN', 'netin', {
    words: 'incoming traffic|network in|received traffic|traffic received',
    why: gone,
  }),
  netout: bytes('NET OUT', 'netout', { words: 'outgoing traffic|network out|sent traffic|traffic sent', why: gone }),
  net: computed(
    'TRAFFIC',
    ['netin', 'netout'],
    { unit: 'bytes', formula: 'netin + netout' },
    (a: number, b: number) => a + b,
  ),
  diskread: bytes('DISK READ', 'diskread', { words: 'disk read|bytes read', why: gone }),
  diskwrite: bytes('DISK WRITTEN', 'diskwrite', { words: 'disk write|disk written|bytes written', why: gone }),
  diskio: computed(
    'DISK I/O',
    ['diskread', 'diskwrite'],
    { unit: 'bytes', formula: 'diskread + diskwrite' },
    (a: number, b: number) => a + b,
  ),
};

function share(used: number, total: number): number | null {
  return total > 0 ? used / total : null;
}

/** `/cluster/resources` says running of a paused VM; its `qmpstatus` decides. A hibernated VM is stopped with a lock. */
function stateOf(row: Draft): Cell {
  const base = row.recs['base'];
  if (base === undefined || isUnknown(base)) return unknownCell('the guest list was not read');
  const status = recText(row, 'base', 'status');
  const at = pointer(base.at, 'status');
  if (status === 'stopped' && recText(row, 'base', 'lock').startsWith('suspend')) {
    return { value: 'hibernated', at: `status, lock: ${at}, ${pointer(base.at, 'lock')}` };
  }
  const qmp = recText(row, 'live', 'qmpstatus');
  const live = row.recs['live'];
  if (status !== 'running' || qmp === '' || live === undefined || isUnknown(live)) return { value: status, at };
  return { value: qmp === 'suspended' ? 'paused' : qmp, at: pointer(live.at, 'qmpstatus') };
}

/** Proxmox always says 0 for a VM's used disk: it cannot look into the guest. */
function usedDisk(row: Draft): Cell {
  const base = row.recs['base'];
  if (base === undefined || isUnknown(base)) return unknownCell('the guest list was not read');
  if (base.data['type'] === 'qemu') return unknownCell('Proxmox does not see how much of a VM’s disks is in use');
  const used = base.data['disk'];
  if (typeof used !== 'number') return unknownCell(gone(base.data) ?? 'Proxmox gave no disk');
  return { value: used, at: pointer(base.at, 'disk') };
}
