import { capability } from '../kit/index.ts';
import { disks } from './disks.ts';
import { examples } from './examples.ts';

export const disksCapability = capability({ id: 'disks', title: 'Physical disks', datasets: [disks], examples });
