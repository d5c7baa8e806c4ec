import type { PlanRecord, ReadOf, Step } from '@pxa/contract';
import { matchRoute } from '@pxa/pve/facts';
import {
  type Area,
  type Called,
  areasOf,
  isBeyond,
  isOfStorage,
  isRemoval,
  isWholeNode,
  mayStart,
  names,
  touchesVolumes,
} from './twin-areas.ts';

/** What of `About` is being collected. */
class Collected {
  readonly nodes = new Set<string>();
  readonly wholeNodes = new Set<string>();
  readonly vmids = new Set<number>();
  readonly made = new Set<number>();
  readonly pools = new Set<string>();
  readonly storages = new Set<string>();
  readonly volumesOf = new Set<number>();
  readonly contents = new Map<string, Set<string>>();
  readonly snapshots = new Map<number, Set<string>>();
  readonly areas = new Set<Area>();
  readonly beyond = new Set<string>();
  readonly archives = new Map<string, string>();
  readonly files = new Map<number, Set<string>>();
  readonly built = new Set<string>();
  readonly backedUp = new Map<string, Set<string>>();
  everywhere = false;
  starts = false;
}

/**
 * What a plan is about, as far as its calls and facts tell: what a twin must know in full. Names may be of things that
 * are not there, or not yet; what they are is found out when it is read.
 */
export interface About {
  readonly nodes: ReadonlySet<string>;
  /** Nodes whose guests it is all about. */
  readonly wholeNodes: ReadonlySet<string>;
  readonly vmids: ReadonlySet<number>;
  /** Those of them that the plan makes, so that they need not be there. */
  readonly made: ReadonlySet<number>;
  readonly pools: ReadonlySet<string>;
  readonly storages: ReadonlySet<string>;
  /** Guests whose volumes are copied, changed or removed. Lists of volumes are dear, so others' are not read. */
  readonly volumesOf: ReadonlySet<number>;
  /** Storages whose whole content matters, or that of a type (`backup`, `iso`); all of it where the type is ''. */
  readonly contents: ReadonlyMap<string, ReadonlySet<string>>;
  /** The snapshots whose configuration matters, by vmid; all of a guest's where the name is ''. */
  readonly snapshots: ReadonlyMap<number, ReadonlySet<string>>;
  /** The backups that it restores, by volume id, with the node that reads them. */
  readonly archives: ReadonlyMap<string, string>;
  /** The files inside of guests that it reads or writes, by vmid. */
  readonly files: ReadonlyMap<number, ReadonlySet<string>>;
  /** The types of storages that it defines: some stand on what a node's disks were made into. */
  readonly built: ReadonlySet<string>;
  /** The pools whose guests are backed up, by node; all of a node's guests where the name is ''. */
  readonly backedUp: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether all nodes are concerned. */
  readonly everywhere: boolean;
  readonly areas: ReadonlySet<Area>;
  /** Calls that change what no twin holds. */
  readonly beyond: ReadonlySet<string>;
  /** Whether it lets guests run where they did not, for which a node's memory and bridges are told in full. */
  readonly starts: boolean;
}

/** What a plan is about: every call of it, those that take steps back, and every read that its facts are held against. */
export function aboutOf({ plan, records }: Pick<PlanRecord, 'plan' | 'records'>): About {
  const about = new Collected();
  for (const { node } of records) if (node !== '') about.nodes.add(node);
  for (const call of [...plan.steps, ...records.flatMap(({ undo }) => undo)]) addWrite(about, call);
  for (const { relies_on, expects } of records) {
    for (const { read } of [...relies_on, ...expects]) addRead(about, 'GET', read);
  }
  return about;
}

/** What a call reads and what it changes. */
function addWrite(about: Collected, step: Step): void {
  const call = addRead(about, step.method, step);
  if (call === undefined || isBeyond(call)) about.beyond.add(`${step.method} ${step.path}`);
  if (call === undefined) return;
  const { route, all } = call;
  for (const vmid of madeBy(call)) about.made.add(vmid);
  if (touchesVolumes(call)) for (const vmid of vmidsOf(all)) about.volumesOf.add(vmid);
  if (route === '/nodes/{node}/vzdump' && all['vmid'] === undefined) {
    put(about.backedUp, String(all['node']), String(all['pool'] ?? ''));
  }
  if (isWholeNode(call)) about.wholeNodes.add(String(all['node']));
  about.starts ||= mayStart(call);
  // What is removed or moved takes along what its snapshots hold.
  if (isRemoval(call) || route.endsWith('/{vmid}/migrate')) put(about.snapshots, Number(all['vmid']), '');
  if (/\/(?:upload|download-url|prunebackups|aplinfo)$/.test(route)) put(about.contents, String(all['storage']), '');
  if (route === '/storage' && all['type'] !== undefined) {
    about.built.add(String(all['type']));
    // Without names it is for all nodes.
    about.everywhere ||= all['nodes'] === undefined;
  }
}

