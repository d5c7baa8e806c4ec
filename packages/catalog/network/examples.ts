import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'show the network interfaces of pve-node03', means: 'network where node = pve-node03' },
  { say: 'bridges of pve-node01', means: 'network where type in [bridge, OVSBridge] and node = pve-node01' },
  { say: 'which interfaces are down?', means: 'network where active = false' },
  { say: 'bonds', means: 'network where type in [bond, OVSBond]' },
  {
    say: 'how many bridges does pve-node02 have?',
    means: 'network where type in [bridge, OVSBridge] and node = pve-node02 give count',
  },
  { say: 'which interfaces have a gateway?', means: 'network where gateway is known' },
  { say: 'vlan aware bridges', means: 'network where vlan_aware = true and type in [bridge, OVSBridge]' },
  { say: 'interfaces with pending changes', means: 'network where pending = true' },
  {
    say: 'bridges without ports',
    means: 'network where type in [bridge, OVSBridge] and not (ports is known) and not (type = eth)',
  },
  { say: 'physical interfaces of pve-node01', means: 'network where type = eth and node = pve-node01' },
  { say: 'mtu of the interfaces of pve-node02', means: 'network where node = pve-node02 show mtu' },
  { say: 'bond mode of the bonds', means: 'network where type in [bond, OVSBond] show bond_mode' },
  { say: 'slaves of the bonds', means: 'network where type in [bond, OVSBond] show ports' },
  { say: 'interfaces with an ip address', means: 'network where cidr != ""' },
  { say: 'which interface holds 10.10.0.12?', means: 'network where address = 10.10.0.12' },
  { say: 'list the vnets', means: 'vnets' },
  { say: 'which vnets have dhcp?', means: 'vnets where dhcp = true' },
];
