import type { NodeState, Row } from '../state/model.ts';
import { InvalidWorld, Part } from './check.ts';
import { loadFirewall } from './load-firewall.ts';
import { loadSeries } from './load-guests.ts';
import { listedStorages, loadStorages, type Pools } from './load-storage.ts';

/** Parts of a node that a server may not offer, by their key in the world. */
const OPTIONAL = [
  'zfs',
  'disks',
  'pci',
  'network',
  'updates',
  'certificates',
  'replication',
  'subscription',
  'services',
] as const;

/** Fields of a node's status that follow from its load. */
const DERIVED = new Set(['uptime', 'cpu', 'loadavg', 'memory', 'swap', 'rootfs', 'wait', 'idle', 'ksm', 'pveversion']);

/** All nodes that any part of a world names. */
export function loadNodes(world: Part, start: number): Map<string, NodeState> {
  const cluster = world.at('cluster');
  const members = new Map(rowsOf(cluster.at('status'), 'node').map((row) => [row.at('name').text() ?? '', row]));
  const resources = new Map(rowsOf(cluster.at('resources'), 'node').map((row) => [row.at('node').text() ?? '', row]));
  const names = new Set([...members.keys(), ...resources.keys(), ...Object.keys(world.at('nodes').row())]);
  if (names.size === 0) throw new InvalidWorld('nodes', 'at least one node');
  const pools: Pools = new Map();
  const listed = listedStorages(cluster.at('resources'));
  const nodes = new Map<string, NodeState>();
  const none = new Part(undefined);
  for (const name of names) {
    const member = members.get(name) ?? none;
    const resource = resources.get(name) ?? none;
    const whole = world.at('nodes').at(name);
    const place = nodes.size + 1;
    nodes.set(name, loadNode({ name, member, resource, whole, world, start, pools, listed, place }));
  }
  return nodes;
}

function rowsOf(list: Part, type: string): Part[] {
  return list.list().filter((row) => row.at('type').text() === type);
}

interface Source {
  name: string;
  member: Part;
  resource: Part;
  whole: Part;
  world: Part;
  start: number;
  pools: Pools;
  /** The rows of /cluster/resources that are storages, by node. */
  listed: ReadonlyMap<string, Part[]>;
  place: number;
}

function loadNode(source: Source): NodeState {
  const { name, member, resource, whole, start } = source;
  const status = whole.at('status');
  const gone = member.at('online').flag() === 0 || resource.at('status').text() === 'offline';
  const uptime = status.at('uptime').number() ?? resource.at('uptime').number() ?? 0;
  const timezone = whole.at('time').at('timezone').text() ?? 'UTC';
  return {
    name,
    nodeid: member.at('nodeid').number() ?? source.place,
    ip: member.at('ip').text(),
    // without figures, it is gone for longer than they are kept
    offlineSince: gone ? (resource.at('maxmem').absent ? start - 3600 : start) * 1000 : undefined,
    bootTime: start - uptime,
    ...capacity(status, resource),
    own: { cpu: 0, cpuShare: 1, mem: 0, memShare: 1 },
    level: member.at('level').text() ?? resource.at('level').text() ?? '',
    fingerprint: undefined,
    timezone,
    tzOffset: zoneOffset(whole.at('time'), source.world),
    version: whole.at('version').absent ? source.world.at('version').row() : whole.at('version').row(),
    storages: loadStorages(source),
    ...equipment(whole),
    firewall: loadFirewall(whole.at('firewall')),
    rrd: loadSeries(whole.at('rrd')),
    notOffered: new Set(OPTIONAL.filter((key) => key in whole.row() && whole.at(key).absent)),
  };
}

type Capacity = Pick<NodeState, 'hardware' | 'maxcpu' | 'memTotal' | 'use' | 'memRead' | 'swap' | 'rootfs'>;

