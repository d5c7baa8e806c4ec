import type { RouteFacts } from '@pxa/pve/facts';
import { PveError } from './behaviour.ts';
import type { Params } from './body.ts';
import type { State } from './state.ts';

/** What pveproxy itself says when it cannot pass a call on: a status line without a body. */
export class ProxyRefusal extends PveError {}

/**
 * The node that carries a call out. As pveproxy does before anything else is looked at: a call that is passed on to a
 * node which does not exist is a 500, and to one that does not answer a 595, with the connection's error and no body.
 */
export function nodeFor(state: State, facts: RouteFacts, params: Params, hasBeenPassedOn: boolean): string {
  const asked = typeof params['node'] === 'string' ? params['node'] : undefined;
  if (facts.proxyto === undefined) return asked === undefined || asked === 'localhost' ? state.localNode : asked;
  const named = params[facts.proxyto];
  const name = typeof named === 'string' && named !== 'localhost' ? named : state.localNode;
  const node = state.nodes.get(name);
  if (!node) {
    const cause = `failed to get address info for: ${name}: Name or service not known`;
    throw new PveError(500, `hostname lookup '${name}' failed - ${cause}\n`);
  }
  if (hasBeenPassedOn && name !== state.localNode) throw new ProxyRefusal(500, 'proxy loop detected');
  if (node.offlineSince !== undefined) throw new ProxyRefusal(595, 'No route to host');
  return name;
}
