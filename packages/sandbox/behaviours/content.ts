import { pruneMarks } from '../backups/prune.ts';
import { retentionText } from '../backups/target.ts';
import { pathOf } from '../contents/path.ts';
import { checkVolumeAccess, volumeParam } from '../contents/volume-access.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import type { Row, Volume } from '../state/model.ts';
import { nodeOf, numberParam, textParam } from './common.ts';

/** What lies on storages: disks, images, templates, archives. */
export const content: Behaviours = {
  'GET /nodes/{node}/storage/{storage}/content': (call) => {
    const type = textParam(call, 'content');
    const vmid = numberParam(call, 'vmid');
    return volumesOf(call)
      .filter((volume) => type === undefined || volume.content === type)
      .filter((volume) => vmid === undefined || volume.vmid === vmid)
      .filter((volume) => maySee(call, volume))
      .map(listed);
  },
  'GET /nodes/{node}/storage/{storage}/content/{volume}': attributes,
  'GET /nodes/{node}/storage/{storage}/prunebackups': prune,
};

/** Lists tell the first line of notes. */
function listed(volume: Volume): Volume {
  const { notes } = volume;
  return typeof notes === 'string' && notes.includes('\n') ? { ...volume, notes: notes.split('\n', 1)[0] } : volume;
}

function volumesOf(call: Call): readonly Volume[] {
  const id = textParam(call, 'storage') ?? '';
  const definition = call.state.storages.get(id);
  if (!definition) throw new PveError(500, `storage '${id}' does not exist\n`);
  const seen = nodeOf(call).storages.get(id);
  if (!seen) throw new PveError(500, `storage '${id}' is not available on node '${call.node}'\n`);
  if (!seen.enabled) throw new PveError(500, `storage '${id}' is disabled\n`);
  if (!seen.active) throw new PveError(500, `storage '${id}' is not online\n`);
  return seen.pool.volumes;
}

/** PVE::Storage::check_volume_access: what is needed differs by what the volume is. */
function maySee(call: Call, volume: Volume): boolean {
  const { access } = call;
  const path = `/storage/${volume.volid.split(':')[0] ?? ''}`;
  if (access.can(path, 'Datastore.Allocate')) return true;
  if (['iso', 'vztmpl', 'import', 'snippets'].includes(volume.content)) {
    return access.canAny(path, ['Datastore.Audit', 'Datastore.AllocateSpace']);
  }
  const vm = (priv: string): boolean => volume.vmid !== undefined && access.can(`/vms/${volume.vmid}`, priv);
  if (volume.content === 'backup') return access.can(path, 'Datastore.AllocateSpace') && vm('VM.Backup');
  return access.can(path, 'Datastore.Audit') && vm('VM.Config.Disk');
}

function attributes(call: Call): Row {
  const volumes = volumesOf(call);
  const volid = volumeParam(call);
  checkVolumeAccess(call, volid);
  const volume = volumes.find((entry) => entry.volid === volid);
  if (!volume) throw new PveError(500, `volume_size_info on '${volid}' failed - no such volume\n`);
  return {
    path: pathOf(call.state, volume),
    size: volume.size,
    used: volume.used ?? volume.size,
    format: volume.format,
    ...(volume['notes'] === undefined ? {} : { notes: volume['notes'] }),
    ...(volume['protected'] === 1 ? { protected: 1 } : {}),
  };
}

/** What a prune with the storage's (or the given) retention would keep, guest by guest. */
function prune(call: Call): Row[] {
  const filter = { vmid: numberParam(call, 'vmid'), type: textParam(call, 'type') };
  const definition = call.state.storages.get(textParam(call, 'storage') ?? '') ?? {};
  const retention = textParam(call, 'prune-backups') ?? retentionText(definition['prune-backups']) ?? 'keep-all=1';
  return pruneMarks(call, volumesOf(call), retention, filter).map(([{ volid, ctime, subtype, vmid }, mark]) => ({
    volid,
    ctime,
    type: subtype,
    vmid,
    mark,
  }));
}
