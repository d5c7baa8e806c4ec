import type { Fact, Step } from '@pxa/contract';
import { asNumber, asObject, asText } from '@pxa/pve/values';
import { anyNode, call, factAt, type GuestNow, needed, type Planning, type Rec, thereFact } from '../kit/index.ts';
import { isOn, numbered, options as parts } from '../guests/config.ts';

type Row = Readonly<Record<string, unknown>>;

/** A level of the firewall as a plan is made on it: the datacenter's, a node's, a guest's; or a security group. */
export interface LevelNow {
  readonly kind: 'datacenter' | 'node' | 'guest' | 'group';
  /** In words: `VM 101 web-01`, `node pve1`, `the datacenter`. */
  readonly title: string;
  /** By which orders name it. */
  readonly named: string;
  /** Whose work it is. */
  readonly node: string;
  /** Where its options are read; a security group has none. */
  readonly base: string;
  readonly rulesAt: string;
  /** The name of a security group. */
  readonly group?: string;
  readonly options: Row;
  readonly rules: readonly Rec[];
  readonly guest: GuestNow | undefined;
  readonly enabled: boolean;
}

export async function datacenterLevel(planning: Planning): Promise<LevelNow> {
  const [options, rules] = await Promise.all([
    planning.read('/cluster/firewall/options', {}),
    planning.list('/cluster/firewall/rules', {}),
  ]);
  const title = 'the datacenter';
  const read = asObject(needed<unknown>(options, 'The firewall of the datacenter')) ?? {};
  return {
    kind: 'datacenter',
    title,
    named: 'the datacenter',
    node: await anyNode(planning),
    base: '/cluster/firewall',
    rulesAt: '/cluster/firewall/rules',
    options: read,
    rules: needed(rules, 'Its rules'),
    guest: undefined,
    enabled: asNumber(read['enable']) === 1,
  };
}

async function nodeLevel(planning: Planning, target: string): Promise<LevelNow> {
  const node = target.slice(target.indexOf('/') + 1);
  const [options, rules] = await Promise.all([
    planning.read('/nodes/{node}/firewall/options', { node }),
    planning.list('/nodes/{node}/firewall/rules', { node }),
  ]);
  const read = asObject(needed<unknown>(options, `The firewall of ${node}`)) ?? {};
  return {
    kind: 'node',
    title: `node ${node}`,
    named: `node ${node}`,
    node,
    base: `/nodes/${node}/firewall`,
    rulesAt: `/nodes/${node}/firewall/rules`,
    options: read,
    rules: needed(rules, `The firewall rules of ${node}`),
    guest: undefined,
    // A node's is on unless it says otherwise (pve-firewall, load_hostfw_conf).
    enabled: asNumber(read['enable']) !== 0,
  };
}

async function guestLevel(planning: Planning, target: string): Promise<LevelNow> {
  const guest = await planning.guest(target);
  const { node, vmid, title } = guest;
  const at = { node, vmid };
  const [options, rules] = await Promise.all(
    guest.type === 'qemu'
      ? [
          planning.read('/nodes/{node}/qemu/{vmid}/firewall/options', at),
          planning.list('/nodes/{node}/qemu/{vmid}/firewall/rules', at),
        ]
      : [
          planning.read('/nodes/{node}/lxc/{vmid}/firewall/options', at),
          planning.list('/nodes/{node}/lxc/{vmid}/firewall/rules', at),
        ],
  );
  const read = asObject(needed<unknown>(options, `The firewall of ${title}`)) ?? {};
  return {
    kind: 'guest',
    title,
    named: String(vmid),
    node,
    base: `/nodes/${node}/${guest.id}/firewall`,
    rulesAt: `/nodes/${node}/${guest.id}/firewall/rules`,
    options: read,
    rules: needed(rules, `The firewall rules of ${title}`),
    guest,
    enabled: asNumber(read['enable']) === 1,
  };
}

/** A security group that is there; whether it has any effect is told by the levels that use it. */
async function groupLevel(planning: Planning, group: string): Promise<LevelNow> {
  const rules = await planning.list('/cluster/firewall/groups/{group}', { group });
  const rulesAt = `/cluster/firewall/groups/${group}`;
  const title = `security group ${group}`;
  const node = await anyNode(planning);
  const read = needed(rules, `The rules of ${title}`);
  return {
    kind: 'group',
    title,
    named: title,
    node,
    base: rulesAt,
    rulesAt,
    group,
    options: {},
    rules: read,
    guest: undefined,
    enabled: true,
  };
}

