import type { ParamsOf } from '@pxa/pve/facts';
import { asText } from '@pxa/pve/values';
import {
  action,
  already,
  call,
  configFact,
  countText,
  type GuestNow,
  locked,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  refused,
  sameConfig,
} from '../kit/index.ts';
import { withOption } from '../guest-config/nics.ts';
import {
  datacenterLevel,
  idle,
  isThere,
  type LevelNow,
  levelOf,
  optionFact,
  type OptionsSent,
  policyOf,
  setOptions,
  unfiltered,
} from './level-now.ts';

/** Puts interfaces under the firewall: without that flag, no rule is applied to them (qemu-server, net flag firewall). */
function nicStep(guest: GuestNow, nics: readonly { key: string; value: string }[]): PieceStep {
  const { node, vmid, title } = guest;
  const set = Object.fromEntries(nics.map(({ key, value }) => [key, withOption(value, 'firewall', '1')]));
  const says = `Put ${nics.map(({ key }) => key).join(', ')} of ${title} under the firewall`;
  const at = { node, vmid, ...set, digest: guest.digest };
  const step =
    guest.type === 'qemu'
      ? call('PUT', '/nodes/{node}/qemu/{vmid}/config', at as ParamsOf<'PUT', '/nodes/{node}/qemu/{vmid}/config'>, says)
      : call('PUT', '/nodes/{node}/lxc/{vmid}/config', at as ParamsOf<'PUT', '/nodes/{node}/lxc/{vmid}/config'>, says); // Their keys are netN, which the facts know.
  return {
    ...step,
    node,
    limitSeconds: 120,
    relies: [sameConfig(guest)],
    expects: nics.map(({ key }) => ({ ...configFact(guest, key, 'firewall=1'), how: 'parts' as const })),
  };
}

function optionStep(level: LevelNow, sent: OptionsSent, says: string): PieceStep {
  const facts = Object.entries(sent).map(([key, is]) => optionFact(level, key, is));
  const before = Object.keys(sent).map((key) => optionFact(level, key, asText(level.options[key])));
  return {
    ...setOptions(level, sent, says),
    node: level.node,
    limitSeconds: 60,
    relies: [...isThere(level), ...before],
    expects: facts,
  };
}

/** What comes of switching a firewall on, to those who use what is behind it. */
function enabling(level: LevelNow): string[] {
  const accepts = level.rules.filter(
    ({ data }) => data['enable'] !== 0 && (data['action'] === 'ACCEPT' || data['type'] === 'group'),
  ).length;
  const policy = policyOf(level, 'policy_in');
  const closed =
    policy === 'ACCEPT'
      ? `Its policy lets everything in that no rule forbids.`
      : `Its policy for what comes in is ${policy}: only what its ${countText(accepts, 'rule')} let in gets through, and open connections may break.`;
  if (level.kind === 'guest') return [closed];
  const admin =
    'The web interface (8006) and SSH stay open only to the nodes’ own network, to the IP set management, and to what rules allow: from anywhere else you would lock yourself out.';
  return level.kind === 'datacenter' ? [closed, admin, 'It takes effect on all nodes at once.'] : [admin];
}

async function enable(planning: Planning, target: string): Promise<Planned> {
  const level = await levelOf(planning, target);
  const { guest, title, enabled } = level;
  const nics = guest === undefined ? [] : unfiltered(guest);
  if (enabled && nics.length === 0) return already(`The firewall of ${title} is on.`);
  const blocked = guest === undefined || nics.length === 0 ? [] : locked(guest);
  if (blocked.length > 0) return refused(...blocked);
  const datacenter = level.kind === 'datacenter' ? level : await datacenterLevel(planning);
  return piece({
    says: `Enable the firewall of ${title}`,
    risk: 'disruptive',
    steps: [
      ...(guest === undefined || nics.length === 0 ? [] : [nicStep(guest, nics)]),
      ...(enabled ? [] : [optionStep(level, { enable: 1 }, `Enable the firewall of ${title}`)]),
    ],
    assumptions:
      nics.length === 0
        ? []
        : [
            `${nics.map(({ key }) => key).join(', ')} is put under the firewall as well: without that, nothing would be filtered`,
          ],
    warnings: [
      ...enabling(level),
      ...(datacenter.enabled || level.kind === 'datacenter'
        ? []
        : ['The firewall of the datacenter is off: until it is on, none of this has any effect.']),
    ],
    changes: [
      ...(enabled ? [] : [{ about: title, key: 'firewall', before: 'off', after: 'on' }]),
      ...nics.map(({ key }) => ({ about: title, key: `${key} firewall`, before: 'off', after: 'on' })),
    ],
    undo: { action: level.kind === 'guest' ? 'firewall.disable_guest' : 'firewall.disable', input: {} },
  });
}