/** What a call names. */
function addRead(about: Collected, method: Step['method'] | 'GET', { path, params }: ReadOf): Called | undefined {
  const match = matchRoute(method, path);
  if (match === undefined) return undefined;
  const all: Readonly<Record<string, unknown>> = { ...params, ...match.pathParams };
  const call = { method, route: match.id.slice(match.id.indexOf(' ') + 1), all };
  for (const key of ['node', 'target', 'nodes']) for (const node of names(all[key])) about.nodes.add(node);
  if (!isOfStorage(call))
    for (const key of ['pool', 'poolid']) for (const pool of names(all[key])) about.pools.add(pool);
  for (const vmid of vmidsOf(all)) about.vmids.add(vmid);
  for (const area of areasOf(call)) about.areas.add(area);
  addStorages(about, call);
  addInside(about, call);
  // A removed guest takes the memory of all its snapshots with it; otherwise only those matter that are named.
  if (typeof all['snapname'] === 'string') put(about.snapshots, Number(all['vmid']), all['snapname']);
  return call;
}

/** What is within something else: the file of a guest, the guest of a backup. */
function addInside(about: Collected, { route, all }: Called): void {
  if (/\/agent\/file-(?:read|write)$/.test(route)) put(about.files, Number(all['vmid']), String(all['file']));
  for (const value of [all['archive'], all['ostemplate']]) {
    if (typeof value === 'string' && typeOfVolume(value) === 'backup') about.archives.set(value, String(all['node']));
  }
}

/** The guests that a call makes, or makes anew. */
function madeBy({ method, route, all }: Called): number[] {
  const isMade = method === 'POST' && /^\/nodes\/\{node\}\/(?:qemu|lxc)$/.test(route);
  return [...names(all['newid']), ...(isMade ? names(all['vmid']) : [])].map(Number);
}

/** The guests that a call names: by number, as lists of numbers, by their names in HA and in replication. */
function vmidsOf(all: Called['all']): number[] {
  const numbers = ['vmid', 'newid', 'target-vmid', 'vms', 'vmids', 'guest'].flatMap((key) => names(all[key]));
  const inHa = ['sid', 'resources'].flatMap((key) => names(all[key])).map((sid) => sid.replace(/^(?:vm|ct):/, ''));
  const replicated = /^(\d+)-\d+$/.exec(String(all['id'] ?? ''))?.[1];
  const found = [...numbers, ...inHa, ...(replicated === undefined ? [] : [replicated])];
  return found.filter((text) => /^\d{3,9}$/.test(text)).map(Number);
}

/** A storage before a colon, at the start of a value or of a part of it: `local:iso/x.iso`, `file=tank:32`; HA's `vm:100` is none. */
const BEFORE_COLON = /(?:^|[=,;])(?!(?:vm|ct):\d)([A-Za-z][\w.-]*):([^,;]*)/g;

function addStorages(about: Collected, { route, all }: Called): void {
  for (const [key, value] of Object.entries(all)) {
    if (key.endsWith('storage')) for (const name of names(value)) about.storages.add(name);
    if (typeof value !== 'string') continue;
    for (const [, storage = '', rest = ''] of value.matchAll(BEFORE_COLON)) {
      about.storages.add(storage);
      const type = typeOfVolume(rest);
      if (type !== '') put(about.contents, storage, type);
    }
  }
  if (!route.includes('/storage/{storage}/content')) return;
  put(about.contents, String(all['storage']), typeOfVolume(String(all['volume'] ?? '')));
}

/** The type of content that a volume's name tells: `iso` of `iso/debian.iso`; '' where it does not. */
function typeOfVolume(volume: string): string {
  return /(?:^|:)(iso|vztmpl|backup|import|snippets)\//.exec(volume)?.[1] ?? '';
}

function put<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  map.set(key, (map.get(key) ?? new Set<V>()).add(value));
}
