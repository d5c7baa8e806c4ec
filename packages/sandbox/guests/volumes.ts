import { poolUsed } from '../load.ts';
import type { Guest, NodeStorage, Row, State, StoragePool, Volume } from '../state/model.ts';
import { died } from './work.ts';

const FILES = new Set(['dir', 'nfs', 'cifs', 'btrfs', 'cephfs', 'glusterfs']);
/** Storage types whose raw volumes take snapshots, and make linked clones of base images. */
const THIN = new Set(['zfspool', 'rbd', 'lvmthin', 'btrfs', 'zfs']);

/** `STORAGE:VOLNAME` taken apart. */
export function splitVolid(volid: string): { storage: string; name: string } {
  const colon = volid.indexOf(':');
  return { storage: volid.slice(0, colon), name: volid.slice(colon + 1) };
}

/** The guest that a volume's name says it belongs to; undefined for images and templates. */
export function volumeOwner(volid: string): number | undefined {
  const own = /(?:^|[:/])(?:vm|base|subvol|basevol)-(\d+)-[^/]*$/.exec(volid)?.[1];
  return own === undefined ? undefined : Number(own);
}

/** PVE::Storage::storage_config and storage_check_enabled, in their words. */
export function usableStorage(state: State, node: string, id: string): { definition: Row; seen: NodeStorage } {
  const definition = state.storages.get(id);
  if (!definition) throw died(`storage '${id}' does not exist`);
  const seen = state.nodes.get(node)?.storages.get(id);
  if (!seen) throw died(`storage '${id}' is not available on node '${node}'`);
  if (!seen.enabled) throw died(`storage '${id}' is disabled`);
  if (!seen.active) throw died(`storage '${id}' is not online`);
  return { definition, seen };
}

export function storageType(state: State, id: string): string {
  return String(state.storages.get(id)?.['type'] ?? '');
}

export function isSharedStorage(state: State, id: string): boolean {
  return state.storages.get(id)?.['shared'] === 1;
}

/** Whether a storage is there for such content (`images`, `rootdir`). */
export function offersContent(definition: Row, content: string): boolean {
  return String(definition['content'] ?? '')
    .split(',')
    .includes(content);
}

export function takesSnapshots(state: State, volid: string): boolean {
  return THIN.has(storageType(state, splitVolid(volid).storage)) || volid.endsWith('.qcow2');
}

export function findVolume(state: State, node: string, volid: string): Volume | undefined {
  return state.nodes
    .get(node)
    ?.storages.get(splitVolid(volid).storage)
    ?.pool.volumes.find((one) => one.volid === volid);
}

export interface Allocation {
  node: string;
  storage: string;
  guest: Pick<Guest, 'vmid' | 'type'>;
  /** Bytes. */
  size: number;
  /** Seconds since 1970. */
  at: number;
  format?: string | undefined;
  /** The volume that a linked clone grows from. */
  base?: string | undefined;
  /** The last part of its name, as `cloudinit`; else `disk-N`. */
  suffix?: string | undefined;
}

/** Makes a volume as PVE::Storage::vdisk_alloc and vdisk_clone name it; refuses where there is no room. Gives its id. */
export function allocate(state: State, wanted: Allocation): string {
  const { node, storage, guest, size, at } = wanted;
  const { definition, seen } = usableStorage(state, node, storage);
  const type = String(definition['type']);
  const isFile = FILES.has(type);
  const format = guest.type === 'lxc' ? rootFormat(type) : isFile ? (wanted.format ?? 'raw') : 'raw';
  const stem = format === 'subvol' ? 'subvol' : 'vm';
  const taken = new Set(seen.pool.volumes.map(({ volid }) => volid.replace(/^.*\//, '').replace(/^[^:]*:/, '')));
  const named = (suffix: string): string => `${stem}-${guest.vmid}-${suffix}${isFile ? `.${format}` : ''}`;
  let name = named(wanted.suffix ?? 'disk-0');
  for (let index = 1; taken.has(name) && wanted.suffix === undefined; index++) name = named(`disk-${index}`);
  const used = wanted.base === undefined ? taking(type, format, size) : 0;
  const room = seen.pool.total - poolUsed(state, seen.pool, at);
  if (used > room || (type === 'zfspool' && definition['sparse'] !== 1 && size > room)) {
    throw died(noRoom(type, `${String(definition['pool'] ?? storage)}/${name}`));
  }
  const folder = isFile ? `${guest.vmid}/` : '';
  const base = wanted.base === undefined ? '' : `${splitVolid(wanted.base).name}/`;
  const volid = `${storage}:${base}${folder}${name}`;
  const content = guest.type === 'lxc' ? 'rootdir' : 'images';
  const volume: Volume = { volid, content, format, size, vmid: guest.vmid, ctime: at };
  if (used !== size) volume.used = used;
  if (wanted.base !== undefined) volume['parent'] = splitVolid(wanted.base).name;
  addVolume(seen.pool, volume);
  return volid;
}

function rootFormat(type: string): string {
  return type === 'zfspool' || type === 'btrfs' ? 'subvol' : 'raw';
}

/** Bytes taken at once: thin volumes begin empty, thick ones take all that they may hold. */
function taking(type: string, format: string, size: number): number {
  if (type === 'lvm' || type === 'iscsi') return size;
  return format === 'qcow2' ? 200 * 1024 : Math.min(size, 1024 ** 2);
}

function noRoom(type: string, name: string): string {
  if (type === 'zfspool') return `zfs error: cannot create '${name}': out of space`;
  if (type === 'lvm') return `lvcreate '${name}' error:   Volume group has insufficient free space`;
  return `unable to create image: No space left on device`;
}

function addVolume(pool: StoragePool, volume: Volume): void {
  pool.volumes = [...pool.volumes, volume];
}

/** The linked clones that live on a base volume. */
export function clonesOf(state: State, node: string, volid: string): Volume[] {
  const { storage, name } = splitVolid(volid);
  const pool = state.nodes.get(node)?.storages.get(storage)?.pool;
  return pool?.volumes.filter((one) => one.volid.startsWith(`${storage}:${name}/`)) ?? [];
}

/** PVE::Storage::vdisk_free. */
export function freeVolume(state: State, node: string, volid: string): void {
  if (clonesOf(state, node, volid).length > 0) {
    throw died(`base volume '${splitVolid(volid).name}' is still in use by linked cloned`);
  }
  const pool = state.nodes.get(node)?.storages.get(splitVolid(volid).storage)?.pool;
  if (!pool) return;
  pool.volumes = pool.volumes.filter((one) => one.volid !== volid);
  pool.archived?.delete(volid);
}

/** Replaces fields of a volume where it lies. */
export function changeVolume(state: State, node: string, volid: string, changes: Partial<Volume>): void {
  const pool = state.nodes.get(node)?.storages.get(splitVolid(volid).storage)?.pool;
  if (pool) pool.volumes = pool.volumes.map((one): Volume => (one.volid === volid ? { ...one, ...changes } : one));
}
