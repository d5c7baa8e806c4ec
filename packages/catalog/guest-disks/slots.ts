import type { GuestNow } from '../kit/index.ts';
import { bootDisk } from './disks.ts';

/** How many drives each bus of a VM takes (qemu-server Drive.pm, MAX_*_DISKS). */
const places: Readonly<Record<string, number>> = { scsi: 31, virtio: 16, sata: 6, ide: 4 };
/** Mount points of a container (pve-container Config.pm, MAX_MOUNT_POINTS), and volumes that a guest does not use. */
const most = 256;

/** The bus that the disk of a VM is on that it starts from: what its system has a driver for. */
export function usualBus(guest: GuestNow): string {
  const bus = bootDisk(guest)?.key.replace(/\d+$/, '') ?? 'scsi';
  return bus in places ? bus : 'scsi';
}

/** The first free key for a disk: `scsi1` on a bus of a VM, `mp0` in a container; undefined where all are taken. */
export function freeSlot(guest: GuestNow, bus: string): string | undefined {
  return guest.type === 'lxc' ? freeKey(guest, 'mp', most) : freeKey(guest, bus, places[bus] ?? 0);
}

/** The key that a disk gets when it is detached. */
export const freeUnused = (guest: GuestNow): string => freeKey(guest, 'unused', most) ?? `unused${most - 1}`;

function freeKey({ config }: GuestNow, prefix: string, count: number): string | undefined {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`).find((key) => !(key in config));
}
