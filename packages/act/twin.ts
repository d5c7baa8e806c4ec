import { asNumber, asObject, asText } from '@pxa/pve/values';
import type { About } from './twin-about.ts';
import { companionsOf, readCluster } from './twin-cluster.ts';
import { type GuestParts, type TwinGuest, readGuest } from './twin-guests.ts';
import { type NodeParts, readNode } from './twin-nodes.ts';
import { type Privileges, maySeeVolumes, readPrivileges } from './twin-privileges.ts';
import { type Row, type Source, TwinReads, type Unread } from './twin-reads.ts';
import { type VolumeSources, addUnseen, readVolumes } from './twin-volumes.ts';

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
  const [resources, version, status, definitions] = await Promise.all([
    reads.list('/cluster/resources', {}),
    reads.get('/version', {}),
    // It tells of the quorum, which the list of nodes does nearly as well, to those who may look at the whole cluster.
    reads.optional('/cluster/status', {}),
    reads.list('/storage', {}),
  ]);
  if (reads.unread.length > 0) return { ok: false, unread: reads.unread };
  const guests = guestsOf(resources, about);
  const missing = missingOf(guests, about);
  if (missing.length > 0) return { ok: false, unread: missing };
  const { nodes, isThere } = nodesOf(resources, guests, about);
  const around = { resources, guests, nodes, major: majorOf(version) };
  const [ofNodes, named, ofCluster, privileges] = await Promise.all([
    Promise.all(nodes.map(async (node) => [node, await readNode(reads, node, about)] as const)),
    readAll(reads, guests.filter(isThere), about),
    readCluster(reads, about, around),
    readPrivileges(reads, around),
  ]);
  const storages = new Map(ofNodes.map(([node, { storage }]) => [node, storage]));
  // Whom HA takes along is concerned as well, with all that it has.
  const along = about.areas.has('ha') ? companionsOf(ofCluster, guests) : new Set<number>();
  const companions = guestsOf(resources, { vmids: along, wholeNodes: new Set(), backedUp: new Map() }).filter(isThere);
  const ofGuests = [...named, ...(await readAll(reads, companions, about))];
  const copied = guests.filter(({ row }) => isBackedUp(row, about.backedUp)).map(({ vmid }) => vmid);
  const touched = (about.volumesOf.size === 0 ? about.volumesOf : about.volumesOf.union(along)).union(new Set(copied));
  const sources: VolumeSources = { about: { ...about, volumesOf: touched }, guests: ofGuests, storages };
  const content = await readVolumes(reads, sources);
  addUnseen(content, sources, (storage, vmid) => maySeeVolumes(privileges, storage, vmid));
  if (reads.unread.length > 0) return { ok: false, unread: reads.unread };
  const world = {
    format: 1,
    now: reads.now,
    version,
    storage_defs: definitions,
    access: callerOf(as),
    ...ofCluster.world,
    cluster: { resources, status, ...ofCluster.cluster },
    nodes: Object.fromEntries(
      ofNodes.map(([node, parts]) => [node, wholeNode(parts, content.get(node), ofCluster.replication.get(node))]),
    ),
    guests: Object.fromEntries(ofGuests.map(([{ id }, parts]) => [id, parts])),
  };
  return { ok: true, parts: { world, as, privileges } };
}

function readAll(
  reads: TwinReads,
  guests: readonly TwinGuest[],
  about: About,
): Promise<(readonly [TwinGuest, GuestParts])[]> {
  return Promise.all(guests.map(async (guest) => [guest, await readGuest(reads, guest, about)] as const));
}

function guestsOf(
  resources: readonly Row[],
  { vmids, wholeNodes, backedUp }: Pick<About, 'vmids' | 'wholeNodes' | 'backedUp'>,
): TwinGuest[] {
  return resources.flatMap((row) => {
    const { type } = row;
    const [vmid, node] = [asNumber(row['vmid']), asText(row['node'])];
    if ((type !== 'qemu' && type !== 'lxc') || vmid === null || node === null) return [];
    if (!vmids.has(vmid) && !wholeNodes.has(node) && !isBackedUp(row, backedUp)) return [];
    return [{ id: `${type}/${vmid}`, type, vmid, node, row }];
  });
}

function isBackedUp(row: Row, backedUp: About['backedUp']): boolean {
  const pools = backedUp.get(asText(row['node']) ?? '');
  return pools !== undefined && (pools.has('') || pools.has(asText(row['pool']) ?? ''));
}

/** Guests that are to be there, and are not in the list of those that we may see. */
function missingOf(guests: readonly TwinGuest[], { vmids, made }: About): Unread[] {
  const listed = new Set(guests.map(({ vmid }) => vmid));
  return [...vmids]
    .filter((vmid) => !listed.has(vmid) && !made.has(vmid))
    .map((vmid) => ({ what: `guest ${vmid}`, why: 'it is gone, or may not be seen' }));
}

/** The nodes that the plan is about, as far as they are there to be asked: what is gone is gone on the twin as well. */
function nodesOf(
  resources: readonly Row[],
  guests: readonly TwinGuest[],
  about: About,
): { nodes: string[]; isThere: (guest: TwinGuest) => boolean } {
  const online = new Set(
    resources.filter(({ type, status }) => type === 'node' && status === 'online').map(({ node }) => asText(node)),
  );
  const all = about.everywhere ? [...online].flatMap((node) => node ?? []) : [];
  const named = new Set([...about.nodes, ...guests.map(({ node }) => node), ...all]);
  return { nodes: [...named].filter((node) => online.has(node)), isThere: ({ node }) => online.has(node) };
}

function majorOf(version: unknown): number {
  return Number.parseInt(asText(asObject(version)?.['version']) ?? '', 10);
}

function wholeNode(
  parts: NodeParts,
  content: Record<string, Row[]> = {},
  replication: readonly Row[] | undefined,
): Record<string, unknown> {
  return { ...parts, content, ...(replication === undefined ? {} : { replication }) };
}

/** Where the users are not what the plan is about, ours alone is known. */
function callerOf(as: string): Row {
  const [userid = '', tokenid] = as.split('!');
  const tokens = tokenid === undefined ? {} : { [userid]: [{ tokenid, privsep: 1, expire: 0 }] };
  return { users: [{ userid, enable: 1, expire: 0 }], tokens };
}
