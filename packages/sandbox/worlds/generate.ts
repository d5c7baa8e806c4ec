import { settle } from '../load.ts';
import type { Guest, NodeState, Row, State, Volume } from '../state/model.ts';
import { demoFirewall, demoHa } from './demo-cluster.ts';
import { zones } from './demo.ts';
import { generateGuests, PRODUCTS, type MadeGuest } from './generate-guests.ts';
import { backupRuns, dailyTasks, pendingUpdates, replicationJobs } from './generate-history.ts';
import { archiveSize } from './made-backup.ts';
import { GIB, TIB } from './made-guest.ts';
import { certificates, disk, fingerprint, leaf, makeNode, mirror, vdevTree } from './made-node.ts';
import { archive, file, guestVolumes, makePool } from './made-volumes.ts';
import { ctime } from '../state/ctime.ts';
import { Random } from './random.ts';
import { Times } from './times.ts';

const VERSION = { version: '9.2.11', release: '9.2', repoid: '8b1f0a6c2d9e4f37' };

export interface GenerateOptions {
  seed?: number | undefined;
  nodes?: number | undefined;
  guests?: number | undefined;
  clock: { now(): number };
}

/**
 * A believable cluster of any size: the same seed, numbers and clock give the same cluster to the byte.
 * Shared Ceph for most disks, ZFS on every node, a nightly backup of what is in production.
 */
export function generateState({
  seed = 1,
  nodes: nodeCount = 3,
  guests: guestCount = 30,
  clock,
}: GenerateOptions): State {
  const times = new Times(clock.now());
  const random = new Random(seed);
  const names = Array.from({ length: nodeCount }, (_, index) => `pve${String(index + 1).padStart(2, '0')}`);
  const made = generateGuests(random, guestCount, names, times);
  const guests = new Map(made.map(({ guest }) => [guest.vmid, guest]));
  const byNode = new Map(names.map((name) => [name, [] as MadeGuest[]]));
  for (const entry of made) byNode.get(entry.guest.node)?.push(entry);
  const nodes = new Map(names.map((name, i) => [name, generateNode(random, name, i, byNode.get(name) ?? [], times)]));
  const saved = made.filter(({ production }) => production).map(({ guest }) => guest);
  const past = { random, times, nodes, guests: saved };
  fillStorages({ times, random, nodes, byNode, saved });
  return settle({
    seed,
    start: times.now,
    version: VERSION,
    ownVersion: VERSION,
    major: 9,
    cluster: nodeCount > 1 ? { name: `cluster-${seed}`, version: nodeCount } : undefined,
    localNode: names[0] ?? 'pve01',
    nodes,
    guests,
    storages: storages(),
    access: access(made),
    domains: [],
    options: { keyboard: 'en-us' },
    backupJobs: jobs(),
    replication: replicationJobs(past),
    ha: ha(saved, names),
    firewall: demoFirewall(),
    sdn: { resources: zones(names) },
    mappings: { pci: [], usb: [], dir: [] },
    metricServers: [],
    notifications: {},
    realmSync: [],
    log: [],
    tasks: [...backupRuns(past), ...dailyTasks(past)].sort((a, b) => b.starttime - a.starttime),
  });
}

const SIZES = [64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 8192] as const;
const CPUS = [16, 32, 48, 64, 96, 128, 192, 256, 384, 512] as const;

/** A node just large enough for its guests. */
function generateNode(
  random: Random,
  name: string,
  index: number,
  made: readonly MadeGuest[],
  times: Times,
): NodeState {
  let [used, busy] = [12, 0.4];
  for (const { guest } of made) {
    if (guest.status !== 'running') continue;
    used += guest.use.mem / GIB;
    busy += guest.use.cpu * Number(guest.config['cores']);
  }
  const mem = SIZES.find((size) => size * 0.9 > used) ?? Math.ceil(used / 0.9);
  const cpus = CPUS.find((count) => count * 0.75 > busy) ?? Math.ceil(busy / 1.5) * 2;
  const ip = `10.10.${Math.floor(index / 200)}.${11 + (index % 200)}`;
  const plan = {
    name,
    nodeid: index + 1,
    ip,
    cpus,
    cpu: busy / cpus,
    mem,
    memUsed: used,
    uptime: random.whole(86_400, 120 * 86_400),
    model: 'AMD EPYC 9354 32-Core Processor',
    mhz: '3245.124',
    fingerprint: fingerprint(name),
    version: VERSION,
  };
  const node = makeNode(plan, times.now);
  const ends = times.ago({ days: -random.whole(10, 700) });
  node.certificates = certificates({ name, ip }, times.ago({ days: 30 + random.whole(0, 300) }), ends);
  const ssd = { model: 'SAMSUNG MZQL23T8HCLS', size: 3_840_755_982_336, type: 'nvme' };
  node.disks = ['nvme0n1', 'nvme1n1'].map((dev) => disk(`/dev/${dev}`, { ...ssd, wearout: random.whole(70, 99) }));
  node.updates = pendingUpdates(random);
  return node;
}

interface Filling {
  times: Times;
  random: Random;
  nodes: Map<string, NodeState>;
  byNode: Map<string, MadeGuest[]>;
  saved: Guest[];
}

