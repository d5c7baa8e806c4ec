import { isOnline } from '../behaviours/common.ts';
import { rulesFromGroups } from '../behaviours/ha-migration.ts';
import type { Row, State } from '../state/model.ts';
import { crmStateOf, resourceOf } from './service.ts';

/** Rules as they hold, whether they were written as such or as groups. */
function rulesInForce(state: State): Row[] {
  const rules = state.ha.rules ?? rulesFromGroups(state.ha);
  return rules.filter((rule) => Number(rule['disable'] ?? 0) !== 1);
}

export function listed(value: unknown): string[] {
  return String(value ?? '')
    .split(/[,;\s]+/)
    .filter((entry) => entry !== '');
}

/** `node1:2,node2` → the nodes with their priorities; 0 where none is given. */
export function nodePriorities(nodes: unknown): Map<string, number> {
  return new Map(
    listed(nodes).map((entry): [string, number] => {
      const [node = '', priority = '0'] = entry.split(':');
      return [node, Number(priority)];
    }),
  );
}

/** Nodes that take services: there, and neither in maintenance nor on their way down. */
export function usableNodes(state: State): string[] {
  const away = state.ha.lrm
    .filter(({ word }) => /^(?:maintenance|restart|shutdown)/.test(word))
    .map(({ node }) => node);
  return [...state.nodes.values()]
    .filter((node) => isOnline(node) && !away.includes(node.name))
    .map(({ name }) => name);
}

/** The other services that a rule of that affinity keeps with this one, or away from it. */
export function partners(state: State, sid: string, affinity: 'positive' | 'negative'): string[] {
  const rules = rulesInForce(state).filter(
    (rule) => rule['type'] === 'resource-affinity' && rule['affinity'] === affinity,
  );
  const together = rules.map((rule) => listed(rule['resources'])).filter((members) => members.includes(sid));
  return [...new Set(together.flat())].filter((other) => other !== sid);
}

/** The node where a service is, or is about to be. */
export function placeOf(state: State, sid: string): string | undefined {
  const row = state.ha.services.find((one) => one['sid'] === sid);
  const node = row?.['target'] ?? row?.['node'];
  return node === undefined || (row && crmStateOf(row) === 'recovery') ? undefined : String(node);
}

/** Where a service may be, with priorities: PVE::HA::Rules::NodeAffinity and ResourceAffinity. */
function candidates(state: State, sid: string): Map<string, number> {
  const usable = usableNodes(state);
  const rule = rulesInForce(state).find(
    (one) => one['type'] === 'node-affinity' && listed(one['resources']).includes(sid),
  );
  const named = nodePriorities(rule?.['nodes']);
  const isStrict = rule !== undefined && Number(rule['strict'] ?? 0) === 1;
  let open = usable.filter((node) => !isStrict || named.has(node));
  const kept = partners(state, sid, 'negative').map((other) => placeOf(state, other));
  open = open.filter((node) => !kept.includes(node));
  const near = partners(state, sid, 'positive').flatMap((other) => placeOf(state, other) ?? []);
  const joint = open.filter((node) => near.includes(node));
  if (joint.length > 0) open = joint;
  return new Map(open.map((node): [string, number] => [node, rule ? (named.get(node) ?? -1) : 0]));
}

/** Services that a node carries or is about to; stopped ones weigh nothing (the `basic` scheduler). */
function weight(state: State, node: string, sid: string): number {
  return state.ha.services.filter(
    (row) => row['sid'] !== sid && placeOf(state, String(row['sid'])) === node && crmStateOf(row) !== 'stopped',
  ).length;
}

/** Whether a service moves back by itself; groups of 8.x say it the other way round. */
function failsBack(state: State, sid: string): boolean {
  const resource = resourceOf(state, sid);
  const group = state.ha.groups?.find((one) => one['group'] === resource?.['group']);
  return Number(resource?.['failback'] ?? 1) === 1 && Number(group?.['nofailback'] ?? 0) !== 1;
}

/**
 * PVE::HA::Manager::select_service_node: highest priority, then least loaded, then by name; a service stays where it
 * is as long as that is as good. `tried` nodes are passed over.
 */
export function bestNode(
  state: State,
  sid: string,
  current: string,
  tried: readonly string[] = [],
): string | undefined {
  const open = candidates(state, sid);
  if (tried.length === 0 && open.has(current) && !failsBack(state, sid)) return current;
  const left = [...open].filter(([node]) => !tried.includes(node));
  const top = Math.max(...left.map(([, priority]) => priority));
  const best = left.filter(([, priority]) => priority === top).map(([node]) => node);
  if (best.includes(current)) return current;
  return best.sort((a, b) => weight(state, a, sid) - weight(state, b, sid) || a.localeCompare(b))[0];
}
