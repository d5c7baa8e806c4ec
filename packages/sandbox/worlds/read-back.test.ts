import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asking } from './asking.ts';
import { loadWorld } from './load.ts';

const shared = process.env['PXA_SHARED'] ?? join(import.meta.dirname, '../../../../shared');
const file = join(shared, 'examples/world.json');
const present = existsSync(file);
if (!present) console.log(`skipped: ${file} is not there`);

/** Where Proxmox itself answers otherwise than the example was written. */
const KNOWN = [
  'resources.qemu/106.status', // never `paused` there
  'pools.prod', // their members' rows are those of /cluster/resources
  'pools.lab',
  'tasks.length', // as many a node as the real list holds
];

interface Node {
  [part: string]: unknown;
}
interface World {
  nextid: string;
  version: unknown;
  cluster: Record<string, unknown> & { resources: { id: string; node: string }[] };
  storage_defs: unknown;
  pools: { poolid: string; comment?: string }[];
  access: { users: unknown; acl: unknown; groups: unknown };
  nodes: Record<string, Node>;
  guests: Record<string, Node & { rrd: Record<string, unknown> }>;
}

const KEYS = [
  'upid',
  'id',
  'volid',
  'vmid',
  'iface',
  'storage',
  'userid',
  'tokenid',
  'ugid',
  'devpath',
  'sid',
  'Package',
];

/** All places where `got` lacks what `want` has. Lists of things with ids are compared by id. */
function differences(path: string, want: unknown, got: unknown): string[] {
  if (want === null) return [];
  if (Array.isArray(want)) return listDifferences(path, want, got);
  if (typeof want === 'object') {
    const other = (got ?? {}) as Record<string, unknown>;
    return Object.entries(want ?? {}).flatMap(([key, value]) => differences(`${path}.${key}`, value, other[key]));
  }
  const close = typeof want === 'number' && typeof got === 'number' && Math.abs(want - got) <= 1e-4 * Math.abs(want);
  return close || want === got ? [] : [`${path}: ${JSON.stringify(want)} became ${JSON.stringify(got)}`];
}

function listDifferences(path: string, want: unknown[], got: unknown): string[] {
  if (!Array.isArray(got)) return [`${path}: no list`];
  const first: unknown = want[0];
  const key = KEYS.find((name) => typeof first === 'object' && first !== null && name in first);
  const id = (row: unknown): unknown => (row as Record<string, unknown>)[key ?? ''];
  const missing = want.length === got.length ? [] : [`${path}.length: ${want.length} became ${got.length}`];
  return [
    ...missing,
    ...want.flatMap((row, index) => {
      const other: unknown = key === undefined ? got[index] : got.find((entry) => id(entry) === id(row));
      return differences(`${path}.${key === undefined ? index : String(id(row))}`, row, other);
    }),
  ];
}

const CLUSTER: Record<string, string> = {
  status: '/cluster/status',
  options: '/cluster/options',
  resources: '/cluster/resources',
  ha_status: '/cluster/ha/status/current',
  ha_resources: '/cluster/ha/resources',
  backup: '/cluster/backup',
  not_backed_up: '/cluster/backup-info/not-backed-up',
  replication: '/cluster/replication',
  tasks: '/cluster/tasks',
};

const NODE: Record<string, string> = {
  status: 'status',
  time: 'time',
  version: 'version',
  qemu: 'qemu',
  lxc: 'lxc',
  storage: 'storage',
  zfs: 'disks/zfs',
  disks: 'disks/list',
  pci: 'hardware/pci',
  network: 'network',
  updates: 'apt/update',
  certificates: 'certificates/info',
  replication: 'replication',
  subscription: 'subscription',
  services: 'services',
};

/** Every read of the example with what it gave: name, path, parameters, answer. */
function* reads(world: World): Generator<[string, string, Record<string, unknown>, unknown]> {
  yield ['version', '/version', {}, world.version];
  yield ['nextid', '/cluster/nextid', {}, world.nextid];
  for (const [key, path] of Object.entries(CLUSTER)) yield [key, path, {}, world.cluster[key]];
  if (world.cluster['ha_groups'] !== null) yield ['ha_groups', '/cluster/ha/groups', {}, world.cluster['ha_groups']];
  yield ['storage_defs', '/storage', {}, world.storage_defs];
  yield ['users', '/access/users', { full: 1 }, world.access.users];
  yield ['acl', '/access/acl', {}, world.access.acl];
  for (const pool of world.pools) yield [`pools.${pool.poolid}`, '/pools', { poolid: pool.poolid }, [pool]];
  for (const [name, node] of Object.entries(world.nodes)) if (node) yield* nodeReads(`/nodes/${name}`, node);
  for (const [id, guest] of Object.entries(world.guests)) {
    const node = world.cluster.resources.find((row) => row.id === id)?.node ?? '';
    if (world.nodes[node]) yield* guestReads(`/nodes/${node}/${id}`, guest);
  }
}

function* nodeReads(base: string, node: Node): Generator<[string, string, Record<string, unknown>, unknown]> {
  const inner = (key: string): [string, unknown][] => Object.entries(node[key] as object);
  for (const [key, path] of Object.entries(NODE)) yield [`${base}.${key}`, `${base}/${path}`, {}, node[key]];
  yield [`${base}.tasks`, `${base}/tasks`, { limit: 500, source: 'all' }, node['tasks']];
  for (const [upid, log] of inner('task_logs')) yield ['log', `${base}/tasks/${upid}/log`, { limit: 0 }, log];
  for (const [id, rows] of inner('content')) yield ['content', `${base}/storage/${id}/content`, {}, rows];
  for (const [name, row] of inner('zfs_detail')) yield ['zfs', `${base}/disks/zfs/${name}`, {}, row];
  for (const [timeframe, rows] of inner('rrd'))
    yield [timeframe, `${base}/rrddata`, { timeframe, cf: 'AVERAGE' }, rows];
  const week = { timeframe: 'week', cf: 'AVERAGE' };
  for (const [id, rows] of inner('storage_rrd')) yield ['storage_rrd', `${base}/storage/${id}/rrddata`, week, rows];
}