function fillStorages({ times, random, nodes, byNode, saved }: Filling): void {
  const everyone = [...byNode.values()].flat().map(({ guest }) => guest);
  const made = times.ago({ days: 200 });
  const ceph = sized(guestVolumes(everyone, 'ceph-vm', made), 0.55);
  const last = [times.at(0, '01:00'), times.at(1, '01:00')].filter((start) => start + 7200 < times.now);
  const archives = saved.flatMap((guest) =>
    last.map((start) => archive('nfs-backup', guest, start, archiveSize({ nodes }, guest))),
  );
  const nfs = sized([...files(times), ...archives], 1);
  for (const node of nodes.values()) {
    const volumes = guestVolumes(
      (byNode.get(node.name) ?? []).map(({ guest }) => guest),
      'local-zfs',
      made,
    );
    const zfs = sized(volumes, random.between(0.4, 0.8));
    node.storages.set('local', {
      active: 1,
      enabled: 1,
      pool: makePool(94 * GIB, 18 * GIB, localFiles(times), GIB / 20),
    });
    node.storages.set('local-zfs', { active: 1, enabled: 1, pool: zfs });
    node.storages.set('ceph-vm', { active: 1, enabled: 1, pool: ceph });
    node.storages.set('nfs-backup', { active: 1, enabled: 1, pool: nfs });
    addZpool(node, zfs.total, zfs.base, times);
  }
}

/** Space with room to spare: thin volumes take `share` of their size. */
function sized(volumes: Volume[], share: number): ReturnType<typeof makePool> {
  const bytes = volumes.reduce((sum, { size }) => sum + size, 0);
  const used = bytes * share + 40 * GIB;
  const total = Math.max(3.4 * TIB, Math.ceil((used * 1.5) / TIB) * TIB);
  return makePool(total, used, volumes, used / 2000);
}

function addZpool(node: NodeState, total: number, base: number, times: Times): void {
  const size = Math.round(total * 1.03);
  const alloc = Math.max(0, Math.round(total * 0.05 + base));
  node.zfs = [{ name: 'rpool', size, alloc, free: size - alloc, frag: 9, dedup: 1, health: 'ONLINE' }];
  const leaves = ['A', 'B'].map((side) => leaf(`nvme-SAMSUNG_MZQL23T8HCLS_${node.name}${side}`));
  node.zfsDetail['rpool'] = {
    name: 'rpool',
    state: 'ONLINE',
    scan: `scrub repaired 0B in 00:31:08 with 0 errors on ${ctime(times.at(6, '00:55:09'), 0)}`,
    errors: 'No known data errors',
    children: vdevTree('rpool', [mirror('mirror-0', leaves)]),
  };
}

function files(times: Times): Volume[] {
  return [file('nfs-backup:iso/debian-13.3.0-amd64-netinst.iso', 790_626_304, times.ago({ days: 40 }))];
}

function localFiles(times: Times): Volume[] {
  return [file('local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst', 124_785_413, times.ago({ days: 120 }))];
}

function storages(): Map<string, Row> {
  const all: Row[] = [
    { storage: 'local', type: 'dir', path: '/var/lib/vz', content: 'backup,iso,vztmpl' },
    { storage: 'local-zfs', type: 'zfspool', pool: 'rpool/data', content: 'images,rootdir', sparse: 1 },
    { storage: 'ceph-vm', type: 'rbd', pool: 'vm', content: 'images,rootdir', krbd: 0, shared: 1 },
    {
      storage: 'nfs-backup',
      type: 'nfs',
      server: '10.10.250.5',
      export: '/srv/backup',
      path: '/mnt/pve/nfs-backup',
      content: 'backup,iso,vztmpl',
      shared: 1,
    },
  ];
  return new Map(all.map((row) => [String(row['storage']), row]));
}

function access(made: readonly MadeGuest[]): State['access'] {
  const pools = PRODUCTS.map((poolid) => ({
    poolid,
    vms: made.filter(({ pool }) => pool === poolid).map(({ guest }) => guest.vmid),
    storage: [],
  }));
  return {
    users: [
      { userid: 'root@pam', enable: 1, expire: 0, 'realm-type': 'pam' },
      { userid: 'operator@pve', enable: 1, expire: 0, 'realm-type': 'pve' },
    ],
    groups: [{ groupid: 'operators', users: ['operator@pve'] }],
    tokens: [{ tokenid: 'root@pam!sandbox', privsep: 0, expire: 0 }],
    roles: [],
    pools: pools.filter(({ vms }) => vms.length > 0),
    acl: [{ path: '/', type: 'group', ugid: 'operators', roleid: 'PVEAdmin', propagate: 1 }],
  };
}

function jobs(): Row[] {
  const common = { type: 'vzdump', enabled: 1, storage: 'nfs-backup', mode: 'snapshot', compress: 'zstd' };
  return PRODUCTS.map((pool) => ({ ...common, id: `nightly-${pool}`, schedule: '01:00', pool }));
}

/** The first few databases and proxies are under HA. */
function ha(saved: readonly Guest[], names: readonly string[]): State['ha'] {
  const chosen = saved
    .filter(({ config }) => /-(?:db|proxy)-/.test(String(config['name'] ?? config['hostname'])))
    .slice(0, 20);
  const limits = { max_restart: 1, max_relocate: 1 };
  const sid = (guest: Guest): string => `${guest.type === 'qemu' ? 'vm' : 'ct'}:${guest.vmid}`;
  const state = (guest: Guest): string => (guest.status === 'running' ? 'started' : 'stopped');
  return {
    ...demoHa(),
    resources: chosen.map((guest) => ({
      sid: sid(guest),
      type: sid(guest).slice(0, 2),
      state: state(guest),
      ...limits,
    })),
    rules: [],
    services: chosen.map((guest) => ({
      sid: sid(guest),
      node: guest.node,
      state: state(guest),
      crm_state: state(guest),
      request_state: state(guest),
      ...limits,
      status: `${sid(guest)} (${guest.node}, ${state(guest)})`,
    })),
    master: { node: names[0] ?? '', word: 'active', age: 4 },
    lrm: names.map((node, index) => ({ node, word: 'active', age: index % 8 })),
    others: [{ id: 'fencing', type: 'fencing', node: names[0], status: 'armed', 'armed-state': 'armed' }],
  };
}
