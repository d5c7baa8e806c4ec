import { all, compare, dataset, is, not, type SummaryRow } from '../kit/index.ts';
import { coverageColumn, coverageFinding, coverageOf } from '../backups/coverage.ts';
import { listColumns } from './columns.ts';
import { configColumns } from './config-columns.ts';
import { findings } from './findings.ts';
import { phrases } from './phrases.ts';
import { optionColumns } from './option-columns.ts';
import { guestFirewallColumn, guestFirewallOf } from '../firewall/guest-column.ts';
import { guestStoragesColumn } from '../guest-parts/guest-column.ts';
import { configOf, guestRows, interfacesOf, liveOf, statusOf, systemOf } from './rows.ts';

const isTemplate = is('template', true);

/** Virtual machines, containers and templates. */
export const guests = dataset({
  id: 'guests',
  title: 'Guests',
  counted: 'guests',
  weight: 10,
  entity: 'guest',
  nouns: [
    { words: 'guest|machine|instance|workload', title: 'Guests' },
    { words: 'server|system|box|computer', title: 'Guests', weak: true },
    { words: 'vm|virtual machine|qemu|kvm|qemu guest|qemu vm|virtual server', where: is('type', 'qemu'), title: 'VMs' },
    { words: 'container|ct|lxc|lxc container|linux container', where: is('type', 'lxc'), title: 'Containers' },
    { words: 'template|vm template|template vm', where: isTemplate, title: 'Templates' },
    {
      words: 'windows vm|windows machine|windows server',
      where: is('windows', true),
      title: 'Windows guests',
      weak: true,
    },
  ],
  rows: guestRows,
  details: {
    config: configOf,
    status: statusOf,
    live: liveOf,
    interfaces: interfacesOf,
    system: systemOf,
    firewall: guestFirewallOf,
    coverage: coverageOf,
  },
  columns: {
    ...listColumns,
    ...configColumns,
    ...optionColumns,
    firewall: guestFirewallColumn,
    storages: guestStoragesColumn,
    backed: coverageColumn,
  },
  identity: ['vmid', 'name'],
  shown: ['vmid', 'name', 'node', 'status', 'cpu', 'maxcpu', 'mem', 'maxmem', 'maxdisk', 'uptime'],
  named: 'name',
  scopes: {
    guest: 'id',
    node: 'node',
    pool: 'pool',
    tag: 'tags',
    vlan: 'vlans',
    bridge: 'bridges',
    storage: 'storages',
  },
  began: [
    { column: 'booted', verbs: 'started|restarted|booted|rebooted|powered on|switched on' },
    { column: 'created', verbs: 'created|made|set up|deployed|provisioned|built' },
  ],
  unless: [{ mentions: ['template'], where: not(isTemplate) }],
  quantities: [
    {
      words: 'memory|ram|mem',
      plain: 'mem',
      used: 'mem',
      total: 'maxmem',
      share: 'mem_share',
      free: 'mem_free',
    },
    { words: 'cpu|processor|compute', plain: 'cpu', used: 'cpu', total: 'maxcpu', share: 'cpu' },
    { words: 'core|vcpu|cpu core|virtual cpu|cpu count', plain: 'maxcpu', total: 'maxcpu', used: 'cpu_used' },
    {
      words: 'disk|disk space|disk size|disk usage|root disk|storage|storage space|space',
      plain: 'maxdisk',
      used: 'disk',
      total: 'maxdisk',
      share: 'disk_share',
      free: 'disk_free',
    },
    { words: 'uptime', plain: 'uptime' },
    { words: 'traffic|network traffic|network usage|bandwidth|network throughput|network', plain: 'net', used: 'net' },
    { words: 'disk io|io|disk activity|i/o|disk i/o', plain: 'diskio', used: 'diskio' },
    { words: 'nic|network card|network interface|network adapter', plain: 'nic_count', total: 'nic_count' },
    { words: 'swap', plain: 'swap', total: 'swap' },
    { words: 'disk write|write|written', plain: 'diskwrite' },
    { words: 'disk read|read', plain: 'diskread' },
    { words: 'cpu limit|cpulimit', plain: 'cpulimit', total: 'cpulimit' },
    { words: 'cpu socket|socket', plain: 'sockets', total: 'sockets' },
  ],
  grades: [
    {
      words: 'close to running out of memory|close to running out of ram|near to running out of memory|short of memory',
      column: 'mem_share',
      dir: 'desc',
    },
    {
      words:
        'close to running out of disk|close to running out of disk space|close to running out of space|short of disk space',
      column: 'disk_share',
      dir: 'desc',
    },
    { words: 'busy|loaded|active|hard working', column: 'cpu', dir: 'desc' },
    {
      words: 'idle|idling|quiet|lazy',
      column: 'cpu',
      dir: 'asc',
      where: all(is('state', 'running'), compare('cpu', '<', 0.05)),
    },
    { words: 'big|large|huge|fat', column: 'maxmem', dir: 'desc' },
    { words: 'small|tiny', column: 'maxmem', dir: 'asc' },
    { words: 'hungry|memory hungry|greedy', column: 'mem', dir: 'desc' },
    { words: 'full', column: 'disk_share', dir: 'desc' },
    { words: 'old', column: 'created', dir: 'asc' },
    { words: 'new|recent|young', column: 'created', dir: 'desc' },
    { words: 'long running|long up', column: 'uptime', dir: 'desc' },
  ],
  phrases,
  relations: {
    snapshots: { dataset: 'snapshots', ours: 'id', theirs: 'guest' },
    backups: { dataset: 'backups', ours: 'id', theirs: 'guest', words: 'backed up|(been)? backed up' },
    runs: { dataset: 'backup-runs', ours: 'id', theirs: 'guest' },
    ha: { dataset: 'ha', ours: 'id', theirs: 'guest' },
    replication: { dataset: 'replication', ours: 'id', theirs: 'guest' },
    tasks: { dataset: 'tasks', ours: 'id', theirs: 'guest' },
    backup_jobs: { dataset: 'backup-jobs', ours: 'id', theirs: 'guest_ids' },
    disks: { dataset: 'guest-disks', ours: 'id', theirs: 'guest' },
    nics: { dataset: 'guest-nics', ours: 'id', theirs: 'guest' },
    volumes: { dataset: 'volumes', ours: 'id', theirs: 'guest' },
    firewall: { dataset: 'firewalls', ours: 'id', theirs: 'guest' },
    rules: { dataset: 'firewall-rules', ours: 'id', theirs: 'guest' },
  },
  order: [{ column: 'vmid', dir: 'asc' }],
  summary,
  findings: [...findings, coverageFinding],
});

function summary(rows: readonly SummaryRow[]): string {
  const by = (status: string): SummaryRow[] => rows.filter((row) => row('status') === status);
  const sum = (which: readonly SummaryRow[], column: string): number =>
    which.reduce((total, row) => total + (Number(row(column)) || 0), 0);
  const parts: string[] = [];
  for (const status of ['running', 'stopped', 'unknown']) {
    const count = by(status).length;
    if (count > 0) parts.push(`${count} ${status}`);
  }
  const running = by('running');
  if (running.length > 0) {
    parts.push(`${Math.round(sum(running, 'cpu_used'))}/${sum(running, 'maxcpu')} vCPUs in use`);
    parts.push(`${gib(sum(running, 'mem'))}/${gib(sum(running, 'maxmem'))} GB RAM in use`);
  }
  return parts.join(' · ');
}

function gib(bytes: number): string {
  const value = bytes / 1024 ** 3;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