function* guestReads(
  base: string,
  guest: World['guests'][string],
): Generator<[string, string, Record<string, unknown>, unknown]> {
  yield [base, `${base}/config`, {}, guest['config']];
  yield [base, `${base}/status/current`, {}, guest['status']];
  yield [base, `${base}/snapshot`, {}, guest['snapshots']];
  yield [base, `${base}/rrddata`, { timeframe: 'day', cf: 'AVERAGE' }, guest.rrd['day']];
  yield [base, `${base}/rrddata`, { timeframe: 'day', cf: 'MAX' }, guest.rrd['day_max']];
  const inside = base.includes('/qemu/') ? 'agent/network-get-interfaces' : 'interfaces';
  if (guest['interfaces'] !== null) yield [base, `${base}/${inside}`, {}, guest['interfaces']];
}

type Raw = Record<string, unknown>;

/** The same cluster after an upgrade to 9.x, with a node lost an hour ago and a service that could not be started. */
function upgraded(world: World): World {
  const copy = structuredClone(world);
  const { cluster } = copy;
  Object.assign(copy, { version: { version: '9.1.4', release: '9.1', repoid: '5ac30304265fbd8e' } });
  cluster['ha_groups'] = null;
  cluster['ha_rules'] = [
    {
      rule: 'all-nodes',
      type: 'node-affinity',
      resources: 'vm:100,vm:103',
      nodes: 'pve-node01:2',
      strict: 1,
      digest: 'd3',
    },
    { rule: 'apart', type: 'resource-affinity', resources: 'vm:100,vm:103', affinity: 'negative', digest: 'd3' },
  ];
  for (const row of cluster['ha_resources'] as Raw[]) {
    delete row['group'];
    row['failback'] = 0;
  }
  for (const row of cluster['ha_status'] as Raw[]) {
    if (row['sid'] === 'vm:103')
      Object.assign(row, { state: 'error', crm_state: 'error', status: 'vm:103 (pve-node02, error)' });
    if (row['id'] !== 'lrm:pve-node03') continue;
    Object.assign(row, {
      status: 'pve-node03 (old timestamp - dead?, Thu Nov 20 10:29:51 2025)',
      timestamp: 1763630991,
    });
  }
  Object.assign(copy.guests['qemu/103']?.['status'] as Raw, { ha: { managed: 1, state: 'error' } });
  for (const row of cluster['status'] as Raw[]) if (row['name'] === 'pve-node03') row['online'] = 0;
  cluster.resources = cluster.resources.flatMap((row: Raw) => lostRow(row)) as World['cluster']['resources'];
  for (const node of Object.values(copy.nodes)) {
    const memory = (node['status'] as Raw)['memory'] as Raw;
    Object.assign(memory, { available: Number(memory['free']) + 4096, free: Number(memory['free']) - 8192 });
    (node['status'] as Raw)['ksm'] = { shared: 4_194_304 };
  }
  copy.nodes['pve-node03'] = null as unknown as Node; // nothing could be read there
  for (const row of cluster.resources) {
    if (row.node === 'pve-node03' && copy.guests[row.id]) copy.guests[row.id] = { rrd: {} };
  }
  return copy;
}

/** What /cluster/resources still shows of what is on pve-node03; a paused guest is running there, as 9.x has it. */
function lostRow(row: Raw): Raw[] {
  const { id, type, node, vmid, tags, pool, hastate } = row;
  if (id === 'qemu/103') return [{ ...row, hastate: 'error', lock: 'backup', memhost: 99 * 2 ** 30 }];
  if (node !== 'pve-node03') return [row];
  if (type === 'node') return [{ id, type, node, status: 'offline', level: '' }];
  if (type === 'storage' || type === 'sdn') return [];
  const kept = Object.entries({ tags, pool, hastate }).filter(([, value]) => value !== undefined);
  return [{ id, type, node, vmid, status: 'unknown', ...Object.fromEntries(kept) }];
}

describe.skipIf(!present)('the example world', () => {
  const world = (): World => JSON.parse(readFileSync(file, 'utf8')) as World;

  it('is answered back as it was read', () => {
    const read = world();
    const ask = asking({ state: loadWorld(read) });
    const found = [...reads(read)].flatMap(([name, path, params, want]) => differences(name, want, ask(path, params)));
    expect(found.filter((text) => !KNOWN.some((known) => text.startsWith(known)))).toEqual([]);
  });

  it('is answered back after an upgrade and with a lost node', () => {
    const read = upgraded(world());
    const ask = asking({ state: loadWorld(read) });
    const found = [...reads(read)].flatMap(([name, path, params, want]) => differences(name, want, ask(path, params)));
    expect(found.filter((text) => !KNOWN.some((known) => text.startsWith(known)))).toEqual([]);
    expect(ask('/cluster/ha/rules')).toMatchObject([{ rule: 'all-nodes', digest: 'd3' }, { rule: 'apart' }]);
    expect(() => ask('/cluster/ha/groups')).toThrow(/migrated to rules/);
  });

  it('refuses what an 8.x server did not offer', () => {
    const ask = asking({ state: loadWorld(world()) });
    expect(() => ask('/cluster/ha/rules')).toThrow(/not implemented/);
  });
});
