import { bytes, type ColumnDef, computed, count, fraction, given, seconds, text } from '../kit/index.ts';

// Without Sys.Audit on the node, Proxmox lists it without its figures (pve-manager PVE/API2/Cluster.pm, resources).
const withheld = (data: Readonly<Record<string, unknown>>): string =>
  data['status'] === 'online'
    ? `needs Sys.Audit on /nodes/${String(data['node'])}`
    : `node ${String(data['node'])} is offline`;

const share = (used: number, total: number): number | null => (total > 0 ? used / total : null);
const rest = (total: number, used: number): number => total - used;

/** The columns that the cluster's one list gives. */
export const listColumns: Record<string, ColumnDef> = {
  node: text('NODE', 'node', { words: 'name|node name|hostname', names: 'node' }),
  status: text('STATUS', 'status', {
    words: 'status|state',
    values: {
      online: 'online|up|running|alive|reachable|available|active',
      offline: 'offline|down|dead|unreachable|unavailable|not up|failed|lost|missing|missing from the cluster',
    },
  }),
  cpu: fraction('CPU', 'cpu', { why: withheld }),
  maxcpu: count('CPUS', 'maxcpu', { why: withheld }),
  cpu_used: computed(
    'CPU USED',
    ['cpu', 'maxcpu'],
    { unit: 'vcpus', formula: 'cpu × maxcpu' },
    (cpu: number, max: number) => cpu * max,
  ),
  cpu_free: computed(
    'CPU FREE',
    ['cpu', 'maxcpu'],
    { unit: 'vcpus', formula: '(1 − cpu) × maxcpu' },
    (cpu: number, max: number) => (1 - cpu) * max,
  ),
  mem: bytes('RAM', 'mem', { why: withheld }),
  maxmem: bytes('MAX RAM', 'maxmem', { why: withheld }),
  mem_share: computed('RAM %', ['mem', 'maxmem'], { unit: 'fraction', formula: 'mem / maxmem' }, share),
  mem_free: computed('RAM FREE', ['maxmem', 'mem'], { unit: 'bytes', formula: 'maxmem − mem' }, rest),
  disk: bytes('ROOT FS', 'disk', { why: withheld }),
  maxdisk: bytes('ROOT FS SIZE', 'maxdisk', { why: withheld }),
  disk_share: computed('ROOT FS %', ['disk', 'maxdisk'], { unit: 'fraction', formula: 'disk / maxdisk' }, share),
  disk_free: computed('ROOT FS FREE', ['maxdisk', 'disk'], { unit: 'bytes', formula: 'maxdisk − disk' }, rest),
  uptime: seconds('UPTIME', 'uptime', { words: 'uptime|up time', why: withheld }),
  level: text('SUBSCRIPTION LEVEL', 'level', { words: 'subscription level|support level', absent: 'none' }),
  ha: text('HA', 'hastate', { words: 'ha state|ha status', absent: '' }),
  storage: given('MAIN STORAGE', 'storage', 'text', 'text', { words: 'main storage' }),
  storage_used: given('STORAGE', 'storage_used', 'number', 'bytes'),
  storage_total: given('STORAGE SIZE', 'storage_total', 'number', 'bytes'),
  storage_share: computed(
    'STORAGE %',
    ['storage_used', 'storage_total'],
    { unit: 'fraction', formula: 'disk / maxdisk' },
    share,
  ),
  storage_free: computed(
    'STORAGE FREE',
    ['storage_total', 'storage_used'],
    { unit: 'bytes', formula: 'maxdisk − disk' },
    rest,
  ),
  guests: given('GUESTS', 'guests', 'number', 'guests', { words: 'number of guests|guest count' }),
  guests_running: given('GUESTS RUNNING', 'guests_running', 'number', 'guests', { words: 'running guests' }),
  vms: given('VMS', 'vms', 'number', 'guests', { words: 'number of vms|vm count' }),
  vms_running: given('VMS RUNNING', 'vms_running', 'number', 'guests', { words: 'running vms' }),
  cts: given('CONTAINERS', 'cts', 'number', 'guests', { words: 'number of containers|container count' }),
  cts_running: given('CONTAINERS RUNNING', 'cts_running', 'number', 'guests', { words: 'running containers' }),
  guest_ids: given('GUEST IDS', 'guest_ids', 'list', 'text'),
  vcpus_allocated: given('VCPUS ALLOCATED', 'vcpus_allocated', 'number', 'vcpus'),
  mem_allocated: given('RAM ALLOCATED', 'mem_allocated', 'number', 'bytes'),
  vcpu_ratio: computed(
    'VCPU RATIO',
    ['vcpus_allocated', 'maxcpu'],
    {
      unit: 'fraction',
      formula: 'vCPUs of running guests / CPUs',
      words: 'vcpu ratio|cpu ratio|cpu overcommit|vcpu to cpu ratio|cpu overcommitment',
    },
    share,
  ),
  mem_commit: computed(
    'RAM COMMIT',
    ['mem_allocated', 'maxmem'],
    {
      unit: 'fraction',
      formula: 'memory of running guests / memory of the node',
      words: 'ram commit|memory commit|memory overcommit|memory overcommitment',
    },
    share,
  ),
};
