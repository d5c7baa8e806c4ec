import { capability } from '../kit/index.ts';
import { addDisk } from './add.ts';
import { attachDisk } from './attach.ts';
import { ejectIso, insertIso } from './cd.ts';
import { detachDisk, removeDisk } from './detach.ts';
import { moveDisk } from './move.ts';
import { reassignDisk } from './reassign.ts';
import { resize } from './resize.ts';

export const guestDisksCapability = capability({
  id: 'guest-disks',
  title: 'Disks of guests',
  datasets: [],
  examples: [],
  actions: [resize, addDisk, moveDisk, detachDisk, attachDisk, removeDisk, reassignDisk, insertIso, ejectIso],
});