async function disable(planning: Planning, target: string): Promise<Planned> {
  const level = await levelOf(planning, target);
  const { title, kind } = level;
  if (!level.enabled) return already(`The firewall of ${title} is off.`);
  const says = `Disable the firewall of ${title}`;
  return piece({
    says,
    risk: 'disruptive',
    steps: [optionStep(level, { enable: 0 }, says)],
    warnings: [
      kind === 'datacenter'
        ? 'No rule of the cluster, its nodes and its guests has any effect any more: everything is open.'
        : `Everything that reaches ${title} gets in: ${countText(level.rules.length, 'rule')} of its own have no effect any more.`,
    ],
    changes: [{ about: title, key: 'firewall', before: 'on', after: 'off' }],
  });
}

const on = '(enable|activate|turn on|switch on)';
const off = '(disable|deactivate|turn off|switch off)';
const datacenter = '(datacenter|cluster|data center|whole cluster)';

export const enableGuest = action({
  id: 'firewall.enable_guest',
  verb: 'enable the firewall of',
  risk: 'disruptive',
  on: { dataset: 'guests' },
  say: [
    `${on} firewall (of|on|for) {on}`,
    '(turn|switch) firewall (of|on|for) {on} on',
    'put {on} (behind|under) [its] firewall',
  ],
  input: {},
  plan: (planning, { target }) => enable(planning, target),
  examples: [
    {
      say: 'enable the firewall of docker-host-01',
      sends: ['PUT /nodes/pve-node01/qemu/103/firewall/options enable=1'],
    },
    {
      say: 'turn on the firewall for build-agent',
      sends: ['PUT /nodes/pve-node02/qemu/104/firewall/options enable=1'],
    },
    { say: 'enable the firewall of nginx-proxy', sends: 'answer' },
  ],
});

export const disableGuest = action({
  id: 'firewall.disable_guest',
  verb: 'disable the firewall of',
  risk: 'disruptive',
  on: { dataset: 'guests' },
  say: [`${off} firewall (of|on|for) {on}`, '(turn|switch) firewall (of|on|for) {on} off'],
  input: {},
  plan: (planning, { target }) => disable(planning, target),
  examples: [
    {
      say: 'disable the firewall of app-server-prod',
      sends: ['PUT /nodes/pve-node01/qemu/101/firewall/options enable=0'],
    },
    { say: 'disable the firewall of build-agent', sends: 'answer' },
    { say: 'turn off the firewall of nginx-proxy', sends: ['PUT /nodes/pve-node01/lxc/200/firewall/options enable=0'] },
  ],
});

export const enableFirewall = action({
  id: 'firewall.enable',
  verb: 'enable the firewall',
  risk: 'disruptive',
  say: [
    `${on} firewall (of|on|for|in) [node] {node}`,
    `${on} firewall (of|on|for|in) ${datacenter}`,
    `${on} ${datacenter} firewall`,
    `${on} {node} firewall`,
  ],
  input: { node: { kind: 'node', say: [] } },
  plan: (planning, { input: { node } }) => enable(planning, node === undefined ? '' : `node/${node}`),
  examples: [
    { say: 'enable the datacenter firewall', sends: 'answer' },
    { say: 'enable the firewall of node pve-node01', sends: 'answer' },
    { say: 'turn on the firewall of the whole cluster', sends: 'answer' },
  ],
});

