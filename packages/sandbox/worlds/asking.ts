import { matchRoute } from '@pxa/pve/facts';
import { accessFor } from '../access.ts';
import { PveError, Result, type Call } from '../behaviour.ts';
import type { Clock } from '../clock.ts';
import { modelled } from '../registry.ts';
import type { State } from '../state/model.ts';
import { Tasks } from '../tasks.ts';

export interface Asker {
  state: State;
  /** `user@realm` or `user@realm!token`; default root@pam. */
  authid?: string;
  /** Milliseconds since 1970; default: the moment at which the cluster starts. */
  nowMs?: number;
  major?: 8 | 9;
}

/** What a cluster in memory answers, without a server: for tests of the behaviours alone. Refusals are thrown. */
export function asking({ state, authid = 'root@pam', nowMs, major }: Asker) {
  const now = nowMs ?? state.start * 1000;
  const clock: Clock = { now: () => now, after: () => () => undefined, hold: () => Promise.resolve() };
  const tasks = new Tasks(state, clock);
  const table = modelled();
  return (path: string, params: Record<string, unknown> = {}): unknown => {
    const match = matchRoute('GET', path);
    const handler = match && table[match.id];
    if (!match || !handler) throw new PveError(501, `Method 'GET ${path}' not implemented\n`);
    const node = match.pathParams['node'] ?? state.localNode;
    const lost = state.nodes.get(match.pathParams['node'] ?? '')?.offlineSince !== undefined;
    if (lost && !path.endsWith('/rrddata')) {
      throw new PveError(595, 'No route to host\n');
    }
    const [userid = '', tokenid] = authid.split('!');
    const caller = { userid, authid, ...(tokenid === undefined ? {} : { tokenid }) };
    const call: Call = {
      route: match.id,
      params: { ...params, ...match.pathParams },
      node,
      caller,
      access: accessFor(state.access, authid),
      state,
      clock,
      tasks,
      version: { major: major ?? state.major, release: state.version.release },
    };
    const answer = handler(call);
    return answer instanceof Result ? answer.data : answer;
  };
}

/** The same as `exportWorld` wants it: refusals are what is not offered. */
export function reading(asker: Asker): (path: string, params?: Record<string, string>) => Promise<unknown> {
  const ask = asking(asker);
  return (path, params) => {
    try {
      // through JSON, as over the wire: what is undefined does not arrive
      return Promise.resolve(JSON.parse(JSON.stringify(ask(path, params) ?? null)));
    } catch (refusal) {
      if (refusal instanceof PveError) return Promise.resolve(undefined);
      throw refusal;
    }
  };
}
