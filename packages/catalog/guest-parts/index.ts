import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { guestAddressList } from './guest-addresses.ts';
import { guestConfig } from './guest-config.ts';
import { guestDisks } from './guest-disks.ts';
import { guestFileSystems } from './guest-file-systems.ts';
import { guestNics } from './guest-nics.ts';

export const guestPartsCapability = capability({
  id: 'guest-parts',
  title: 'Disks, file systems, network cards, addresses and settings of guests',
  datasets: [guestDisks, guestFileSystems, guestNics, guestAddressList, guestConfig],
  examples,
});
