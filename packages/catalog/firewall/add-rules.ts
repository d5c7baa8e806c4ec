import type { Step } from '@pxa/contract';
import { asText } from '@pxa/pve/values';
import { action, already, call, piece, type Planned, type Planning, refused } from '../kit/index.ts';
import { idle, isThere, type LevelNow, levelOf, ruleAtFact } from './level-now.ts';
import {
  actionValues,
  isSameRule,
  ruleOf,
  ruleRefusals,
  type RuleSent,
  ruleText,
  type Traffic,
  trafficInput,
} from './rule-words.ts';

function createCall({ kind, node, guest, group }: LevelNow, rule: RuleSent, says: string): Step {
  const sent = { ...rule, enable: 1 };
  if (group !== undefined) return call('POST', '/cluster/firewall/groups/{group}', { group, ...sent }, says);
  if (guest === undefined && kind === 'datacenter') return call('POST', '/cluster/firewall/rules', sent, says);
  if (guest === undefined) return call('POST', '/nodes/{node}/firewall/rules', { node, ...sent }, says);
  const at = { node, vmid: guest.vmid };
  return guest.type === 'qemu'
    ? call('POST', '/nodes/{node}/qemu/{vmid}/firewall/rules', { ...at, ...sent }, says)
    : call('POST', '/nodes/{node}/lxc/{vmid}/firewall/rules', { ...at, ...sent }, says);
}

/** What a rule of the datacenter or a node may cut off: administration itself. */
function cutsOff({ kind }: LevelNow, rule: RuleSent): string[] {
  if (kind === 'guest' || kind === 'group' || rule.action === 'ACCEPT' || rule.type === 'out') return [];
  const ports = rule.dport ?? (rule.macro === 'SSH' ? '22' : rule.macro === undefined ? '22,8006' : '');
  return /\b(22|8006)\b/.test(ports)
    ? ['It cuts off administration of the nodes from there, this assistant’s too if it comes from there.']
    : [];
}

/** A rule that is added to a level, named as `levelOf` takes it. */
export async function addRule(
  planning: Planning,
  target: string,
  verb: string | undefined,
  said: Traffic,
): Promise<Planned> {
  const level = await levelOf(planning, target);
  const rule = ruleOf((verb ?? 'ACCEPT') as RuleSent['action'], said); // The choice has Proxmox's own values.
  const wrong = ruleRefusals(rule, said);
  if (wrong.length > 0) return refused(...wrong);
  const same = level.rules.find((each) => isSameRule(each, rule));
  if (same !== undefined)
    return already(`${level.title} has that rule: ${ruleText(rule)} (number ${asText(same.data['pos']) ?? '?'}).`);
  const says = `Add a firewall rule to ${level.title}: ${ruleText(rule)}`;
  const count = level.rules.length;
  return piece({
    says,
    risk: rule.action === 'ACCEPT' ? 'change' : 'disruptive',
    steps: [
      {
        ...createCall(level, rule, says),
        node: level.node,
        limitSeconds: 60,
        relies: [...isThere(level), ruleAtFact(level, count, 'pos', null)],
        expects: [
          ruleAtFact(level, count, 'pos', count),
          ruleAtFact(level, 0, 'action', rule.action),
          ...(['macro', 'dport', 'source'] as const).map((key) => ruleAtFact(level, 0, key, rule[key] ?? null)),
        ],
      },
    ],
    assumptions: [
      ...(said.port !== undefined && said.proto === undefined ? ['TCP: say “udp” for the other'] : []),
      ...(count > 0 ? [`It comes first, before the ${count} rules that are there`] : []),
    ],
    warnings: [...cutsOff(level, rule), ...(await idle(planning, level))],
    changes: [{ about: level.title, key: 'firewall rule', before: null, after: ruleText(rule) }],
  });
}

export const verbInput = { verb: { kind: 'choice', say: [], values: actionValues }, ...trafficInput } as const;
/** The words for the level above all. */
export const datacenter = '(datacenter|cluster|data center|whole cluster|all nodes)';

export const addGuestRule = action({
  id: 'firewall.add_rule_guest',
  verb: 'add a firewall rule to',
  risk: 'disruptive',
  on: { dataset: 'guests' },
  say: [
    '{verb} {+} (to|on|for|into|of|in) {on} {*}',
    '(add|create|make) [new] [firewall] rule (to|on|for) {on} [that|to|which] {verb} {+}',
    '(add|create|make) [new] [firewall] rule [that|to|which] {verb} {+} (to|on|for) {on} {*}',
  ],
  input: verbInput,
  plan: (planning, { target, input }) => addRule(planning, target, input.verb, input),
  examples: [
    {
      say: 'allow ssh from 10.0.0.0/8 to app-server-prod',
      sends: [
        'POST /nodes/pve-node01/qemu/101/firewall/rules type=in action=ACCEPT macro=SSH source=10.0.0.0/8 enable=1',
      ],
    },
    {
      say: 'block port 3306 on db-postgres-01',
      sends: ['POST /nodes/pve-node01/qemu/102/firewall/rules type=in action=DROP proto=tcp dport=3306'],
    },
    {
      say: 'open port 8080 on nginx-proxy',
      sends: ['POST /nodes/pve-node01/lxc/200/firewall/rules type=in action=ACCEPT proto=tcp dport=8080'],
    },
    {
      say: 'allow udp port 53 from 10.10.0.0/16 on unbound-dns',
      sends: ['POST /nodes/pve-node02/lxc/202/firewall/rules proto=udp dport=53 source=10.10.0.0/16'],
    },
    { say: 'open port 99999 on nginx-proxy', sends: 'clarification' },
    { say: 'allow ssh from 10.0.0.0/99 to app-server-prod', sends: 'clarification' },
  ],
});

export const addRuleElsewhere = action({
  id: 'firewall.add_rule',
  verb: 'add a firewall rule',
  risk: 'disruptive',
  say: [
    `{verb} {+} (to|on|for|in|of) ${datacenter} {*}`,
    '{verb} {+} (to|on|for|in|of) [node|host] {node} {*}',
    `(add|create|make) [new] [firewall] rule (to|on|for|in) ${datacenter} [that|to|which] {verb} {+}`,
    '(add|create|make) [new] [firewall] rule (to|on|for) [node] {node} [that|to|which] {verb} {+}',
    `(add|create|make) [new] (datacenter|cluster) [firewall] rule [that|to|which] {verb} {+}`,
  ],
  input: { ...verbInput, node: { kind: 'node', say: [] } },
  plan: (planning, { input }) =>
    addRule(planning, input.node === undefined ? '' : `node/${input.node}`, input.verb, input),
  examples: [
    {
      say: 'allow ssh from 192.168.1.0/24 in the datacenter',
      sends: ['POST /cluster/firewall/rules type=in action=ACCEPT macro=SSH source=192.168.1.0/24'],
    },
    {
      say: 'block port 111 on node pve-node01',
      sends: ['POST /nodes/pve-node01/firewall/rules action=DROP dport=111'],
    },
    {
      say: 'allow https on node pve-node02',
      sends: ['POST /nodes/pve-node02/firewall/rules type=in action=ACCEPT macro=HTTPS enable=1'],
    },
    { say: 'block port 99999 in the datacenter', sends: 'clarification' },
  ],
});
