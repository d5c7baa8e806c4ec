import { fileValue, keptDescription } from '../guests/config-schema.ts';
import { findVolume, splitVolid } from '../guests/volumes.ts';
import type { Archived, Guest, GuestConfig, State, StoragePool, Volume } from '../state/model.ts';
import { backupVolumes } from './included.ts';

/** What goes into a backup of a guest as it is now. */
export function archivedNow(state: State, guest: Guest): Archived {
  const { lock: _lock, parent: _parent, ...config } = guest.config;
  const kept = Object.entries(config).filter(([key]) => !/^unused\d+$/.test(key));
  const disks = backupVolumes(guest)
    .filter(({ included }) => included)
    .map(({ key, volid, size }) => {
      const volume = findVolume(state, guest.node, volid);
      const bytes = volume?.size ?? size;
      return { key, size: bytes, used: Math.min(bytes, volume?.used ?? Math.round(bytes * WRITTEN)) };
    });
  return { type: guest.type, config: Object.fromEntries(kept), firewall: guest.firewall, disks };
}

/** The part of a disk that holds something, where nobody has told. */
const WRITTEN = 0.6;

/** What the configuration inside a backup tells, as extractconfig gives it; comments are the description. */
export function archivedFrom(type: Guest['type'], text: string): Archived {
  const config: GuestConfig = {};
  const description: string[] = [];
  for (const line of text.split('\n')) {
    const [, key, value] = /^(\w+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) config[key] = fileValue(type, key, value);
    else if (line.startsWith('#') && !/^#(?:qm|vz)dump#/.test(line)) description.push(decoded(line.slice(1)));
  }
  if (description.length > 0) config['description'] ??= keptDescription(type, description.join('\n'));
  const disks = backupVolumes({ type, config })
    .filter(({ included }) => included)
    .map(({ key, size }) => ({ key, size, used: Math.round(size * WRITTEN) }));
  return { type, config, disks };
}

/** Descriptions are percent-encoded where a line could not hold them. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is in a backup: what was put in here, or the guest of now for one that was there at the start. */
export function archivedIn(state: State, node: string, volid: string): Archived | undefined {
  const pool = state.nodes.get(node)?.storages.get(splitVolid(volid).storage)?.pool;
  const volume = pool?.volumes.find((one) => one.volid === volid && one.content === 'backup');
  if (!pool || !volume) return undefined;
  const kept = pool.archived?.get(volid);
  if (kept) return kept;
  const guest = state.guests.get(volume.vmid ?? 0);
  return guest && guest.type === archiveType(volume) ? archivedNow(state, guest) : undefined;
}

export function archiveType({ volid, subtype }: Volume): Guest['type'] {
  if (subtype === 'lxc' || subtype === 'qemu') return subtype;
  return /vzdump-lxc-|:backup\/ct\//.test(volid) ? 'lxc' : 'qemu';
}

/** Puts a finished archive on its storage. */
export function keepArchive(pool: StoragePool, volume: Volume, archived: Archived): void {
  pool.volumes = [...pool.volumes, volume];
  pool.archived ??= new Map();
  pool.archived.set(volume.volid, archived);
}
