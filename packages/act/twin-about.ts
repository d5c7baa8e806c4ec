import type { PlanRecord, ReadOf, Step } from '@pxa/contract';
import { matchRoute } from '@pxa/pve/facts';

/** Parts of a cluster's configuration that most plans neither touch nor depend on. */
export type Area = 'ha' | 'backup' | 'replication' | 'pools' | 'access' | 'firewall' | 'options';

/**
 * What a plan is about, as far as its calls and facts tell: what a twin must know in full. Names may be of things that
 * are not there, or not yet; what they are is found out when it is read.
 */
export interface About {
  readonly nodes: ReadonlySet<string>;
  readonly vmids: ReadonlySet<number>;
  readonly storages: ReadonlySet<string>;
  /** Guests whose volumes are copied, changed or removed. Lists of volumes are dear, so others' are not read. */
  readonly volumesOf: ReadonlySet<number>;
  /** Whose whole content matters, or that of a type (`backup`, `iso`); all of it where the type is ''. */
  readonly contents: ReadonlyMap<string, ReadonlySet<string>>;
  /** The snapshots whose configuration matters, by vmid; all of a guest's where the name is ''. */
  readonly snapshots: ReadonlyMap<number, ReadonlySet<string>>;
  readonly areas: ReadonlySet<Area>;
}

/** What of `About` is still being collected. */
interface Collected {
  nodes: Set<string>;
  vmids: Set<number>;
  storages: Set<string>;
  volumesOf: Set<number>;
  contents: Map<string, Set<string>>;
  snapshots: Map<number, Set<string>>;
  areas: Set<Area>;
}

/** What a plan is about: every call of it, those that take steps back, and every read that its facts are held against. */
export function aboutOf({ plan, records }: Pick<PlanRecord, 'plan' | 'records'>): About {
  const about: Collected = {
    nodes: new Set(records.map(({ node }) => node)),
    vmids: new Set(),
    storages: new Set(),
    volumesOf: new Set(),
    contents: new Map(),
    snapshots: new Map(),
    areas: new Set(),
  };
  for (const call of [...plan.steps, ...records.flatMap(({ undo }) => undo)]) addCall(about, call.method, call);
  for (const { relies_on, expects } of records) {
    for (const { read } of [...relies_on, ...expects]) addCall(about, 'GET', read);
  }
  return about;
}

function addCall(about: Collected, method: Step['method'] | 'GET', { path, params }: ReadOf): void {
  const match = matchRoute(method, path);
  if (match === undefined) return;
  const { pathParams } = match;
  const route = match.id.slice(match.id.indexOf(' ') + 1);
  const all: Readonly<Record<string, unknown>> = { ...params, ...pathParams };
  for (const name of ['node', 'target', 'nodes'] as const) for (const node of names(all[name])) about.nodes.add(node);
  const needsVolumes = method !== 'GET' && touchesVolumes(route, all);
  for (const vmid of vmidsOf(all)) {
    about.vmids.add(vmid);
    if (needsVolumes) about.volumesOf.add(vmid);
  }
  addStorages(about, all);
  addSnapshots(about, { method, route, all });
  const { storage } = pathParams;
  if (storage !== undefined && /\/(?:content|upload|download-url|prunebackups)/.test(route)) {
    put(about.contents, storage, typeOfVolume(String(all['volume'] ?? '')));
  }
  for (const area of areasOf(method, route, all)) about.areas.add(area);
}

/** The guests that a call names: by number, as lists of numbers, by their names in HA and in replication. */
function vmidsOf(all: Readonly<Record<string, unknown>>): number[] {
  const numbers = ['vmid', 'newid', 'vms', 'vmids', 'guest'].flatMap((key) => names(all[key]));
  const inHa = ['sid', 'resources', 'delete']
    .flatMap((key) => names(all[key]))
    .flatMap((sid) => /^(?:vm|ct):(\d+)$/.exec(sid)?.[1] ?? []);
  const replicated = /^(\d+)-\d+$/.exec(String(all['id'] ?? ''))?.[1];
  const found = [...numbers, ...inHa, ...(replicated === undefined ? [] : [replicated])];
  return found.filter((text) => /^\d{3,9}$/.test(text)).map(Number);
}

