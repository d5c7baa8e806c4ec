import type { Behaviours, Call, Handler } from '../behaviour.ts';
import { clonedOptions, cloneVolumes, type CloneWish } from '../guests/clone.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { disksOf } from '../guests/disks.ts';
import { addGuest, joinPool, mustBeFree, poolMustExist } from '../guests/new-guest.ts';
import { snapshotNamed } from '../guests/snapshot.ts';
import { hasVolumeFeature } from '../guests/volume-feature.ts';
import { isSharedStorage, offersContent, takesSnapshots, usableStorage } from '../guests/volumes.ts';
import { changeConfig, checkLock, died, existingGuest, refused, startTask } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { flagParam, guestOf, numberParam, textParam } from './common.ts';
import { isTemplate } from './guest-rows.ts';

/** Copies of guests: clone_vm in PVE/API2/Qemu.pm and PVE/API2/LXC.pm. */
export const cloneWrites: Behaviours = {
  'POST /nodes/{node}/qemu/{vmid}/clone': cloning('qemu'),
  'POST /nodes/{node}/lxc/{vmid}/clone': cloning('lxc'),
};

function cloning(type: Guest['type']): Handler {
  return (call) => {
    const newid = numberParam(call, 'newid') ?? 0;
    const pool = textParam(call, 'pool');
    poolMustExist(call, pool);
    const wish = wishOf(call, type);
    mustNotExist(call, newid, type);
    const options = clonedOptions(call, wish, newid);
    const clone = addGuest(call.state, newid, type, call.node, { ...options, lock: 'clone' });
    joinPool(call, newid, pool);
    return startTask(call, type === 'qemu' ? 'qmclone' : 'vzclone', async (task) => {
      try {
        await cloneVolumes(call, wish, clone, task);
        await task.wait(300);
      } catch (error) {
        call.state.guests.delete(newid);
        throw error;
      }
      changeConfig(clone, { lock: undefined });
      clone.node = wish.target;
    });
  };
}

/** The local node's file is looked at first, with words of its own. */
function mustNotExist(call: Call, newid: number, type: Guest['type']): void {
  const taken = call.state.guests.get(newid);
  if (taken?.node === call.node && taken.type === type && type === 'qemu') {
    throw died(`unable to create VM ${newid}: config file already exists`);
  }
  mustBeFree(call.state, newid, type === 'qemu' ? `unable to create VM ${newid} - ` : '');
}

function wishOf(call: Call, type: Guest['type']): CloneWish {
  const source = type === 'qemu' ? existingGuest(call, type) : guestOf(call, type);
  const storage = textParam(call, 'storage');
  const snapname = textParam(call, 'snapname');
  const isFull = call.params['full'] === undefined ? !isTemplate(source) : flagParam(call, 'full');
  if (storage !== undefined && !isFull) throw died("parameter 'storage' not allowed for linked clones");
  if (textParam(call, 'format') !== undefined && !isFull)
    throw died("parameter 'format' not allowed for linked clones");
  const target = checkTarget(call, source, storage);
  if (storage !== undefined) checkStorage(call, type, storage);
  checkLock(call, source);
  const config = snapname === undefined ? source.config : (snapshotNamed(source, snapname).config ?? source.config);
  if (type === 'lxc' && isFull && source.status === 'running' && snapname === undefined) {
    throw died('Full clone of a running container is only possible from a snapshot');
  }
  if (!isFull) checkLinked(call, source, config);
  else if (type === 'qemu') checkCopied(call, config, snapname);
  for (const { storage: own, cdrom } of disksOf(config)) {
    if (!cdrom) demandAny(call, `/storage/${storage ?? own}`, ['Datastore.AllocateSpace']);
  }
  return { source, config, isFull, storage, target };
}

/** On another node the clone can only lie on storage that both share. */
function checkTarget(call: Call, source: Guest, storage: string | undefined): string {
  const target = textParam(call, 'target') ?? call.node;
  if (target === call.node) return target;
  if (!call.state.nodes.has(target)) throw died(`no such cluster node '${target}'`);
  if (storage !== undefined) {
    usableStorage(call.state, target, storage);
    if (!isSharedStorage(call.state, storage)) throw died(`can't clone to non-shared storage '${storage}'`);
    return target;
  }
  const local = disksOf(source.config).find((disk) => !isSharedStorage(call.state, disk.storage));
  const word = source.type === 'qemu' ? 'VM' : 'CT';
  if (local) throw died(`can't clone ${word} to node '${target}' (${word} uses local storage)`);
  return target;
}

function checkStorage(call: Call, type: Guest['type'], storage: string): void {
  const { definition } = usableStorage(call.state, call.node, storage);
  if (offersContent(definition, type === 'qemu' ? 'images' : 'rootdir')) return;
  const what = type === 'qemu' ? 'vm images' : 'container directories';
  throw refused({ storage: `storage '${storage}' does not support ${what}` });
}

/** What a storage cannot copy out of a snapshot (ZFS) makes no full clone of one (PVE::API2::Qemu, clone_vm). */
function checkCopied(call: Call, config: Guest['config'], snapname: string | undefined): void {
  const of = { feature: 'copy', inSnapshot: snapname !== undefined } as const;
  for (const { key, volid, cdrom } of disksOf(config)) {
    if (cdrom || key.startsWith('unused') || hasVolumeFeature(call.state, volid, of)) continue;
    throw died(`Full clone feature is not supported for drive '${key}'`);
  }
}

/** Only base images grow linked clones. */
function checkLinked(call: Call, source: Guest, config: Guest['config']): void {
  for (const { key, volid, cdrom } of disksOf(config)) {
    if (cdrom || key.startsWith('unused')) continue;
    if (takesSnapshots(call.state, volid) && /[:/](?:base|basevol)-\d+-[^/]*$/.test(volid)) continue;
    if (source.type === 'lxc') throw died(`Linked clone feature for '${volid}' is not available`);
    throw died(`Linked clone feature is not supported for '${volid}' (${key})`);
  }
}
