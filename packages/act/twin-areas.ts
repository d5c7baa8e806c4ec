/** Parts of a cluster's configuration that most plans neither touch nor depend on. */
export type Area =
  | 'ha'
  | 'backup'
  | 'replication'
  | 'pools'
  | 'access'
  | 'firewall'
  | 'options'
  | 'agent'
  | 'templates'
  | 'network'
  | 'dns'
  | 'hosts'
  | 'config'
  | 'services'
  | 'time';

/** A call by its route, and all of its parameters. */
export interface Called {
  readonly method: string;
  /** As the facts name it: `/nodes/{node}/qemu`. */
  readonly route: string;
  readonly all: Readonly<Record<string, unknown>>;
}

/** Whether a call takes a guest away, with all that names it. */
export const isRemoval = ({ method, route }: Called): boolean => method === 'DELETE' && route.endsWith('/{vmid}');

/** Whether a call defines a storage: what it calls a pool is one of ZFS. */
export const isOfStorage = ({ route }: Called): boolean => /^\/storage\b/.test(route);

/** What else of the cluster's configuration a call changes, reads, or is refused for. */
const AREAS: readonly (readonly [Area, (call: Called) => boolean])[] = [
  [
    'ha',
    (call) =>
      isRemoval(call) || /^\/cluster\/ha\b|\/migrate(?:all)?$/.test(call.route) || call.all['ha-managed'] !== undefined,
  ],
  ['backup', (call) => isRemoval(call) || call.route.startsWith('/cluster/backup')],
  ['replication', (call) => isRemoval(call) || /\/replication\b|\/migrate(?:all)?$/.test(call.route)],
  ['pools', (call) => call.route.startsWith('/pools') || (call.all['pool'] !== undefined && !isOfStorage(call))],
  ['access', ({ route }) => route.startsWith('/access') && route !== '/access/permissions'],
  ['firewall', ({ route }) => /\/firewall\b/.test(route)],
  // How tags are stored is the datacenter's to say.
  ['options', ({ route, all }) => all['tags'] !== undefined || route === '/cluster/options'],
  ['agent', ({ route }) => /\/agent\b/.test(route)],
  ['templates', ({ route }) => route === '/nodes/{node}/aplinfo'],
  ['network', ({ route }) => route.startsWith('/nodes/{node}/network')],
  ['dns', ({ route }) => route === '/nodes/{node}/dns'],
  ['hosts', ({ route }) => route === '/nodes/{node}/hosts'],
  ['config', ({ route }) => route === '/nodes/{node}/config'],
  ['services', ({ route }) => route.startsWith('/nodes/{node}/services')],
  ['time', ({ route }) => route === '/nodes/{node}/time'],
];

export function areasOf(call: Called): Area[] {
  return AREAS.filter(([, applies]) => applies(call)).map(([area]) => area);
}

/**
 * What a twin holds all of that matters. Of anything else it would tell what is not so: a node that is off does not tell the
 * address by which it is woken.
 */
const HELD = [
  /^\/nodes\/\{node\}\/(?:qemu|lxc|storage|vzdump|replication|firewall|network|dns|hosts|config|services|time|aplinfo)\b/,
  /^\/nodes\/\{node\}\/(?:status|tasks|startall|stopall|suspendall|migrateall)\b/,
  /^\/cluster\/(?:ha|backup|replication|firewall|options)\b/,
  /^\/(?:pools|access|storage)\b/,
];

/** What programs do inside of guests no twin tells. */
const INSIDE = /\/agent\/exec$/;

/** Whether a call changes something that no twin holds. */
export const isBeyond = ({ route }: Called): boolean => INSIDE.test(route) || !HELD.some((form) => form.test(route));

/** Calls after which a guest may run that did not, or run elsewhere. HA starts and moves what it is told to look after. */
const STARTS = /\/(?:start|reboot|reset|resume|rollback|migrate|remote_migrate|startall|migrateall)$|^\/cluster\/ha\b/;

export function mayStart({ route, all }: Called): boolean {
  return STARTS.test(route) || all['start'] !== undefined || all['live-restore'] !== undefined;
}

/** Calls to a guest that leave its volumes alone. */
const SPARES_VOLUMES =
  /\/(?:status|snapshot|agent|firewall|cloudinit|monitor|sendkey)\b|\/(?:start|stop|suspend)all$|^\/(?:cluster|pools|access)\b/;
const DRIVE = /^(?:(?:scsi|virtio|sata|ide|mp|unused|efidisk|tpmstate)\d+|rootfs)$/;

/** Whether a call copies, changes or removes volumes of the guests that it names. */
export function touchesVolumes({ route, all }: Called): boolean {
  if (SPARES_VOLUMES.test(route)) return false;
  if (!route.endsWith('/config')) return true;
  return [...Object.keys(all), ...names(all['delete']), ...names(all['revert'])].some((key) => DRIVE.test(key));
}

/** Calls that are about all guests of a node, unless they name some. */
export function isWholeNode({ method, route, all }: Called): boolean {
  if (/^\/nodes\/\{node\}\/(?:startall|stopall|suspendall|migrateall)$/.test(route)) return all['vms'] === undefined;
  return method === 'POST' && route === '/nodes/{node}/status';
}

/** A value as the names that it lists: `a,b`, `a;b`, one name, or an array of them. */
export function names(value: unknown): string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts
    .filter((text) => typeof text === 'string' || typeof text === 'number')
    .flatMap((text) => String(text).split(/[,; ]+/))
    .filter((text) => text !== '');
}
