/** What `GET /access/permissions` answers: by path, each privilege and whether it reaches down. */
export type Permissions = Record<string, Record<string, number>>;

/** Something that pxa can be asked, and what Proxmox wants for it (pve-manager and storage API, `permissions` of each method). */
interface Need {
  area: string;
  path: string;
  /** Any one of these does. */
  anyOf: string[];
}

const NEEDS: Need[] = [
  { area: 'guests', path: '/vms', anyOf: ['VM.Audit'] },
  {
    area: 'addresses inside VMs (guest agent)',
    path: '/vms',
    anyOf: ['VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted', 'VM.Monitor'],
  },
  { area: "nodes' load, versions, services", path: '/nodes', anyOf: ['Sys.Audit'] },
  { area: 'cluster, HA, backup jobs, ZFS, firewall, hardware', path: '/', anyOf: ['Sys.Audit'] },
  { area: 'storages and their contents', path: '/storage', anyOf: ['Datastore.Audit'] },
  { area: 'backup archives', path: '/storage', anyOf: ['Datastore.AllocateSpace', 'Datastore.Allocate'] },
  { area: 'pending updates', path: '/nodes', anyOf: ['Sys.Modify'] },
  { area: 'pools', path: '/pool', anyOf: ['Pool.Audit'] },
  { area: 'users, tokens and permissions', path: '/access', anyOf: ['Sys.Audit'] },
  { area: 'software-defined networks', path: '/sdn', anyOf: ['SDN.Audit'] },
];

/** Something that will not work, or only for a part. */
export interface Shortcoming {
  area: string;
  path: string;
  privilege: string;
  /** Paths below for which it works all the same. */
  worksFor: string[];
}

/** What cannot be asked with these permissions. */
export function shortcomings(permissions: Permissions): Shortcoming[] {
  return NEEDS.filter((need) => !need.anyOf.some((privilege) => holds(permissions, need.path, privilege))).map(
    (need) => ({
      area: need.area,
      path: need.path,
      privilege: need.anyOf[0] ?? '',
      worksFor: Object.keys(permissions).filter(
        (path) => isBelow(path, need.path) && need.anyOf.some((privilege) => holds(permissions, path, privilege)),
      ),
    }),
  );
}

/** Whether nothing at all can be read. */
export function areAllLacking(permissions: Permissions): boolean {
  return Object.values(permissions).every((privileges) => Object.keys(privileges).length === 0);
}

// Proxmox lists a path with all that holds there; a path that it does not list has what reaches down from above.
function holds(permissions: Permissions, path: string, privilege: string): boolean {
  const own = permissions[path];
  if (own !== undefined) return own[privilege] !== undefined;
  for (let parent = above(path); parent !== undefined; parent = above(parent)) {
    const inherited = permissions[parent];
    if (inherited !== undefined) return inherited[privilege] === 1;
  }
  return false;
}

function above(path: string): string | undefined {
  if (path === '/') return undefined;
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? '/' : path.slice(0, cut);
}

function isBelow(path: string, parent: string): boolean {
  return path !== parent && (parent === '/' || path.startsWith(`${parent}/`));
}

/** One line: what does not work, and which privilege would make it work. */
export function sayShortcoming(shortcoming: Shortcoming): string {
  const { area, path, privilege, worksFor } = shortcoming;
  const only =
    worksFor.length === 0 ? '' : ` except for ${worksFor.slice(0, 3).join(', ')}${worksFor.length > 3 ? ', …' : ''}`;
  return `${area}: not visible${only} (${privilege} on ${path})`;
}

/** Reads the answer of /access/permissions; anything that is not of its form counts as no permission. */
export function parsePermissions(data: unknown): Permissions {
  const permissions: Permissions = {};
  for (const [path, privileges] of entriesOf(data)) {
    permissions[path] = Object.fromEntries(entriesOf(privileges).map(([name, reaches]) => [name, Number(reaches)]));
  }
  return permissions;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
