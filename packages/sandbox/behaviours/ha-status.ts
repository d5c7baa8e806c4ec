import type { Call } from '../behaviour.ts';

/** What the HA manager says of each service it looks after, by its id. */
export function hastates(call: Call): Map<string, string> {
  const states = new Map<string, string>();
  for (const { sid } of call.state.ha.resources) states.set(String(sid), 'queued');
  for (const service of call.state.ha.services) {
    // what the manager has in hand; the wanted state where it has not looked yet
    const word = service['crm_state'] ?? service['state'];
    if (word !== undefined) states.set(String(service['sid']), String(word));
  }
  return states;
}

/** A node's word in /cluster/resources: only maintenance shows. */
export function nodeHastate(call: Call, node: string): string | undefined {
  const lrm = call.state.ha.lrm.find((entry) => entry.node === node);
  return lrm?.word.startsWith('maintenance') ? 'maintenance' : undefined;
}
