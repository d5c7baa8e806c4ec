import { type Cells, GiB } from '../http/cells.ts';
import type { GuestDetails } from './details-schema.ts';

type Disk = GuestDetails['configuration']['storage'][number];

const KINDS = ['disk', 'root disk', 'mount point'];

/**
 * The disks of a guest. Where they are mounted is told by a container's configuration, and by a VM's agent; that they are
 * encrypted, by the settings of the service alone.
 */
export function disksOf(disks: readonly Cells[], files: readonly Cells[], encrypted: readonly string[]): Disk[] {
  const shown = disks.filter((disk) => KINDS.includes(disk.text('kind') ?? ''));
  return shown.map((disk) => {
    const key = disk.text('key') ?? '';
    const storage = disk.text('storage') ?? '';
    const on = files.filter((each) => each.list('disks').includes(key));
    return {
      disk_id: key,
      size_gb: disk.in(GiB, 'size'),
      type: disk.flag('ssd') === true ? ('ssd' as const) : ('disk' as const),
      storage,
      encrypted: encrypted.includes(storage) ? true : null,
      mount_point: disk.text('mountpoint') ?? shortest(on.map((each) => each.text('mountpoint') ?? '')),
    };
  });
}

/** Of several places the one nearest to the root. */
const shortest = (paths: readonly string[]): string | null =>
  paths.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null;

/** Whether all of a guest's disks are encrypted, as far as that is known. */
export const isEncrypted = (disks: readonly Disk[]): boolean | null =>
  disks.length > 0 && disks.every(({ encrypted }) => encrypted === true) ? true : null;

/** How full the file systems in a VM are together, in percent with one decimal. */
export function usageOf(files: readonly Cells[]): number | null {
  const sum = (key: string): number => files.reduce((total, each) => total + (each.number(key) ?? 0), 0);
  const total = sum('total');
  return total === 0 ? null : Math.round((sum('used') / total) * 1_000) / 10;
}
