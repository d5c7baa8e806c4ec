import { type Connection, nameText } from '../connections/connection.ts';
import { type Told, unread } from '../connections/told.ts';
import { Cells, GiB } from '../http/cells.ts';
import type { Unavailable } from '../http/envelope.ts';
import { lookAt } from '../http/look.ts';
import type { Service } from '../service.ts';
import type { Place, Storage } from './schemas.ts';

const DEFINED =
  'storage type enabled content nodes shared path server export share pool vgname thinpool datastore namespace username fingerprint with_key retention';
const PLACES = 'storage nodes shared status disk maxdisk free';

/** A place as it is listed, with its sizes in bytes. */
interface At {
  readonly cells: Cells;
  readonly isThere: boolean;
  readonly online: ReadonlySet<string>;
}

/** The storages of a cluster, by two calls to Proxmox: how they are defined, and all that there is. @throws Problem 503 */
export async function storagesOf(service: Service, { name, cluster }: Connection): Promise<Told<Storage>> {
  const seen = await lookAt(cluster, [
    { dataset: 'storage-definitions', columns: DEFINED.split(' ') },
    { dataset: 'storage', columns: PLACES.split(' ') },
    { dataset: 'nodes', columns: ['node', 'status'] },
  ]);
  const [defined = [], places = [], nodes = []] = seen.views.map(({ rows }) => rows.map((row) => new Cells(row)));
  const online = new Set(nodes.flatMap((node) => (node.text('status') === 'online' ? (node.text('node') ?? []) : [])));
  const declared = service.settings.encrypted_storages[name] ?? [];
  const rows = defined.map((cells) => {
    const own = cells.text('storage') ?? '';
    const at = places.filter((each) => each.text('storage') === own).map((each) => placeAt(each, online));
    return storageOf(nameText(service, name, own), cells, { at, isDeclared: declared.includes(own) });
  });
  return { rows, unavailable: unread(seen) };
}

const placeAt = (cells: Cells, online: ReadonlySet<string>): At => ({
  cells,
  isThere: cells.text('status') === 'available',
  online,
});

function storageOf(id: string, cells: Cells, { at, isDeclared }: { at: readonly At[]; isDeclared: boolean }): Storage {
  const [total, used, free] = [sum(at, 'maxdisk'), sum(at, 'disk'), sum(at, 'free')];
  const limited = cells.list('nodes');
  return {
    id,
    name: cells.text('storage') ?? '',
    type: cells.text('type') ?? '',
    status: statusOf(cells.flag('enabled') !== false, at),
    enabled: cells.flag('enabled') !== false,
    shared: at.some((each) => each.cells.flag('shared') === true) || cells.flag('shared') === true,
    encrypted: isDeclared || cells.flag('with_key') === true ? true : null,
    content: cells.list('content'),
    total_gb: inGb(total),
    used_gb: inGb(used),
    available_gb: inGb(free),
    usage_percent: total === null || used === null || total === 0 ? null : Math.round((used / total) * 1_000) / 10,
    nodes: at.flatMap(nodesOf).toSorted((a, b) => (a.node < b.node ? -1 : 1)),
    configuration: {
      path: cells.text('path'),
      server: cells.text('server'),
      export: cells.text('export'),
      share: cells.text('share'),
      pool: cells.text('pool'),
      volume_group: cells.text('vgname'),
      thin_pool: cells.text('thinpool'),
      datastore: cells.text('datastore'),
      namespace: cells.text('namespace'),
      username: cells.text('username'),
      fingerprint: cells.text('fingerprint'),
      retention: cells.text('retention'),
      limited_to: limited,
    },
  };
}

function statusOf(isEnabled: boolean, at: readonly At[]): Storage['status'] {
  if (!isEnabled) return 'disabled';
  const there = at.filter(({ isThere }) => isThere).length;
  return there === 0 ? 'unavailable' : there === at.length ? 'available' : 'degraded';
}

/** The sum over the places that are reached; null where there is none, or one does not tell. */
function sum(at: readonly At[], key: string): number | null {
  const values = at.filter(({ isThere }) => isThere).map(({ cells }) => cells.number(key));
  if (values.length === 0) return null;
  return values.reduce((total, value) => (total === null || value === null ? null : total + value), 0);
}

/** What nodes share is one place, which each of them reaches. What was known of one that is gone is not told as if it were so. */
function nodesOf({ cells, isThere, online }: At): Place[] {
  return cells.list('nodes').map((node) => {
    const isReached = isThere && online.has(node);
    const size = (key: string): number | null => (isReached ? cells.in(GiB, key) : null);
    return {
      node,
      status: isReached ? 'available' : 'unavailable',
      total_gb: size('maxdisk'),
      used_gb: size('disk'),
      available_gb: size('free'),
    };
  });
}

const inGb = (bytes: number | null): number | null => (bytes === null ? null : Math.round((bytes / GiB) * 100) / 100);

/** What is null of storages that are told, or left out of their sums, and why. */
export function notToldOf(storages: readonly Storage[]): Unavailable[] {
  const reason = 'Proxmox does not tell; name storages that are encrypted in the setting encrypted_storages.';
  const encrypted = storages.some((each) => each.encrypted === null) ? [{ field: 'encrypted', reason }] : [];
  const gone = storages.flatMap(({ name, nodes }) =>
    nodes.flatMap(({ node, status }) =>
      status === 'unavailable' ? [{ field: `sizes of ${name} on ${node}`, reason: 'It is not reached there.' }] : [],
    ),
  );
  const nowhere = storages.flatMap(({ name, enabled, nodes }) =>
    nodes.length > 0
      ? []
      : [
          {
            field: `sizes of ${name}`,
            reason: enabled ? 'No node told of it.' : 'It is disabled: no node looks at it.',
          },
        ],
  );
  return [...encrypted, ...gone, ...nowhere];
}
