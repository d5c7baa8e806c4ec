import type { Guest, StoragePool, Volume } from '../state/model.ts';
import { properties, sizeBytes } from '../state/guest-size.ts';
import { volumeBytes } from '../load.ts';
import { archiveTime } from './times.ts';

const DISK = /^(?:scsi|virtio|sata|ide|efidisk|tpmstate|rootfs|mp|unused)\d*$/;

/** The volumes that guests' configurations name on a storage. */
export function guestVolumes(guests: Iterable<Guest>, storage: string, ctime: number): Volume[] {
  const volumes: Volume[] = [];
  for (const guest of guests) {
    for (const [key, value] of Object.entries(guest.config)) {
      if (!DISK.test(key)) continue;
      const parts = properties(value);
      const volid = parts[''] ?? '';
      if (!volid.startsWith(`${storage}:`) || volid.includes(':iso/')) continue;
      const format = volid.includes(':subvol-') ? 'subvol' : 'raw';
      const content = guest.type === 'lxc' ? 'rootdir' : 'images';
      volumes.push({ volid, content, format, size: sizeBytes(parts['size']) ?? 0, vmid: guest.vmid, ctime });
    }
  }
  return volumes;
}

/** Space with its volumes, of which `used` bytes are taken at the start. */
export function makePool(total: number, used: number, volumes: Volume[], growthPerDay = 0): StoragePool {
  const pool: StoragePool = { total: Math.round(total), base: 0, growthPerDay, volumes };
  pool.base = Math.round(used) - volumeBytes(pool);
  return pool;
}

/** One archive as vzdump names and places it. */
export function archive(storage: string, guest: Guest, at: number, size: number): Volume {
  const ending = guest.type === 'qemu' ? 'vma.zst' : 'tar.zst';
  return {
    volid: `${storage}:backup/vzdump-${guest.type}-${guest.vmid}-${archiveTime(at)}.${ending}`,
    content: 'backup',
    format: ending,
    subtype: guest.type,
    vmid: guest.vmid,
    ctime: at,
    size: Math.round(size),
    notes: String(guest.config['name'] ?? guest.config['hostname'] ?? ''),
  };
}

/** A file that somebody has put on a storage. */
export function file(volid: string, size: number, ctime: number): Volume {
  const content = volid.includes(':iso/') ? 'iso' : 'vztmpl';
  const format = content === 'iso' ? 'iso' : volid.endsWith('.xz') ? 'txz' : 'tzst';
  return { volid, content, format, size, ctime };
}
