import { capability } from '../kit/index.ts';
import { resize } from './resize.ts';

export const guestDisksCapability = capability({
  id: 'guest-disks',
  title: 'Disks of guests',
  datasets: [],
  examples: [],
  actions: [resize],
});
