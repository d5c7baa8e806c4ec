import { baseText, type Draft, type Got, type NodeRef, type Reading, type Rec } from '../kit/index.ts';
import { askedGuests } from '../guest-parts/asked-guests.ts';
import { guestParams, isVm } from '../guests/rows.ts';

/** A place that has a firewall of its own: the datacenter, a node, or a guest. */
export type Level =
  | { readonly level: 'datacenter' }
  | { readonly level: 'node'; readonly node: NodeRef }
  | { readonly level: 'guest'; readonly guest: Draft };

/** Where a question about the firewall looks: at the levels and things that it names, else at `usual`. */
export async function askedLevels(
  reading: Reading,
  about: string,
  usual: readonly Level['level'][] = ['datacenter', 'node', 'guest'],
): Promise<Level[]> {
  const only = reading.only('level') ?? (speaksOfThings(reading) ? undefined : usual);
  const names = (level: Level['level']): boolean => only === undefined || only.includes(level);
  const [aboutGuest, aboutNode] = [narrows(reading, guestColumns), narrows(reading, ['node'])];
  const levels: Level[] = [];
  if (names('datacenter') && !aboutGuest && !aboutNode) levels.push({ level: 'datacenter' });
  if (names('node') && !aboutGuest) {
    const asked = reading.only('node');
    for (const node of await reading.nodes()) {
      if (asked !== undefined && !asked.includes(node.node)) continue;
      if (node.online) levels.push({ level: 'node', node });
      else reading.lacks(`${about} of ${node.node}`, `node ${node.node} is offline`, undefined, `node/${node.node}`);
    }
  }
  if (names('guest') && (!aboutNode || aboutGuest)) {
    for (const guest of await askedGuests(reading)) levels.push({ level: 'guest', guest });
  }
  return levels;
}

const guestColumns = ['guest', 'vmid', 'guest_name', 'guest_type', 'guest_node', 'pool', 'tags'];

/** Whether it speaks of nodes or guests at all, if only by a column of theirs. */
function speaksOfThings(reading: Reading): boolean {
  return [...guestColumns, 'node'].some((column) => reading.wants(column));
}

function narrows(reading: Reading, columns: readonly string[]): boolean {
  return columns.some((column) => reading.only(column) !== undefined);
}

/** What a level is called in row ids and in sentences. */
export function idOf(level: Level): string {
  if (level.level === 'datacenter') return 'cluster';
  return level.level === 'node' ? `node/${level.node.node}` : level.guest.id;
}

/** The row id of the node or guest that a level is of; the datacenter is no row. */
export function rowOfLevel(level: Level): string | undefined {
  return level.level === 'datacenter' ? undefined : idOf(level);
}

export function nameOfLevel(level: Level): string {
  if (level.level === 'datacenter') return 'the datacenter';
  return level.level === 'node' ? level.node.node : baseText(level.guest, 'name') || baseText(level.guest, 'vmid');
}

/** One call: the level's firewall options. */
export function readOptions(reading: Reading, level: Level): Promise<Got<unknown>> {
  if (level.level === 'datacenter') return reading.read('/cluster/firewall/options', {});
  if (level.level === 'node') return reading.read('/nodes/{node}/firewall/options', { node: level.node.node });
  const params = guestParams(level.guest);
  return isVm(level.guest)
    ? reading.read('/nodes/{node}/qemu/{vmid}/firewall/options', params)
    : reading.read('/nodes/{node}/lxc/{vmid}/firewall/options', params);
}

/** One call: the level's rules. */
export function readRules(reading: Reading, level: Level): Promise<Got<Rec[]>> {
  if (level.level === 'datacenter') return reading.list('/cluster/firewall/rules', {});
  if (level.level === 'node') return reading.list('/nodes/{node}/firewall/rules', { node: level.node.node });
  const params = guestParams(level.guest);
  return isVm(level.guest)
    ? reading.list('/nodes/{node}/qemu/{vmid}/firewall/rules', params)
    : reading.list('/nodes/{node}/lxc/{vmid}/firewall/rules', params);
}
