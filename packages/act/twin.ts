import { exportAccess, exportFirewall } from '@pxa/sandbox';
import { asNumber, asObject, asRows, asText } from '@pxa/pve/values';
import type { About, Area } from './twin-about.ts';
import { type GuestParts, type TwinGuest, readGuest } from './twin-guests.ts';
import { type Row, type Source, TwinReads, type Unread } from './twin-reads.ts';
import { type VolumeSources, addUnseen, readVolumes } from './twin-volumes.ts';

/** What `GET /access/permissions` tells: privileges by path, with whether they hold below it. */
export type Privileges = Readonly<Record<string, Readonly<Record<string, 0 | 1>>>>;

/** What a twin of a cluster is made of: its relevant state as raw reads, and who we are on it. */
export interface TwinParts {
  readonly world: Readonly<Record<string, unknown>>;
  /** As Proxmox's tasks name it: `root@pam`, or `root@pam!pxa` for a token. */
  readonly as: string;
  readonly privileges: Privileges;
}

export type TwinRead =
  { readonly ok: true; readonly parts: TwinParts } | { readonly ok: false; readonly unread: readonly Unread[] };

/**
 * Reads what matters of a cluster for rehearsing a plan: every guest by its row, so that ids, names and load are right;
 * in full only the guests, nodes and storages that the plan is about. The number of reads grows with these alone.
 * What could not be read makes no twin, since a rehearsal without it could tell what is not so.
 */
export async function readTwin(source: Source, about: About, as: string): Promise<TwinRead> {
  const reads = new TwinReads(source);
  const [resources, version, status, permissions, definitions] = await Promise.all([
    reads.list('/cluster/resources', {}),
    reads.get('/version', {}),
    reads.list('/cluster/status', {}),
    reads.get('/access/permissions', {}),
    reads.list('/storage', {}),
  ]);
  if (reads.unread.length > 0) return { ok: false, unread: reads.unread };
  const guests = guestsOf(resources, about);
  const online = new Set(resources.filter(isOnlineNode).map(({ node }) => asText(node) ?? ''));
  const nodes = [...new Set([...about.nodes, ...guests.map(({ node }) => node)])].filter((node) => online.has(node));
  const privileges = privilegesOf(permissions);
  const [ofNodes, ofGuests, areas] = await Promise.all([
    Promise.all(nodes.map(async (node) => [node, await readNode(reads, node)] as const)),
    readGuests(
      reads,
      guests.filter(({ node }) => online.has(node)),
      about,
    ),
    readAreas(reads, about, { resources, guests, nodes, major: majorOf(version) }),
  ]);
  const sources: VolumeSources = {
    about,
    guests: ofGuests,
    storages: new Map(ofNodes.map(([node, { storage }]) => [node, storage])),
  };
  const content = await readVolumes(reads, sources);
  addUnseen(content, sources, (storage, vmid) => maySee(privileges, storage, vmid));
  if (reads.unread.length > 0) return { ok: false, unread: reads.unread };
  const world = {
    format: 1,
    now: reads.now,
    version,
    storage_defs: definitions,
    access: callerOf(as),
    ...areas.world,
    pools: poolsOf(resources, areas.pools),
    cluster: { resources, status, ...areas.cluster },
    nodes: nodesOf(ofNodes, content, areas.replication),
    guests: Object.fromEntries(ofGuests.map(([{ id }, parts]) => [id, parts])),
  };
  return { ok: true, parts: { world, as, privileges } };
}

function guestsOf(resources: readonly Row[], { vmids }: About): TwinGuest[] {
  return resources.flatMap((row) => {
    const { type } = row;
    const [vmid, node] = [asNumber(row['vmid']), asText(row['node'])];
    if ((type !== 'qemu' && type !== 'lxc') || vmid === null || node === null || !vmids.has(vmid)) return [];
    return [{ id: `${type}/${vmid}`, type, vmid, node, row }];
  });
}

const isOnlineNode = (row: Row): boolean => row['type'] === 'node' && row['status'] === 'online';

function majorOf(version: unknown): number {
  return Number.parseInt(asText(asObject(version)?.['version']) ?? '', 10);
}

interface NodeParts {
  readonly status: unknown;
  readonly storage: readonly Row[];
  readonly network: readonly Row[];
}

async function readNode(reads: TwinReads, node: string): Promise<NodeParts> {
  const [status, storage, network] = await Promise.all([
    reads.get('/nodes/{node}/status', { node }),
    reads.list('/nodes/{node}/storage', { node }),
    reads.list('/nodes/{node}/network', { node }),
  ]);
  return { status, storage, network };
}

function readGuests(
  reads: TwinReads,
  guests: readonly TwinGuest[],
  { snapshots, areas }: About,
): Promise<(readonly [TwinGuest, GuestParts])[]> {
  return Promise.all(
    guests.map(async (guest) => {
      const [parts, firewall] = await Promise.all([
        readGuest(reads, guest, snapshots.get(guest.vmid)),
        areas.has('firewall') ? readFirewall(reads, `/nodes/${guest.node}/${guest.id}/firewall`) : undefined,
      ]);
      return [guest, firewall === undefined ? parts : { ...parts, firewall }] as const;
    }),
  );
}

interface Areas {
  /** Keys of a world and of its `cluster`. */
  readonly world: Record<string, unknown>;
  readonly cluster: Record<string, unknown>;
  readonly pools: readonly Row[];
  /** By node. */
  readonly replication: ReadonlyMap<string, readonly Row[]>;
}

