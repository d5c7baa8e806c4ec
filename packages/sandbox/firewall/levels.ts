import type { Call } from '../behaviour.ts';
import { guestOf, nodeOf } from '../behaviours/common.ts';
import type { Firewall, Guest } from '../state/model.ts';

const NONE: Firewall = { options: {}, rules: [], aliases: [], ipsets: [] };

/** Whose firewall a call is about, and what may stand in its rules. */
export interface Level {
  environment: 'cluster' | 'host' | 'vm' | 'ct';
  read(call: Call): Firewall;
  /** Replaces parts of the configuration; lists are never changed in place, their digests are kept. */
  write(call: Call, changes: Partial<Firewall>): void;
}

export const clusterLevel: Level = {
  environment: 'cluster',
  read: (call) => call.state.firewall,
  write: (call, changes) => (call.state.firewall = { ...call.state.firewall, ...changes }),
};

export const nodeLevel: Level = {
  environment: 'host',
  read: (call) => nodeOf(call).firewall,
  write: (call, changes) => {
    const node = nodeOf(call);
    node.firewall = { ...node.firewall, ...changes };
  },
};

export const vmLevel = guestLevel('qemu', 'vm');
export const containerLevel = guestLevel('lxc', 'ct');

function guestLevel(type: Guest['type'], environment: 'vm' | 'ct'): Level {
  return {
    environment,
    read: (call) => guestOf(call, type).firewall ?? NONE,
    write: (call, changes) => {
      const guest = guestOf(call, type);
      guest.firewall = { ...NONE, ...guest.firewall, ...changes };
    },
  };
}
