import { any, compare, contains, dataset, has, is, known, not, type SummaryRow } from '../kit/index.ts';
import { detailColumns } from './detail-columns.ts';
import { findings } from './findings.ts';
import { kernelColumns, kernelsOf } from './kernels.ts';
import { listColumns } from './list-columns.ts';
import { dnsOf, nodeConfigOf, nodeRows, servicesOf, statusOf, subscriptionOf, timeOf } from './rows.ts';

/** The hosts of the cluster. */
export const nodes = dataset({
  id: 'nodes',
  title: 'Nodes',
  counted: 'nodes',
  weight: 8,
  entity: 'node',
  nouns: [
    {
      words:
        'node|hypervisor|physical server|physical host|physical machine|physical box|proxmox server|proxmox host|cluster node|host|host machine|pve host|pve node',
      title: 'Nodes',
    },
    { words: 'server|hardware|box', title: 'Nodes', weak: true },
  ],
  rows: nodeRows,
  details: {
    status: statusOf,
    time: timeOf,
    subscription: subscriptionOf,
    config: nodeConfigOf,
    dns: dnsOf,
    services: servicesOf,
    kernels: kernelsOf,
  },
  columns: { ...listColumns, ...detailColumns, ...kernelColumns },
  identity: ['node'],
  shown: [
    'node',
    'status',
    'cpu',
    'maxcpu',
    'mem',
    'maxmem',
    'mem_share',
    'storage_used',
    'storage_total',
    'storage_share',
    'storage',
  ],
  named: 'node',
  scopes: { node: 'node', guest: 'guest_ids' },
  quantities: [
    {
      words: 'memory|ram|mem|physical memory|physical ram',
      plain: 'mem',
      used: 'mem',
      total: 'maxmem',
      share: 'mem_share',
      free: 'mem_free',
    },
    {
      words: 'cpu|compute|cpu load|cpu usage|processor load|processor usage|processor use',
      plain: 'cpu',
      used: 'cpu',
      total: 'maxcpu',
      share: 'cpu',
    },
    {
      words: 'core|thread|cpu core|cpu thread|logical cpu|cpu count',
      plain: 'maxcpu',
      total: 'maxcpu',
      used: 'cpu_used',
      free: 'cpu_free',
    },
    {
      words: 'root disk|root file system|root filesystem|rootfs|system disk|root partition|disk|disk space',
      plain: 'disk',
      used: 'disk',
      total: 'maxdisk',
      share: 'disk_share',
      free: 'disk_free',
    },
    {
      words: 'storage|local storage|guest storage|storage space',
      plain: 'storage_used',
      used: 'storage_used',
      total: 'storage_total',
      share: 'storage_share',
      free: 'storage_free',
    },
    { words: 'swap|swap space', plain: 'swap', used: 'swap', total: 'maxswap', share: 'swap_share', free: 'swap_free' },
    { words: 'uptime|up time', plain: 'uptime' },
    { words: 'load|load average|system load', plain: 'load1', used: 'load1' },
    { words: 'io wait|iowait|i/o wait|io delay', plain: 'iowait', share: 'iowait' },
    { words: 'guest|vm and container', plain: 'guests', total: 'guests', used: 'guests_running' },
    { words: 'vm|virtual machine', plain: 'vms', total: 'vms', used: 'vms_running' },
    { words: 'container|ct|lxc', plain: 'cts', total: 'cts', used: 'cts_running' },
    {
      words: 'allocated memory|assigned memory|memory commitment',
      plain: 'mem_allocated',
      used: 'mem_allocated',
      total: 'maxmem',
      share: 'mem_commit',
    },
    {
      words: 'allocated vcpu|vcpu|assigned vcpu',
      plain: 'vcpus_allocated',
      used: 'vcpus_allocated',
      total: 'maxcpu',
      share: 'vcpu_ratio',
    },
  ],
  began: [{ column: 'booted', verbs: 'started|restarted|booted|rebooted' }],
  grades: [
    {
      words: 'close to running out of memory|close to running out of ram|near to running out of memory|short of memory',
      column: 'mem_share',
      dir: 'desc',
    },
    { words: 'busy|loaded|heavily loaded|heavily used|active|hot|stressed', column: 'cpu', dir: 'desc' },
    { words: 'idle|quiet|free|empty|unused', column: 'cpu', dir: 'asc' },
    { words: 'big|large|powerful|strong', column: 'maxmem', dir: 'desc' },
    { words: 'small|weak|tiny', column: 'maxmem', dir: 'asc' },
    { words: 'full', column: 'storage_share', dir: 'desc' },
    { words: 'crowded|packed|tight', column: 'mem_share', dir: 'desc' },
    {
      words: 'overcommitted|overcommit|overbooked|oversubscribed',
      column: 'mem_commit',
      dir: 'desc',
      where: compare('mem_commit', '>', 1),
    },
    { words: 'long running|long up', column: 'uptime', dir: 'desc' },
    {
      words: 'recently booted|recently rebooted|recently restarted|recently started|freshly booted',
      column: 'booted',
      dir: 'desc',
    },
  ],
  phrases: [
    {
      say: 'last (rebooted|booted|restarted|started|up)|(rebooted|booted|restarted) last|last boot|last reboot|last restart',
      where: known('booted'),
      focus: ['booted', 'uptime'],
    },
    {
      say: '(need|needing|needs|require|requiring) (an)? (update|updates|upgrade|upgrades|patching|updating)|(to be|be|being) updated|out of date|outdated|not up to date|unpatched',
      where: has('updates'),
      not: not(has('updates')),
    },
    {
      say: '(fully|completely|all)? up to date|(fully|completely) (updated|patched)|patched|with nothing to update',
      where: not(has('updates')),
      not: has('updates'),
    },
    {
      say: '(doing|faring)? (on|for|with|in terms of)? (resource|resources|resource usage|resource utilization|resource consumption)',
      where: known('node'),
    },
    {
      say: '(is|are)? (overloaded|under pressure|struggling|maxed out|at (its|their) limit|overworked)',
      where: any(compare('cpu', '>=', 0.9), compare('mem_share', '>=', 0.9)),
      focus: ['cpu', 'mem_share'],
    },
    {
      say: 'swapping|in swap|using swap|use swap|(that|which) (use|uses) swap',
      where: compare('swap', '>', 0),
      focus: ['swap', 'maxswap'],
    },
    {
      say: '(with|having) (a|an)? (valid|active)? subscription|subscribed|licensed',
      where: is('subscription', 'active'),
      focus: ['subscription'],
    },
    {
      say: '(what|which) (kind of|sort of|type of)? (cpu|cpus|processor|processors) (is|are|does|do|has|have)|processor',
      focus: ['cpu_model', 'sockets', 'maxcpu'],
    },
    { say: '(with|on|running)? (an)? amd (cpu|processor)?', where: contains('cpu_model', 'amd'), focus: ['cpu_model'] },
    {
      say: '(with|on|running)? (an)? intel (cpu|processor)?',
      where: contains('cpu_model', 'intel'),
      focus: ['cpu_model'],
    },
    { say: 'in (the)? cluster|of (the)? cluster', where: not(is('node', '')) },
    {
      say: '(rebooted|booted|restarted) recently|recently (rebooted|booted|restarted)',
      where: compare('booted', '>=', { ago: 7 * 86_400 }),
      focus: ['uptime', 'booted'],
    },
    {
      say: '(with|using)? secure boot( enabled)?',
      where: is('secure_boot', true),
      focus: ['secure_boot', 'boot_mode'],
    },
  ],
  relations: {
    guests: { dataset: 'guests', ours: 'node', theirs: 'node' },
    updates: { dataset: 'updates', ours: 'node', theirs: 'node' },
    certificates: { dataset: 'certificates', ours: 'node', theirs: 'node' },
    tasks: { dataset: 'tasks', ours: 'node', theirs: 'node' },
    zfs: { dataset: 'zfs', ours: 'node', theirs: 'node' },
    disks: { dataset: 'disks', ours: 'node', theirs: 'node' },
    pci: { dataset: 'pci', ours: 'node', theirs: 'node' },
    usb: { dataset: 'usb', ours: 'node', theirs: 'node' },
    network: { dataset: 'network', ours: 'node', theirs: 'node' },
    firewall: { dataset: 'firewalls', ours: 'node', theirs: 'node' },
  },
  order: [{ column: 'node', dir: 'asc' }],
  summary,
  findings,
});

function summary(rows: readonly SummaryRow[]): string {
  const online = rows.filter((row) => row('status') === 'online');
  const parts = [`${online.length} of ${rows.length} online`];
  const sum = (column: string): number | undefined => {
    const values = online.map((row) => row(column));
    if (values.some((value) => typeof value !== 'number')) return undefined;
    return values.reduce<number>((total, value) => total + Number(value), 0);
  };
  const [cpu, cpus, mem, maxmem] = [sum('cpu_used'), sum('maxcpu'), sum('mem'), sum('maxmem')];
  if (cpu !== undefined && cpus !== undefined) parts.push(`${cpu.toFixed(1)}/${cpus} CPUs in use`);
  if (mem !== undefined && maxmem !== undefined) parts.push(`${gib(mem)}/${gib(maxmem)} GB RAM in use`);
  return parts.join(' · ');
}

function gib(bytes: number): string {
  const value = bytes / 1024 ** 3;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
