import { diskOf } from '../guests/disks.ts';
import { properties } from '../state/guest-size.ts';
import type { Guest } from '../state/model.ts';

/** One of a guest's volumes, and whether backups take it along. */
export interface BackupVolume {
  key: string;
  volid: string;
  size: number;
  included: boolean;
  reason: string;
}

type Owner = Pick<Guest, 'type' | 'config'>;

const DISK = /^(?:scsi|virtio|sata|ide|efidisk|tpmstate|mp)\d+$|^rootfs$/;

/** PVE::QemuConfig and PVE::LXC::Config, get_backup_volumes: what a backup takes along, and why not the rest. */
export function backupVolumes(guest: Owner): BackupVolume[] {
  return Object.entries(guest.config).flatMap(([key, value]): BackupVolume[] => {
    const disk = DISK.test(key) ? diskOf(key, value) : undefined;
    if (!disk || disk.cdrom || disk.cloudInit) return [];
    const { volid, size } = disk;
    return [{ key, volid, size, ...(guest.type === 'qemu' ? vmVerdict(guest, key) : mountVerdict(guest, key)) }];
  });
}

type Verdict = Pick<BackupVolume, 'included' | 'reason'>;

function vmVerdict({ config }: Owner, key: string): Verdict {
  if (key.startsWith('efidisk') && config['bios'] !== 'ovmf') {
    return { included: false, reason: 'efidisk but no OVMF BIOS' };
  }
  const included = !isOff(properties(config[key])['backup']);
  return { included, reason: included ? 'backup=yes' : 'backup=no' };
}

function mountVerdict({ config }: Owner, key: string): Verdict {
  if (key === 'rootfs') return { included: true, reason: 'rootfs' };
  const backup = properties(config[key])['backup'];
  const included = backup !== undefined && !isOff(backup);
  return { included, reason: included ? 'enabled' : 'disabled' };
}

function isOff(value: string | undefined): boolean {
  return value !== undefined && /^(?:0|no|off|false)$/i.test(value);
}
