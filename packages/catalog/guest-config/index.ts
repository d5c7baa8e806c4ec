import { capability } from '../kit/index.ts';
import { address, password, user } from './cloud-init.ts';
import { removeSshKey, setSshKeys, sshKey } from './ssh-key.ts';
import { balloon, balloonOff, balloonOn, swap } from './ballooning.ts';
import { bootOrder, startup } from './boot.ts';
import { cpuLimit, cpuType, cpuUnits, sockets } from './cpu.ts';
import { describe, rename, setAllTags, tag, untag } from './identity.ts';
import { addNic, bridge, removeNic, vlan } from './nics.ts';
import { linkDown, linkUp, nicFirewallOff, nicFirewallOn, nicModel, rateLimit } from './nic-options.ts';
import { nameserver, searchDomain } from './resolver.ts';
import { unlock } from './unlock.ts';
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
    sockets,
    cpuType,
    cpuLimit,
    cpuUnits,
    balloon,
    balloonOff,
    balloonOn,
    swap,
    rename,
    describe,
    tag,
    untag,
    setAllTags,
    setSshKeys,
    ...switches,
    address,
    user,
    password,
    sshKey,
    removeSshKey,
    vlan,
    bridge,
    addNic,
    removeNic,
    linkDown,
    linkUp,
    nicFirewallOn,
    nicFirewallOff,
    rateLimit,
    nicModel,
    bootOrder,
    startup,
    nameserver,
    searchDomain,
    unlock,
  ],
});
