import type { Call } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { guestName } from '../behaviours/guest-rows.ts';
import type { Guest, GuestConfig } from '../state/model.ts';
import { newMac, newUuid, storedValue } from './config-schema.ts';
import { copyVolume } from './copy.ts';
import { diskOf } from './disks.ts';
import { withVolume } from './drive-size.ts';
import { allocate, findVolume, freeVolume, volumeOwner } from './volumes.ts';
import { changeConfig, died, type Task } from './work.ts';

export interface CloneWish {
  source: Guest;
  /** The configuration to copy: today's or a snapshot's. */
  config: Readonly<GuestConfig>;
  /** Whether volumes are copied whole, rather than grown from their base. */
  isFull: boolean;
  storage: string | undefined;
  target: string;
}

const NOT_COPIED = /^(?:lock|template|vmstate|parent|snaptime|runningmachine|runningcpu|unused\d+)$/;

/** The new guest's options but for its volumes: its own addresses and identity, and a name that tells of the source. */
export function clonedOptions(call: Call, { source, config }: CloneWish, newid: number): GuestConfig {
  const copy: GuestConfig = {};
  for (const [key, value] of Object.entries(config)) {
    if (NOT_COPIED.test(key) || diskOf(key, value)?.cdrom === false) continue;
    copy[key] = /^net\d+$/.test(key) ? withNewAddress(call, newid, key, String(value)) : value;
  }
  const description = textParam(call, 'description');
  if (description !== undefined) copy['description'] = storedValue(call, source, 'description', description);
  if (source.type === 'lxc') {
    const hostname = textParam(call, 'hostname');
    return hostname === undefined ? copy : { ...copy, hostname };
  }
  const uuid = newUuid(call, newid, 'smbios1');
  const smbios = String(copy['smbios1'] ?? 'uuid=').replace(/uuid=[^,]*/, `uuid=${uuid}`);
  const name = textParam(call, 'name') ?? `Copy-of-VM-${guestName(source)}`;
  return { ...copy, name, smbios1: smbios, vmgenid: newUuid(call, newid, 'vmgenid') };
}

function withNewAddress(call: Call, vmid: number, key: string, nic: string): string {
  return nic.replace(/[0-9A-F]{2}(?::[0-9A-F]{2}){5}/i, newMac(call, vmid, key));
}

/** Copies or grows each volume of a clone into the new guest; on failure what was made goes again. */
export async function cloneVolumes(call: Call, wish: CloneWish, clone: Guest, task: Task): Promise<void> {
  const { source, config, isFull } = wish;
  const drives = Object.entries(config).filter(([key, value]) => isOwn(key, value, source.vmid));
  try {
    for (const [key, value] of drives) {
      const volid = diskOf(key, value)?.volid ?? '';
      const isWhole = isFull || diskOf(key, value)?.cloudInit === true;
      task.log(
        `create ${isWhole ? 'full' : 'linked'} clone of ${source.type === 'qemu' ? 'drive' : 'mountpoint'} ${key} (${volid})`,
      );
      const next = isWhole ? await whole(call, wish, clone, key, volid, task) : linked(call, wish, clone, volid);
      changeConfig(clone, { [key]: withVolume(String(value), next) });
    }
  } catch (error) {
    for (const [key] of drives) {
      const volid = diskOf(key, clone.config[key])?.volid;
      if (volid !== undefined && volumeOwner(volid) === clone.vmid) freeVolume(call.state, wish.target, volid);
    }
    const text = error instanceof Error ? error.message.trimEnd() : String(error);
    throw died(`clone failed: ${text === 'received interrupt' ? 'interrupted by signal' : text}`);
  }
}

function isOwn(key: string, value: string | number, vmid: number): boolean {
  const disk = diskOf(key, value);
  return (
    disk !== undefined &&
    !key.startsWith('unused') &&
    (!disk.cdrom || disk.cloudInit) &&
    volumeOwner(disk.volid) === vmid
  );
}

async function whole(
  call: Call,
  wish: CloneWish,
  clone: Guest,
  key: string,
  volid: string,
  task: Task,
): Promise<string> {
  const { source, target } = wish;
  const storage = wish.storage ?? volid.split(':')[0] ?? '';
  if (diskOf(key, source.config[key])?.cloudInit) {
    const at = Math.floor(call.clock.now() / 1000);
    const size = 4 * 1024 ** 2;
    return allocate(call.state, {
      node: target,
      storage,
      guest: clone,
      size,
      at,
      suffix: 'cloudinit',
      format: 'qcow2',
    });
  }
  const format = textParam(call, 'format');
  return copyVolume(call, task, {
    from: { node: source.node, volid },
    to: { node: target, storage, guest: clone, format },
  });
}

function linked(call: Call, { source, target }: CloneWish, clone: Guest, volid: string): string {
  const at = Math.floor(call.clock.now() / 1000);
  const size = findVolume(call.state, source.node, volid)?.size ?? 0;
  const storage = volid.split(':')[0] ?? '';
  return allocate(call.state, { node: target, storage, guest: clone, size, at, base: volid });
}
