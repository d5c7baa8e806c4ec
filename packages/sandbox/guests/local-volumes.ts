import type { Call } from '../behaviour.ts';
import type { Guest, GuestConfig } from '../state/model.ts';
import { copyVolume, mirrored } from './copy.ts';
import { disksOf, type GuestDisk } from './disks.ts';
import { withVolume } from './drive-size.ts';
import type { MigrationLog } from './migration-log.ts';
import { switchReplication } from './switch-replication.ts';
import { changeVolume, findVolume, freeVolume, isSharedStorage, splitVolid, volumeOwner } from './volumes.ts';
import { changeConfig, type Task } from './work.ts';

/** A guest's volumes on storage that only this node has, those that its snapshots alone name included. */
export function localVolumes(call: Call, guest: Guest): GuestDisk[] {
  const own = disksOf(guest.config);
  const ofSnapshots = guest.snapshots.flatMap(({ config }) =>
    config === undefined ? [] : inSnapshot(call, guest, config),
  );
  const all = [...own, ...ofSnapshots].filter(({ storage }) => !isSharedStorage(call.state, storage));
  return all.filter(({ volid }, index) => all.findIndex((one) => one.volid === volid) === index);
}

/** The disks of a snapshot, and its memory, as far as they are there. */
function inSnapshot(call: Call, { node }: Guest, config: Readonly<GuestConfig>): GuestDisk[] {
  const memory = String(config['vmstate'] ?? '');
  const plain = { key: 'vmstate', volid: memory, storage: splitVolid(memory).storage, size: 0 };
  const all = [...disksOf(config), ...(memory === '' ? [] : [{ ...plain, cdrom: false, cloudInit: false }])];
  return all.filter(({ volid, cdrom }) => !cdrom && findVolume(call.state, node, volid) !== undefined);
}

export interface Moved {
  disk: GuestDisk;
  /** Where it is on the target. */
  volid: string;
}

/** Copies volumes to the target, under their names where these are free there. What was made goes on failure. */
export async function copyLocalVolumes(
  call: Call,
  guest: Guest,
  target: string,
  storageFor: (storage: string) => string,
  { task, log }: { task: Task; log: MigrationLog },
): Promise<Moved[]> {
  const moved: Moved[] = [];
  const lives = guest.status === 'running' && guest.type === 'qemu';
  try {
    for (const disk of localVolumes(call, guest).filter((one) => volumeOwner(one.volid) === guest.vmid)) {
      const storage = storageFor(disk.storage);
      if (lives && !disk.cloudInit) log.say(`drive mirror is starting for drive-${disk.key}`);
      const made = await copyVolume(call, task, {
        from: { node: guest.node, volid: disk.volid },
        to: { node: target, storage, guest },
        line: lives ? mirrored(disk.key) : undefined,
      });
      const volid = keepName(call, target, disk.volid, made);
      moved.push({ disk, volid });
      log.say(`volume '${disk.volid}' is '${volid}' on the target`);
    }
  } catch (error) {
    dropCopies(call, target, moved);
    throw error;
  }
  return moved;
}

/** The copy of a volume bears its name, if nothing else does; a linked clone's copy stands by itself. */
function keepName(call: Call, target: string, source: string, made: string): string {
  const name = splitVolid(source).name.replace(/^.*\/(?=(?:vm|subvol|base|basevol)-)/, '');
  const current = splitVolid(made);
  const folder = /^\d+\//.exec(current.name)?.[0] ?? '';
  const wanted = `${current.storage}:${folder}${name}`;
  const isSameKind = splitVolid(source).storage === current.storage;
  if (!isSameKind || wanted === made || findVolume(call.state, target, wanted)) return made;
  changeVolume(call.state, target, made, { volid: wanted });
  return wanted;
}

/** A migration that failed leaves no copies. */
export function dropCopies(call: Call, target: string, moved: readonly Moved[]): void {
  for (const { volid } of moved) freeVolume(call.state, target, volid);
}

/** The configuration goes over with the volumes' new names, and the sources are freed. */
export function moveConfig(call: Call, guest: Guest, target: string, moved: readonly Moved[]): void {
  const from = guest.node;
  const names = new Map(moved.map(({ disk, volid }) => [disk.volid, volid]));
  changeConfig(guest, renamed(guest.config, names));
  guest.snapshots = guest.snapshots.map((one) =>
    one.config === undefined ? one : { ...one, config: { ...one.config, ...renamed(one.config, names) } },
  );
  guest.node = target;
  switchReplication(call, guest, from);
  for (const { disk } of moved) freeVolume(call.state, from, disk.volid);
}

/** The keys of a configuration whose volumes have new names, with these. */
function renamed(config: Readonly<GuestConfig>, names: ReadonlyMap<string, string>): GuestConfig {
  const disks = disksOf(config).flatMap(({ key, volid }): [string, string][] => {
    const name = names.get(volid);
    return name === undefined ? [] : [[key, withVolume(String(config[key]), name)]];
  });
  const memory = names.get(String(config['vmstate'] ?? ''));
  return Object.fromEntries([...disks, ...(memory === undefined ? [] : [['vmstate', memory] as const])]);
}
