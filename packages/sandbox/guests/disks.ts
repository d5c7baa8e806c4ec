import { properties, sizeBytes } from '../state/guest-size.ts';
import type { GuestConfig } from '../state/model.ts';

/** Keys of a configuration that name volumes. */
const VOLUME_KEY = /^(?:scsi|virtio|sata|ide|efidisk|tpmstate|rootfs|mp|unused)\d*$/;

export interface GuestDisk {
  key: string;
  volid: string;
  storage: string;
  /** Bytes. */
  size: number;
  cdrom: boolean;
  cloudInit: boolean;
}

/** The volumes that a configuration names; `none` and host devices are none. */
export function disksOf(config: Readonly<GuestConfig>): GuestDisk[] {
  return Object.entries(config).flatMap(([key, value]) => diskOf(key, value) ?? []);
}

/** The volume that one key names. */
export function diskOf(key: string, value: string | number | undefined): GuestDisk | undefined {
  if (value === undefined || !VOLUME_KEY.test(key)) return undefined;
  const parts = properties(value);
  const volid = parts[''] ?? parts['file'] ?? parts['volume'] ?? '';
  if (!/^[^/:]+:./.test(volid)) return undefined;
  const cloudInit = /:(?:\d+\/)?vm-\d+-cloudinit(?:\.\w+)?$/.test(volid);
  const cdrom = parts['media'] === 'cdrom';
  return { key, volid, storage: volid.split(':')[0] ?? '', size: sizeBytes(parts['size']) ?? 0, cdrom, cloudInit };
}
