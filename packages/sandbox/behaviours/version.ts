import type { Behaviours } from '../behaviour.ts';

/** pve-manager API2.pm: the version, with what of the datacenter's options a client's first call wants to know. */
export const versionBehaviours: Behaviours = {
  'GET /version': ({ state }) => {
    const { version, release, repoid } = state.version;
    const console = state.options['console'];
    return { version, release, repoid, ...(console !== undefined && { console }) };
  },
};