export const disableFirewall = action({
  id: 'firewall.disable',
  verb: 'disable the firewall',
  risk: 'disruptive',
  say: [
    `${off} firewall (of|on|for|in) [node] {node}`,
    `${off} firewall (of|on|for|in) ${datacenter}`,
    `${off} ${datacenter} firewall`,
    `${off} {node} firewall`,
  ],
  input: { node: { kind: 'node', say: [] } },
  plan: (planning, { input: { node } }) => disable(planning, node === undefined ? '' : `node/${node}`),
  examples: [
    { say: 'disable the firewall of the datacenter', sends: ['PUT /cluster/firewall/options enable=0'] },
    { say: 'turn off the firewall on node pve-node02', sends: ['PUT /nodes/pve-node02/firewall/options enable=0'] },
    { say: 'switch off the firewall of node pve-node01', sends: ['PUT /nodes/pve-node01/firewall/options enable=0'] },
  ],
});

async function policy(
  planning: Planning,
  target: string,
  said: { in?: string | undefined; out?: string | undefined },
): Promise<Planned> {
  const level = await levelOf(planning, target);
  const key = said.out === undefined ? 'policy_in' : 'policy_out';
  const wanted = (said.out ?? said.in) as 'ACCEPT' | 'DROP' | 'REJECT'; // The choice has these values alone.
  const before = policyOf(level, key);
  if (before === wanted)
    return already(
      `The policy of ${level.title} for what ${key === 'policy_in' ? 'comes in' : 'goes out'} is ${wanted}.`,
    );
  const says = `Set the firewall policy of ${level.title} for what ${key === 'policy_in' ? 'comes in' : 'goes out'} to ${wanted}`;
  return piece({
    says,
    risk: 'disruptive',
    steps: [optionStep(level, { [key]: wanted }, says)],
    warnings: [
      wanted === 'ACCEPT'
        ? 'Everything gets through that no rule forbids.'
        : `Only what rules allow gets through: ${countText(level.rules.length, 'rule')} of its own.`,
      ...(level.kind === 'datacenter' && key === 'policy_in' && wanted !== 'ACCEPT'
        ? ['It holds for the nodes: from outside their own network, administration may be locked out.']
        : []),
      ...(await idle(planning, level)),
    ],
    changes: [{ about: level.title, key, before, after: wanted }],
  });
}

const policies = { ACCEPT: 'accept|allow', DROP: 'drop|deny|block', REJECT: 'reject' } as const;
const policyInput = {
  in: { kind: 'choice', say: [], values: policies },
  out: { kind: 'choice', say: [], values: policies },
} as const;
const policyWords = (place: string): string[] => [
  `(set|change) [default] [firewall] (input|incoming|inbound|in|default) policy (of|on|for) ${place} to {in}`,
  `(set|change) [default] [firewall] (output|outgoing|outbound|out) policy (of|on|for) ${place} to {out}`,
  `(set|change) policy in (of|on|for) ${place} to {in}`,
];

export const guestPolicy = action({
  id: 'firewall.policy_guest',
  verb: 'set the firewall policy of',
  risk: 'disruptive',
  on: { dataset: 'guests' },
  say: policyWords('{on}'),
  input: policyInput,
  plan: (planning, { target, input }) => policy(planning, target, input),
  examples: [
    {
      say: 'set the input policy of app-server-prod to accept',
      sends: ['PUT /nodes/pve-node01/qemu/101/firewall/options policy_in=ACCEPT'],
    },
    {
      say: 'set the output policy of app-server-prod to drop',
      sends: ['PUT /nodes/pve-node01/qemu/101/firewall/options policy_out=DROP'],
    },
    { say: 'set the input policy of nginx-proxy to drop', sends: 'answer' },
  ],
});

export const datacenterPolicy = action({
  id: 'firewall.policy',
  verb: 'set the firewall policy of the datacenter',
  risk: 'disruptive',
  say: policyWords(datacenter),
  input: policyInput,
  plan: (planning, { input }) => policy(planning, '', input),
  examples: [
    { say: 'set the input policy of the datacenter to drop', sends: 'answer' },
    {
      say: 'set the output policy of the datacenter to drop',
      sends: ['PUT /cluster/firewall/options policy_out=DROP'],
    },
    {
      say: 'set the input policy of the datacenter to reject',
      sends: ['PUT /cluster/firewall/options policy_in=REJECT'],
    },
  ],
});
