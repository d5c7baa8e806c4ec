import { asObject, asText } from '@pxa/pve/values';
import type { TwinGuest } from './twin-guests.ts';
import type { Row, TwinReads } from './twin-reads.ts';

/** What `GET /access/permissions` tells: privileges by path, with whether they hold below it. */
export type Privileges = Readonly<Record<string, Readonly<Record<string, 0 | 1>>>>;

/**
 * With more guests than these, privileges are asked path by path: Proxmox lists them for every guest of every pool,
 * some forty each.
 */
const MOST_GUESTS = 1_000;
const MOST_PATHS = 64;

/** Where privileges are inherited from by what a plan makes. */
const TOP = ['/', '/access', '/mapping', '/nodes', '/pool', '/sdn', '/storage', '/vms'];

interface Surroundings {
  readonly resources: readonly Row[];
  readonly guests: readonly TwinGuest[];
  readonly nodes: readonly string[];
}

/** What we may do: everywhere, or on a large cluster where the plan may need it. */
export async function readPrivileges(reads: TwinReads, around: Surroundings): Promise<Privileges> {
  const size = around.resources.filter(({ type }) => type === 'qemu' || type === 'lxc').length;
  const paths = pathsOf(around);
  if (size <= MOST_GUESTS || paths.length > MOST_PATHS) return privilegesIn(await reads.get('/access/permissions', {}));
  const each = await Promise.all(paths.map((path) => reads.get('/access/permissions', { path })));
  return Object.assign({}, ...each.map(privilegesIn));
}

function pathsOf({ resources, guests, nodes }: Surroundings): string[] {
  const storages = resources.filter(({ type, node }) => type === 'storage' && nodes.includes(asText(node) ?? ''));
  const pools = guests.flatMap(({ row }) => asText(row['pool']) ?? []);
  return [
    ...TOP,
    ...guests.map(({ vmid }) => `/vms/${vmid}`),
    ...nodes.map((node) => `/nodes/${node}`),
    ...new Set(storages.map(({ storage }) => `/storage/${asText(storage) ?? ''}`)),
    ...new Set(pools.map((pool) => `/pool/${pool}`)),
  ];
}

function privilegesIn(permissions: unknown): Privileges {
  // Of each path, every privilege with 0 or 1 (pve-access-control RPCEnvironment.pm, get_effective_permissions).
  return (asObject(permissions) ?? {}) as Privileges;
}

/** Which volumes of a guest the lists show (pve-storage Storage.pm, check_volume_access). */
export function maySeeVolumes(privileges: Privileges, storage: string, vmid: number): boolean {
  const at = `/storage/${storage}`;
  if (holds(privileges, at, 'Datastore.Allocate')) return true;
  return holds(privileges, at, 'Datastore.Audit') && holds(privileges, `/vms/${vmid}`, 'VM.Config.Disk');
}

/** What is not listed is the unnamed child of the nearest path that is. */
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