/** Calls to a guest that leave its volumes alone. */
const SPARES_VOLUMES = /\/(?:status|snapshot|agent|firewall|cloudinit|monitor|sendkey)\b|^\/(?:cluster|pools|access)\b/;
const DRIVE = /^(?:(?:scsi|virtio|sata|ide|mp|unused|efidisk|tpmstate)\d+|rootfs)$/;

function touchesVolumes(route: string, all: Readonly<Record<string, unknown>>): boolean {
  if (SPARES_VOLUMES.test(route)) return false;
  if (!route.endsWith('/config')) return true;
  return [...Object.keys(all), ...names(all['delete']), ...names(all['revert'])].some((key) => DRIVE.test(key));
}

const STORAGE = '[A-Za-z][\\w.-]*';
/** A storage before a colon, at the start of a value or of a part of it: `local:iso/x.iso`, `file=tank:32,discard=on`. */
const BEFORE_COLON = new RegExp(`(?:^|[=,;])(${STORAGE}):([^,;]*)`, 'g');

function addStorages(about: Collected, all: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(all)) {
    if (/storage$/.test(key)) for (const name of names(value)) about.storages.add(name);
    if (typeof value !== 'string') continue;
    for (const [, storage = '', rest = ''] of value.matchAll(BEFORE_COLON)) {
      about.storages.add(storage);
      const type = typeOfVolume(rest);
      if (type !== '') put(about.contents, storage, type);
    }
  }
}

/** The type of content that a volume's name tells: `iso` of `iso/debian.iso`; '' where it does not. */
function typeOfVolume(volume: string): string {
  return /(?:^|:)(iso|vztmpl|backup|import|snippets)\//.exec(volume)?.[1] ?? '';
}

interface Called {
  readonly method: string;
  readonly route: string;
  readonly all: Readonly<Record<string, unknown>>;
}

/** A removed guest takes the memory of all its snapshots with it; otherwise only those matter that are named. */
function addSnapshots(about: Collected, { method, route, all }: Called): void {
  const vmid = Number(all['vmid']);
  const isRemoved = method === 'DELETE' && /\/\{vmid\}$/.test(route);
  if (isRemoved) put(about.snapshots, vmid, '');
  else if (typeof all['snapname'] === 'string') put(about.snapshots, vmid, all['snapname']);
}

/** What else of the cluster's configuration a call changes or is refused for. */
function areasOf(method: string, route: string, all: Readonly<Record<string, unknown>>): Area[] {
  const isRemoval = method === 'DELETE' && /\/\{vmid\}$/.test(route);
  const areas: [Area, boolean][] = [
    ['ha', isRemoval || /^\/cluster\/ha\b|\/migrate$/.test(route) || all['ha-managed'] !== undefined],
    ['backup', isRemoval || route.startsWith('/cluster/backup')],
    ['replication', isRemoval || /^\/cluster\/replication\b|\/replication\b|\/migrate$/.test(route)],
    ['pools', route.startsWith('/pools') || all['pool'] !== undefined],
    ['access', route.startsWith('/access') && route !== '/access/permissions'],
    ['firewall', /\/firewall\b/.test(route)],
    // How tags are stored is the datacenter's to say.
    ['options', all['tags'] !== undefined || route === '/cluster/options'],
  ];
  return areas.filter(([, applies]) => applies).map(([area]) => area);
}

function put<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  map.set(key, (map.get(key) ?? new Set<V>()).add(value));
}

/** A value as the names that it lists: `a,b`, `a;b`, one name, or an array of them. */
function names(value: unknown): string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts
    .filter((text) => typeof text === 'string' || typeof text === 'number')
    .flatMap((text) => String(text).split(/[,; ]+/))
    .filter((text) => text !== '');
}
