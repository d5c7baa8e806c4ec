import { asObject, asText } from '@pxa/pve/values';

/** A device of a pool, with its error counters and the place in the answer where it stands. */
export interface Vdev {
  readonly name: string;
  readonly state: string;
  readonly read: number | undefined;
  readonly write: number | undefined;
  readonly cksum: number | undefined;
  readonly leaf: boolean;
  readonly msg: string;
  /** Keys that lead to it from the pool's record: `children`, 0, `children`, 1. */
  readonly path: readonly (string | number)[];
}

const units: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * A counter. Proxmox reads `zpool status` and drops the unit of counters from 1000 on (PVE::API2::Disks::ZFS: `1.2K` is
 * 1.2), so a broken number stands for more than can be told: it counts as unknown, and as an error.
 */
function counter(value: unknown): number | undefined {
  const text = asText(value) ?? '0';
  const found = /^([\d.]+)([KMGT])?$/.exec(text);
  if (found === null) return undefined;
  const number = Number(found[1]);
  if (found[2] !== undefined) return Math.round(number * (units[found[2]] ?? 1));
  return Number.isInteger(number) ? number : undefined;
}

/** All devices of a pool, the groups (mirror-0) ahead of their members. */
export function vdevsOf(pool: Readonly<Record<string, unknown>>): Vdev[] {
  const found: Vdev[] = [];
  const visit = (record: Readonly<Record<string, unknown>>, path: readonly (string | number)[]): void => {
    const children = Array.isArray(record['children']) ? record['children'] : [];
    children.forEach((child: unknown, index) => {
      const data = asObject(child);
      if (data === null) return;
      const here = [...path, 'children', index];
      found.push(vdev(data, here));
      visit(data, here);
    });
  };
  visit(pool, []);
  return found;
}

function vdev(data: Readonly<Record<string, unknown>>, path: readonly (string | number)[]): Vdev {
  return {
    name: asText(data['name']) ?? '',
    state: asText(data['state']) ?? '',
    read: counter(data['read']),
    write: counter(data['write']),
    cksum: counter(data['cksum']),
    leaf: data['leaf'] === undefined ? !Array.isArray(data['children']) : String(data['leaf']) === '1',
    msg: asText(data['msg']) ?? '',
    path,
  };
}

/** Whether a device has failed or has counted errors. */
export function isBad({ state, read, write, cksum }: Vdev): boolean {
  const healthy = ['ONLINE', 'AVAIL', 'INUSE', ''].includes(state);
  return !healthy || [read, write, cksum].some((count) => count !== 0);
}

/** The kinds of errors that a device has counted, as words: `read`, `checksum`. */
export function errorKinds({ read, write, cksum }: Vdev): string[] {
  const kinds = { read, write, checksum: cksum };
  return Object.entries(kinds)
    .filter(([, count]) => count !== 0)
    .map(([kind]) => kind);
}
