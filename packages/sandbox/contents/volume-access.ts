import { decodeVolid, parseVolname, type Volname } from '@pxa/pve/volid';
import type { Call } from '../behaviour.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { died, refused } from '../guests/work.ts';
import { storageType } from '../guests/volumes.ts';
import type { State } from '../state/model.ts';

export interface NamedVolume extends Volname {
  volid: string;
  storage: string;
}

/** What a volume's id tells; throws in the words of the storage and of its plugin. */
export function namedVolume(state: State, volid: string): NamedVolume {
  const { storage, volname } = decodeVolid(volid);
  if (!state.storages.has(storage)) throw died(`storage '${storage}' does not exist`);
  return { volid, storage, ...parseVolname(storageType(state, storage), volname) };
}

/** PVE::Storage::check_volume_access: what is needed differs by what the volume is; `owner` is who it is wanted for. */
export function checkVolumeAccess(call: Call, volid: string, wanted: { owner?: number; type?: string } = {}): void {
  if (!volid.includes(':')) {
    if (call.caller.authid === 'root@pam') return;
    throw died('Only root can pass arbitrary filesystem paths.');
  }
  const { storage, vtype, vmid } = namedVolume(call.state, volid);
  if (wanted.type !== undefined && wanted.type !== vtype) {
    throw refused({ volume: `unexpected content type '${vtype}', expected '${wanted.type}'` });
  }
  const path = `/storage/${storage}`;
  if (call.access.can(path, 'Datastore.Allocate')) return;
  if (['iso', 'vztmpl', 'import'].includes(vtype)) {
    demandAny(call, path, ['Datastore.AllocateSpace', 'Datastore.Audit']);
    return;
  }
  if (vmid !== undefined && Number(vmid) === wanted.owner) return;
  if (vmid === undefined) throw died(`missing privileges to access ${volid}`);
  demandAny(call, path, [vtype === 'backup' ? 'Datastore.AllocateSpace' : 'Datastore.Audit']);
  demandAny(call, `/vms/${vmid}`, [vtype === 'backup' ? 'VM.Backup' : 'VM.Config.Disk']);
}

/** A volume of a call's path: whole, or without its storage where the path names that too. */
export function volumeParam(call: Call, name = 'volume'): string {
  const volume = String(call.params[name] ?? '');
  const storage = call.params['storage'];
  if (!volume.includes(':')) {
    if (storage === undefined) throw refused({ volume: 'no storage specified - incomplete volume ID' });
    return `${String(storage)}:${volume}`;
  }
  let own: string;
  try {
    own = decodeVolid(volume).storage;
  } catch (error) {
    throw refused({ volume: error instanceof Error ? error.message : String(error) });
  }
  if (storage !== undefined && own !== storage) {
    throw refused({ volume: `storage ID mismatch (${own} != ${String(storage)})\n` });
  }
  return volume;
}
