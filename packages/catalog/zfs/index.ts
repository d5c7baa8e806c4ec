import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { zfs } from './zfs.ts';

export const zfsCapability = capability({ id: 'zfs', title: 'ZFS', datasets: [zfs], examples });
