import type { Call } from '../behaviour.ts';
import { nodeOf } from '../behaviours/common.ts';
import { freeVolume } from '../guests/volumes.ts';
import type { StoragePool, Volume } from '../state/model.ts';
import { markBackups, type PruneMark } from '../state/prune.ts';

export interface PruneFilter {
  vmid?: number | undefined;
  type?: string | undefined;
}

/** What a retention makes of the archives on a storage, guest by guest. */
export function pruneMarks(
  call: Call,
  volumes: readonly Volume[],
  retention: string,
  { vmid, type }: PruneFilter,
): [Volume, PruneMark][] {
  const groups = new Map<string, Volume[]>();
  for (const volume of volumes) {
    if (volume.content !== 'backup' || (vmid !== undefined && volume.vmid !== vmid)) continue;
    if (type !== undefined && volume['subtype'] !== type) continue;
    const group = `${String(volume['subtype'])}/${volume.vmid}`;
    groups.set(group, [...(groups.get(group) ?? []), volume]);
  }
  const { tzOffset } = nodeOf(call);
  return [...groups.values()].flatMap((group) => markBackups(group, retention, tzOffset));
}

/** PVE::Storage::prune_backups: removes what the retention does not cover; gives how many that were. */
export function pruneBackups(
  call: Call,
  pool: StoragePool,
  retention: string,
  filter: PruneFilter,
  log: (line: string) => void,
): number {
  const gone = pruneMarks(call, pool.volumes, retention, filter).filter(([, mark]) => mark === 'remove');
  for (const [{ volid }] of gone) {
    log(`removing backup '${volid}'`);
    freeVolume(call.state, call.node, volid);
  }
  return gone.length;
}
