import type { Fact } from '@pxa/contract';
import { asNumber, asObject, asText } from '@pxa/pve/values';
import { type AskedGuest, guestsIn } from '../guests/asked.ts';
import { CannotPlan, factAt, needed, type Planning, type Refusal } from '../kit/index.ts';

/** A node as a plan is made on it, with the guests that it has. */
export interface NodeNow {
  readonly node: string;
  readonly online: boolean;
  /** Seconds since it booted; undefined where it is not told. */
  readonly uptime: number | undefined;
  readonly guests: readonly NodeGuest[];
}

/** A guest of a node, as the cluster's list has it. */
export interface NodeGuest extends AskedGuest {
  readonly title: string;
  readonly running: boolean;
  /** Whether HA manages it. */
  readonly managed: boolean;
  /** In bytes, while it runs. */
  readonly mem: number;
}

/** By the row id of a node. @throws CannotPlan where there is none */
export async function nodeNow(planning: Planning, target: string): Promise<NodeNow> {
  const name = target.slice(target.indexOf('/') + 1);
  const nodes = await planning.nodes();
  const found = nodes.find(({ node }) => node === name);
  if (found === undefined) {
    throw new CannotPlan({
      why: `No node is called ${name}.`,
      next: `Nodes: ${nodes.map(({ node }) => node).join(', ')}.`,
      say: 'list nodes',
    });
  }
  const rows = needed(await planning.list('/cluster/resources', {}), 'The list of guests');
  const guests = guestsIn(rows).filter(({ node, template }) => node === name && !template);
  const own = rows.find(({ data }) => data['type'] === 'node' && data['node'] === name)?.data;
  return {
    node: name,
    online: found.online,
    uptime: asNumber(own?.['uptime']) ?? undefined,
    guests: guests.map(asNodeGuest),
  };
}

function asNodeGuest(guest: AskedGuest): NodeGuest {
  const { data } = guest.rec;
  const running = data['status'] === 'running';
  return {
    ...guest,
    title: `${guest.type === 'qemu' ? 'VM' : 'Container'} ${guest.vmid}${guest.name === '' ? '' : ` ${guest.name}`}`,
    running,
    managed: asText(data['hastate']) !== null && data['hastate'] !== 'ignored',
    mem: running ? (asNumber(data['mem']) ?? 0) : 0,
  };
}

/** What a call to a node needs: that it answers. */
export function offline({ node, online }: NodeNow): Refusal[] {
  return online
    ? []
    : [{ why: `${node} is offline.`, next: 'Bring it back first; “list nodes” shows when it is there.' }];
}

/** A fact of a node in the cluster's list. */
export const nodeFact = (node: string, key: string, is: Fact['is']): Fact =>
  factAt(`${key} of node ${node}`, '/nodes', [`[node=${node}]`, key], is);

/** That it has booted since its uptime was read: it is online, and for a shorter time. */
export const rebootedFacts = ({ node, uptime }: NodeNow): Fact[] => [
  nodeFact(node, 'status', 'online'),
  ...(uptime === undefined ? [] : [{ ...nodeFact(node, 'uptime', uptime), how: 'less' as const }]),
];

/** More than these are counted, not named. */
const mostNamed = 12;

export function titlesOf(guests: readonly NodeGuest[]): string {
  const more = guests.length > mostNamed ? `, and ${guests.length - mostNamed} more` : '';
  return `${guests
    .slice(0, mostNamed)
    .map(({ title }) => title)
    .join(', ')}${more}`;
}

/**
 * Whether the cluster would lose its quorum without a node: a vote each, one more of a QDevice that is connected, and
 * more than half of all must be there (votequorum(5)). A node by itself has none to lose.
 */
export async function losesQuorum(planning: Planning, node: string): Promise<Refusal[]> {
  const rows = needed(await planning.list('/cluster/status', {}), 'The state of the cluster');
  const nodes = rows.filter(({ data }) => data['type'] === 'node');
  if (!rows.some(({ data }) => data['type'] === 'cluster') || nodes.length < 2) return [];
  const device = await planning.read('/cluster/config/qdevice', {});
  const extra = device.ok && asObject(device.data)?.['State'] === 'Connected' ? 1 : 0;
  const others = nodes.filter(({ data }) => asNumber(data['online']) === 1 && data['name'] !== node).length + extra;
  const votes = nodes.length + extra;
  const least = Math.floor(votes / 2) + 1;
  if (others >= least) return [];
  const away = nodes.filter(({ data }) => asNumber(data['online']) !== 1).map(({ data }) => String(data['name']));
  return [
    {
      why: `Without ${node}, ${others} of ${votes} votes are left, and ${least} are needed: the cluster would lose its quorum, and nothing could be changed or started any more.`,
      next: away.length > 0 ? `Bring ${away.join(', ')} back first.` : 'Do it from the node itself, if it has to be.',
    },
  ];
}
