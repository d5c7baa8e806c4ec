import { capability } from '../kit/index.ts';
import { address, sshKey, user } from './cloud-init.ts';
import { describe, rename, tag, untag } from './identity.ts';
import { addNic, bridge, removeNic, vlan } from './nics.ts';
import { cores, memory } from './sizing.ts';
import { set } from './set.ts';
import { switches } from './switches.ts';

export const guestConfigCapability = capability({
  id: 'guest-config',
  title: 'Configuring guests',
  datasets: [],
  examples: [],
  actions: [
    set,
    memory,
    cores,
    rename,
    describe,
    tag,
    untag,
    ...switches,
    address,
    user,
    sshKey,
    vlan,
    bridge,
    addNic,
    removeNic,
  ],
});