function capacity(status: Part, resource: Part): Capacity {
  const memory = status.at('memory');
  const rootfs = status.at('rootfs');
  const load = status
    .at('loadavg')
    .list()
    .map((part) => part.number() ?? 0);
  const total = rootfs.at('total').number() ?? resource.at('maxdisk').number() ?? 0;
  const used = rootfs.at('used').number() ?? resource.at('disk').number() ?? 0;
  const hardware = Object.entries(status.row()).filter(([key]) => !DERIVED.has(key));
  return {
    hardware: { ...Object.fromEntries(hardware), ...cgroupMode(resource) },
    maxcpu: status.at('cpuinfo').at('cpus').number() ?? resource.at('maxcpu').number() ?? 1,
    memTotal: memory.at('total').number() ?? resource.at('maxmem').number() ?? 0,
    use: {
      cpu: status.at('cpu').number() ?? resource.at('cpu').number() ?? 0,
      wait: status.at('wait').number() ?? 0,
      mem: memory.at('used').number() ?? resource.at('mem').number() ?? 0,
      loadavg: [load[0] ?? 0, load[1] ?? 0, load[2] ?? 0],
    },
    memRead: {
      free: memory.at('free').number(),
      available: memory.at('available').number(),
      ksm: status.at('ksm').at('shared').number(),
    },
    swap: { total: status.at('swap').at('total').number() ?? 0, used: status.at('swap').at('used').number() ?? 0 },
    rootfs: { total, used, avail: rootfs.at('avail').number() ?? total - used },
  };
}

function cgroupMode(resource: Part): Row {
  const mode = resource.at('cgroup-mode').number();
  return mode === undefined ? {} : { 'cgroup-mode': mode };
}

/** Seconds east of UTC, as the node's own clock shows, else the world's. */
function zoneOffset(time: Part, world: Part): number {
  const utc = time.at('time').number();
  const local = time.at('localtime').number();
  if (utc !== undefined && local !== undefined) return local - utc;
  return world.at('tz_offset').number() ?? 0;
}

type Equipment = Pick<
  NodeState,
  | 'zfs'
  | 'zfsDetail'
  | 'disks'
  | 'smart'
  | 'lvm'
  | 'lvmthin'
  | 'directory'
  | 'pci'
  | 'usb'
  | 'network'
  | 'networkChanges'
  | 'networkWaiting'
  | 'appliances'
  | 'dns'
  | 'hosts'
  | 'updates'
  | 'versions'
  | 'repositories'
  | 'certificates'
  | 'services'
  | 'subscription'
  | 'replication'
  | 'replicationLogs'
  | 'config'
  | 'syslog'
>;

function equipment(whole: Part): Equipment {
  const repositories = whole.at('repositories');
  return {
    zfs: whole.at('zfs').rows(),
    zfsDetail: byKey(whole.at('zfs_detail')),
    disks: whole.at('disks').rows(),
    smart: byKey(whole.at('smart')),
    lvm: whole.at('lvm').absent ? { leaf: 0, children: [] } : whole.at('lvm').row(),
    lvmthin: whole.at('lvmthin').rows(),
    directory: whole.at('directory').rows(),
    pci: whole.at('pci').rows(),
    usb: whole.at('usb').rows(),
    network: whole.at('network').rows(),
    networkChanges: whole.at('network_changes').text(),
    // the list is that of what is to come
    networkWaiting: whole.at('network_changes').absent ? undefined : whole.at('network').rows(),
    appliances: whole.at('aplinfo').absent ? undefined : whole.at('aplinfo').rows(),
    dns: whole.at('dns').row(),
    hosts: whole.at('hosts').at('data').text() ?? '',
    updates: whole.at('updates').rows(),
    versions: whole.at('apt_versions').rows(),
    repositories: repositories.absent ? undefined : repositories.row(),
    certificates: whole.at('certificates').rows(),
    services: whole.at('services').rows(),
    subscription: whole.at('subscription').row(),
    replication: whole.at('replication').rows(),
    replicationLogs: {},
    config: whole.at('config').row(),
    syslog: whole
      .at('syslog')
      .list()
      .map((line) => line.text() ?? ''),
  };
}

function byKey(part: Part): Record<string, Row> {
  return Object.fromEntries(part.entries().map(([key, value]) => [key, value.row()]));
}