/** A level by the row id of a guest or a node, or `group/NAME`; the datacenter's where there is none. */
export function levelOf(planning: Planning, target: string): Promise<LevelNow> {
  if (target === '') return datacenterLevel(planning);
  if (target.startsWith('group/')) return groupLevel(planning, target.slice('group/'.length));
  return target.startsWith('node/') ? nodeLevel(planning, target) : guestLevel(planning, target);
}

/** That a guest whose level it is, is there. */
export const isThere = ({ guest }: LevelNow): Fact[] => (guest === undefined ? [] : [thereFact(guest)]);

/** A fact of a level's options. */
export const optionFact = ({ title, base }: LevelNow, key: string, is: Fact['is'], how?: Fact['how']): Fact =>
  factAt(`firewall ${key} of ${title}`, `${base}/options`, [key], is, how === undefined ? {} : { how });

/** A fact of the rule at a place. */
export const ruleAtFact = (
  { title, rulesAt }: LevelNow,
  pos: number,
  key: string,
  is: Fact['is'],
  how?: Fact['how'],
): Fact =>
  factAt(
    `${key} of firewall rule ${pos} of ${title}`,
    rulesAt,
    [`[pos=${pos}]`, key],
    is,
    how === undefined ? {} : { how },
  );

export interface OptionsSent {
  readonly enable?: 0 | 1;
  readonly policy_in?: 'ACCEPT' | 'DROP' | 'REJECT';
  readonly policy_out?: 'ACCEPT' | 'DROP' | 'REJECT';
  readonly digest?: string;
}

/** The call that sets a level's options. A node has no policies of its own. */
export function setOptions(level: LevelNow, sent: OptionsSent, says: string): Step {
  const { guest, node } = level;
  const { enable, ...rest } = sent;
  const flag = enable === undefined ? {} : { enable: enable === 1 };
  if (guest === undefined && level.kind === 'datacenter')
    return call('PUT', '/cluster/firewall/options', { ...sent }, says);
  if (guest === undefined) return call('PUT', '/nodes/{node}/firewall/options', { node, ...flag }, says);
  const at = { node, vmid: guest.vmid };
  return guest.type === 'qemu'
    ? call('PUT', '/nodes/{node}/qemu/{vmid}/firewall/options', { ...at, ...flag, ...rest }, says)
    : call('PUT', '/nodes/{node}/lxc/{vmid}/firewall/options', { ...at, ...flag, ...rest }, says);
}

/** What is in force by default (pve-firewall: in DROP, out ACCEPT). */
export const policyOf = ({ options }: LevelNow, key: 'policy_in' | 'policy_out'): string =>
  asText(options[key]) ?? (key === 'policy_in' ? 'DROP' : 'ACCEPT');

/** The interfaces of a guest that no rule is applied to. */
export function unfiltered(guest: GuestNow): { key: string; value: string }[] {
  return numbered(guest.config, 'net').filter(({ value }) => !isOn(parts(value)['firewall']));
}

/** Why rules of a level have no effect as things are. */
export async function idle(planning: Planning, level: LevelNow): Promise<string[]> {
  if (level.kind === 'group') return [`It has effect wherever ${level.title} is used.`];
  const above = level.kind === 'datacenter' ? level : await datacenterLevel(planning);
  const nics = level.guest === undefined ? [] : unfiltered(level.guest);
  return [
    ...(above.enabled
      ? []
      : [
          'The firewall of the datacenter is off: until it is on, no rule has any effect (“enable the firewall of the datacenter”).',
        ]),
    ...(level.enabled || level.kind === 'datacenter'
      ? []
      : [
          `The firewall of ${level.title} is off: until it is on, its rules have no effect (“enable the firewall of ${level.named}”).`,
        ]),
    ...(nics.length > 0
      ? [
          `${nics.map(({ key }) => key).join(', ')} of ${level.title} ${nics.length === 1 ? 'is' : 'are'} not under the firewall; “enable the firewall of ${level.named}” puts ${nics.length === 1 ? 'it' : 'them'} there.`,
        ]
      : []),
  ];
}
