import type { Call } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { offersContent, usableStorage } from '../guests/volumes.ts';
import { died } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import { properties } from '../state/guest-size.ts';
import type { Row, StoragePool } from '../state/model.ts';
import type { BackupOptions } from './options.ts';

/** Where the archives of a run go. */
export interface BackupTarget {
  storage: string;
  isPbs: boolean;
  /** The folder as the log names it. */
  folder: string;
  definition: Row;
  pool: StoragePool;
  /** How many archives are kept, by period. */
  retention: Record<string, string>;
}

const MAY_HOLD = new Set(['dir', 'nfs', 'cifs', 'cephfs', 'btrfs', 'glusterfs', 'pbs']);

/** PVE::VZDump::new: the storage has to be one for backups; what is wrong with it ends the task at once. */
export function backupTarget(call: Call, options: BackupOptions): BackupTarget {
  for (const key of ['dumpdir', 'tmpdir']) {
    const folder = textParam(call, key);
    if (folder !== undefined) throw died(`${key} '${folder}' does not exist`);
  }
  const { storage } = options;
  try {
    return known(call, options);
  } catch (error) {
    throw died(`could not get storage information for '${storage}': ${refusalText(error).trimEnd()}`);
  }
}

function known(call: Call, { storage, retention }: BackupOptions): BackupTarget {
  const definition = call.state.storages.get(storage);
  if (!definition) throw died(`storage '${storage}' does not exist`);
  const type = String(definition['type']);
  if (!MAY_HOLD.has(type)) throw died(`can't use storage type '${type}' for backup`);
  if (!offersContent(definition, 'backup')) {
    throw died(`can't use storage '${storage}' for backups - wrong content type`);
  }
  const { seen } = usableStorage(call.state, call.node, storage);
  const folder = `${String(definition['path'] ?? `/mnt/pve/${storage}`)}/dump`;
  const wanted = retention ?? retentionText(definition['prune-backups']) ?? 'keep-all=1';
  return { storage, isPbs: type === 'pbs', folder, definition, pool: seen.pool, retention: properties(wanted) };
}

/** A retention as text; job lists and storage definitions that were read may have it as an object. */
export function retentionText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value)
    .map(([key, count]) => `${key}=${String(count)}`)
    .join(',');
}

export function keepsAll(retention: Record<string, string>): boolean {
  return retention['keep-all'] === '1';
}