interface Surroundings {
  readonly resources: readonly Row[];
  readonly guests: readonly TwinGuest[];
  readonly nodes: readonly string[];
  readonly major: number;
}

/** The parts of the cluster's configuration that the plan touches or that its guests are under. */
async function readAreas(reads: TwinReads, about: About, around: Surroundings): Promise<Areas> {
  const isUnderHa = around.guests.some(({ row }) => row['hastate'] !== undefined);
  const needs = (area: Area): boolean => about.areas.has(area) || (area === 'ha' && isUnderHa);
  const [ha, backup, replication, pools, access, options, firewall] = await Promise.all([
    needs('ha') ? readHa(reads, around.major) : {},
    needs('backup') ? reads.list('/cluster/backup', {}) : [],
    needs('replication') ? readReplication(reads, around) : { jobs: [], states: new Map<string, Row[]>() },
    needs('pools') ? reads.list('/pools', {}) : [],
    needs('access') ? exportAccess((path, params) => reads.at(path, params)) : undefined,
    needs('options') ? reads.get('/cluster/options', {}) : undefined,
    needs('firewall') ? readFirewall(reads, '/cluster/firewall') : undefined,
  ]);
  return {
    world: access === undefined ? {} : { access },
    cluster: {
      ...ha,
      backup,
      replication: replication.jobs,
      options,
      firewall,
    },
    pools,
    replication: replication.states,
  };
}

async function readHa(reads: TwinReads, major: number): Promise<Record<string, unknown>> {
  const [resources, status, rules] = await Promise.all([
    reads.list('/cluster/ha/resources', {}),
    reads.list('/cluster/ha/status/current', {}),
    major >= 9 ? reads.list('/cluster/ha/rules', {}) : reads.list('/cluster/ha/groups', {}),
  ]);
  return { ha_resources: resources, ha_status: status, ...(major >= 9 ? { ha_rules: rules } : { ha_groups: rules }) };
}

async function readReplication(
  reads: TwinReads,
  { guests, nodes }: Surroundings,
): Promise<{ jobs: readonly Row[]; states: Map<string, Row[]> }> {
  const jobs = await reads.list('/cluster/replication', {});
  const vmids = new Set(guests.map(({ vmid }) => vmid));
  const isOurs = jobs.some(({ guest }) => vmids.has(asNumber(guest) ?? 0));
  if (!isOurs) return { jobs, states: new Map() };
  const states = nodes.map(async (node) => [node, await reads.list('/nodes/{node}/replication', { node })] as const);
  return { jobs, states: new Map(await Promise.all(states)) };
}

function readFirewall(reads: TwinReads, base: string): Promise<unknown> {
  return exportFirewall((path, params) => reads.at(path, params), base);
}

/** Pools with their guests, which the list of all guests tells; the storages in them play no part. */
function poolsOf(resources: readonly Row[], listed: readonly Row[]): Row[] {
  const members = new Map<string, Row[]>(listed.map(({ poolid }) => [asText(poolid) ?? '', []]));
  for (const { pool, type, vmid } of resources) {
    const poolid = asText(pool);
    if (poolid === null || (type !== 'qemu' && type !== 'lxc')) continue;
    const known = members.get(poolid) ?? [];
    known.push({ type, vmid });
    members.set(poolid, known);
  }
  const comments = new Map(listed.map(({ poolid, comment }) => [asText(poolid), comment]));
  return [...members].map(([poolid, of]) => ({ poolid, comment: comments.get(poolid), members: of }));
}

function nodesOf(
  nodes: readonly (readonly [string, NodeParts])[],
  content: ReadonlyMap<string, Record<string, Row[]>>,
  replication: ReadonlyMap<string, readonly Row[]>,
): Record<string, unknown> {
  const whole = nodes.map(([node, parts]) => {
    const jobs = replication.get(node);
    return [node, { ...parts, content: content.get(node) ?? {}, ...(jobs === undefined ? {} : { replication: jobs }) }];
  });
  return Object.fromEntries(whole);
}

/** Where the users are not what the plan is about, ours alone is known. */
function callerOf(as: string): Row {
  const [userid = '', tokenid] = as.split('!');
  const tokens = tokenid === undefined ? {} : { [userid]: [{ tokenid, privsep: 1, expire: 0 }] };
  return { users: [{ userid, enable: 1, expire: 0 }], tokens };
}

function privilegesOf(permissions: unknown): Privileges {
  const paths = Object.entries(asObject(permissions) ?? {}).map(([path, held]): [string, Record<string, 0 | 1>] => {
    const flags = Object.entries(asObject(held) ?? {}).map(([name, flag]): [string, 0 | 1] => [
      name,
      asNumber(flag) === 1 ? 1 : 0,
    ]);
    return [path, Object.fromEntries(flags)];
  });
  return Object.fromEntries(paths);
}

/** Which volumes the lists show (pve-storage Storage.pm, check_volume_access). */
function maySee(privileges: Privileges, storage: string, vmid: number): boolean {
  if (holds(privileges, `/storage/${storage}`, 'Datastore.Allocate')) return true;
  return (
    holds(privileges, `/storage/${storage}`, 'Datastore.Audit') && holds(privileges, `/vms/${vmid}`, 'VM.Config.Disk')
  );
}

function holds(privileges: Privileges, path: string, privilege: string): boolean {
  const exact = privileges[path];
  if (exact !== undefined) return privilege in exact;
  for (let above = path; above !== '/';) {
    above = above.slice(0, above.lastIndexOf('/')) || '/';
    const held = privileges[above];
    if (held !== undefined) return held[privilege] === 1;
  }
  return false;
}
