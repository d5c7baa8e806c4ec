import { accessFor } from '../access.ts';
import type { Call } from '../behaviour.ts';

/** What goes on by itself, without a caller: the cluster, its time and its tasks. */
export type World = Pick<Call, 'state' | 'clock' | 'tasks' | 'version'>;

/** What a daemon asks of its own node, as root@pam. */
export function rootCall(world: World, node: string, params: Record<string, unknown>): Call {
  const { state, clock, tasks, version } = world;
  return {
    // daemons call the methods themselves; which one it is plays no part in what they do
    route: 'GET /version',
    params,
    node,
    caller: { userid: 'root@pam', authid: 'root@pam' },
    access: accessFor(state.access, 'root@pam'),
    state,
    clock,
    tasks,
    version,
  };
}
