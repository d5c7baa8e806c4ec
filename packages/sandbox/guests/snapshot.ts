import type { Call } from '../behaviour.ts';
import { flagParam, textParam } from '../behaviours/common.ts';
import { isTemplate } from '../behaviours/guest-rows.ts';
import { guestUse } from '../load.ts';
import { guestSize } from '../state/guest-size.ts';
import type { Guest, GuestConfig, Snapshot } from '../state/model.ts';
import { boot, halt } from './boot.ts';
import { disksOf, type GuestDisk } from './disks.ts';
import { readable } from './copy.ts';
import { stateStorage } from './state-storage.ts';
import { allocate, freeVolume, storageType, takesSnapshots, volumeOwner } from './volumes.ts';
import { changeConfig, checkLock, died, whileLocked, type Task } from './work.ts';

/** Bytes a second at which memory is written out. */
const MEMORY_RATE = 500 * 1024 ** 2;

/** The snapshot of that name, which `current` is not. */
export function snapshotNamed(guest: Guest, name: string): Snapshot {
  const found = guest.snapshots.find((one) => one.name === name && name !== 'current');
  if (!found) throw died(`snapshot '${name}' does not exist`);
  return found;
}

function parentNow(guest: Guest): string | undefined {
  return guest.snapshots.find(({ name }) => name === 'current')?.parent;
}

/** The present state's place in the tree, last in the list. */
function placed(snapshots: readonly Snapshot[], parent: string | undefined): Snapshot[] {
  const taken = snapshots.filter(({ name }) => name !== 'current');
  if (parent === undefined) return taken;
  return [...taken, { name: 'current', snaptime: 0, description: '', parent }];
}

/** Volumes that a snapshot covers. */
function covered(config: Readonly<GuestConfig>): GuestDisk[] {
  return disksOf(config).filter(({ cdrom, key }) => !cdrom && !key.startsWith('unused'));
}

/** PVE::AbstractConfig::snapshot_create. */
export async function takeSnapshot(call: Call, guest: Guest, name: string, task: Task): Promise<void> {
  checkLock(call, guest);
  if (isTemplate(guest)) throw died("you can't take a snapshot if it's a template");
  if (guest.snapshots.some((one) => one.name === name)) throw died(`snapshot name '${name}' already used`);
  const disks = covered(guest.config);
  if (!disks.every(({ volid }) => takesSnapshots(call.state, volid))) throw died('snapshot feature is not available');
  await whileLocked(call, guest, 'snapshot', async () => {
    // the snapshot has a description of its own, and the guest keeps its own whatever it is rolled back to
    const { lock: _lock, description: _description, ...config } = guest.config;
    const withMemory = flagParam(call, 'vmstate') && guest.status === 'running' && guest.type === 'qemu';
    const snaptime = Math.floor(call.clock.now() / 1000);
    const vmstate = withMemory ? await saveMemory(call, guest, name, task) : undefined;
    for (const { key, volid } of disks) {
      if (guest.type === 'qemu') task.log(`snapshotting 'drive-${key}' (${volid})`);
      await task.wait(500);
    }
    const taken: Snapshot = {
      name,
      snaptime,
      description: textParam(call, 'description') ?? '',
      parent: parentNow(guest),
      ...(guest.type === 'qemu' ? { vmstate: withMemory ? 1 : 0 } : {}),
      config: vmstate === undefined ? config : { ...config, vmstate },
    };
    guest.snapshots = placed([...guest.snapshots, taken], name);
  });
}

async function saveMemory(call: Call, guest: Guest, name: string, task: Task): Promise<string> {
  const storage = stateStorage(call.state, guest);
  const used = guestUse(call.state, guest, call.clock.now() / 1000).mem;
  const size = guestSize(call.state, guest).maxmem * 2 + 500 * 1024 ** 2;
  const at = Math.floor(call.clock.now() / 1000);
  const volid = allocate(call.state, { node: guest.node, storage, guest, size, at, suffix: `state-${name}` });
  task.log(`saving VM state and RAM using storage '${storage}'`);
  const seconds = used / MEMORY_RATE;
  try {
    await task.wait(seconds * 1000);
  } catch (error) {
    freeVolume(call.state, guest.node, volid);
    throw error;
  }
  task.log(`completed saving the VM state in ${Math.round(seconds)}s, saved ${readable(used)}`);
  return volid;
}

/** PVE::AbstractConfig::snapshot_delete: children and the present state move up to its parent. */
export async function deleteSnapshot(call: Call, guest: Guest, name: string, task: Task): Promise<void> {
  checkLock(call, guest);
  const gone = snapshotNamed(guest, name);
  await whileLocked(call, guest, 'snapshot-delete', async () => {
    for (const _disk of covered(gone.config ?? guest.config)) await task.wait(700);
    const state = gone.config?.['vmstate'];
    if (state !== undefined) freeVolume(call.state, guest.node, String(state));
    const parent = parentNow(guest);
    const others = guest.snapshots
      .filter((one) => one.name !== name)
      .map((one): Snapshot => (one.parent === name ? { ...one, parent: gone.parent } : one));
    guest.snapshots = placed(others, parent === name ? gone.parent : parent);
  });
}

/** PVE::AbstractConfig::snapshot_rollback: a guest that runs is stopped; with memory it runs on from there. */
export async function rollBack(call: Call, guest: Guest, name: string, task: Task): Promise<void> {
  if (isTemplate(guest)) throw died("you can't rollback if guest is a template");
  const wanted = snapshotNamed(guest, name);
  const config = wanted.config ?? guest.config;
  checkNewest(call, guest, wanted, config);
  checkLock(call, guest);
  await whileLocked(call, guest, 'rollback', async () => {
    if (guest.status === 'running') {
      await task.wait(1000);
      halt(call.state, call.clock, guest);
    }
    for (const _disk of covered(config)) await task.wait(700);
    guest.pending = undefined;
    const left = covered(guest.config).filter(({ volid }) => volumeOwner(volid) === guest.vmid);
    const { vmstate: _vmstate, description: _description, ...restored } = config;
    const { description } = guest.config;
    guest.config = { ...restored, ...(description === undefined ? {} : { description }), lock: 'rollback' };
    const named = new Set(disksOf(restored).map(({ volid }) => volid));
    left.filter(({ volid }) => !named.has(volid)).forEach(({ volid }, index) => keepUnused(guest, volid, index));
    guest.snapshots = placed(guest.snapshots, name);
  });
  if (wanted.vmstate !== 1 && !flagParam(call, 'start')) return;
  await task.wait(2000);
  boot(call.state, call.clock, guest);
}

function keepUnused(guest: Guest, volid: string, from: number): void {
  let index = from;
  while (guest.config[`unused${index}`] !== undefined) index++;
  changeConfig(guest, { [`unused${index}`]: volid });
}

/** ZFS, and LVM with snapshots of files, go back to the newest snapshot only. */
function checkNewest(call: Call, guest: Guest, wanted: Snapshot, config: Readonly<GuestConfig>): void {
  const later = guest.snapshots.filter(({ name, snaptime }) => name !== 'current' && snaptime > wanted.snaptime);
  for (const { storage, volid } of covered(config)) {
    if (!/^(?:zfspool|zfs|lvm)$/.test(storageType(call.state, storage))) continue;
    const stands = later.some((one) => covered(one.config ?? guest.config).some((disk) => disk.volid === volid));
    if (stands) throw died(`can't rollback, '${wanted.name}' is not most recent snapshot on '${volid}'`);
  }
}
