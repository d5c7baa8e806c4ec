import { printCtVolume, readCtVolume } from '@pxa/pve/property-string';
import type { Call } from '../behaviour.ts';
import type { Guest } from '../state/model.ts';
import { demandAny } from './config-privileges.ts';
import { allocate, findVolume, offersContent, usableStorage } from './volumes.ts';
import { died, refused } from './work.ts';

const NEW_VOLUME = /^([^/:\s]+):(\d+(?:\.\d+)?)$/;

type Owner = Pick<Guest, 'vmid' | 'type' | 'node'>;

/** Refusals that come before anything is done; bind mounts are root@pam's alone. */
export function checkMount(call: Call, owner: Owner, key: string, text: string): void {
  const { volume, type } = readCtVolume(key, text);
  const isRoot = call.caller.authid === 'root@pam';
  if (type !== 'volume') {
    if (isRoot) return;
    throw died(`mount point type ${type} is only allowed for root@pam`);
  }
  const storage = NEW_VOLUME.exec(volume)?.[1];
  if (storage === undefined) return;
  const { definition } = usableStorage(call.state, owner.node, storage);
  demandAny(call, `/storage/${storage}`, ['Datastore.AllocateSpace']);
  if (!offersContent(definition, 'rootdir')) {
    throw refused({ storage: `storage '${storage}' does not support container directories` });
  }
}

/** Makes the volume that a mount point asks for and gives it as it is kept (PVE::LXC::create_disks). */
export function makeMount(call: Call, owner: Owner, key: string, text: string): string {
  const mount = readCtVolume(key, text);
  const [, storage, gib] = NEW_VOLUME.exec(mount.volume) ?? [];
  if (storage !== undefined) {
    const size = Math.round(Number(gib) * 1024 ** 3);
    const at = Math.floor(call.clock.now() / 1000);
    const volume = allocate(call.state, { node: owner.node, storage, guest: owner, size, at });
    return printCtVolume(key, { ...mount, volume, size });
  }
  if (mount.type !== 'volume') return printCtVolume(key, mount);
  const found = findVolume(call.state, owner.node, mount.volume);
  if (!found) throw died(`volume '${mount.volume}' does not exist`);
  return printCtVolume(key, { ...mount, size: found.size });
}
