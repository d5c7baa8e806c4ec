import { createHash } from 'node:crypto';
import { poolUsed } from '../load.ts';
import type { NodeState, Row, State, StoragePool } from '../state/model.ts';

const TIB = 1024 ** 4;

/** The space that a new storage finds on a node; undefined where what it stands on is not there. */
export function spaceOn(state: State, node: NodeState, definition: Row): StoragePool | undefined {
  const type = String(definition['type']);
  if (type === 'dir' || type === 'btrfs') return empty(node.rootfs.total, node.rootfs.used);
  if (type === 'zfspool') return zfsSpace(node, String(definition['pool']));
  if (type === 'lvm') return groupSpace(node, String(definition['vgname']));
  if (type === 'lvmthin') return thinSpace(node, definition);
  return remoteSpace(state, definition);
}

function empty(total: number, used: number): StoragePool {
  return { total, base: used, growthPerDay: 0, volumes: [] };
}

function zfsSpace({ zfs }: NodeState, dataset: string): StoragePool | undefined {
  const pool = zfs.find(({ name }) => name === dataset.split('/')[0]);
  return pool && empty(Number(pool['size'] ?? 0), Number(pool['alloc'] ?? 0));
}

function groupSpace({ lvm }: NodeState, name: string): StoragePool | undefined {
  const groups = (lvm['children'] ?? []) as Row[]; // volume groups, as /disks/lvm lists them
  const group = groups.find((row) => row['name'] === name);
  const size = Number(group?.['size'] ?? 0);
  return group && empty(size, size - Number(group['free'] ?? 0));
}

function thinSpace({ lvmthin }: NodeState, { vgname, thinpool }: Row): StoragePool | undefined {
  const thin = lvmthin.find((row) => row['vg'] === vgname && row['lv'] === thinpool);
  return thin && empty(Number(thin['lv_size'] ?? 0), Number(thin['used'] ?? 0));
}

/** What another machine offers: as much as a storage that is there already on the same place, else made up. */
function remoteSpace(state: State, definition: Row): StoragePool | undefined {
  const place = placeOf(definition);
  if (/(?:^|\.)invalid$/.test(String(definition['server'] ?? ''))) return undefined;
  const twin = [...state.storages].find(([, one]) => placeOf(one) === place)?.[0];
  for (const node of state.nodes.values()) {
    const pool = node.storages.get(twin ?? '')?.pool;
    if (pool) return empty(pool.total, poolUsed(state, pool, state.start));
  }
  const size = (1 + ((createHash('sha256').update(place).digest()[0] ?? 0) % 16)) * TIB;
  return empty(size, Math.round(size / 10));
}

/** What a storage stands on, so that it is known again. */
export function placeOf(definition: Row): string {
  const keys = [
    'type',
    'server',
    'export',
    'share',
    'datastore',
    'namespace',
    'path',
    'pool',
    'vgname',
    'thinpool',
    'portal',
    'target',
  ];
  return keys
    .map((key) => (key === 'path' && definition['server'] !== undefined ? '' : String(definition[key] ?? '')))
    .join('|');
}
