import type { Step } from '@pxa/contract';
import { asNumber, asText } from '@pxa/pve/values';
import { action, already, call, piece, type Planned, type Planning, type Rec, refused } from '../kit/index.ts';
import { datacenter } from './add-rules.ts';
import { idle, type LevelNow, levelOf, ruleAtFact } from './level-now.ts';
import { isAbout, ruleText, type Traffic, trafficInput } from './rule-words.ts';

function oneCall(
  method: 'DELETE' | 'PUT',
  { kind, node, guest, group }: LevelNow,
  pos: number,
  sent: { digest?: string; enable?: number },
  says: string,
): Step {
  if (group !== undefined)
    return method === 'DELETE'
      ? call('DELETE', '/cluster/firewall/groups/{group}/{pos}', { group, pos, ...sent }, says)
      : call('PUT', '/cluster/firewall/groups/{group}/{pos}', { group, pos, ...sent }, says);
  if (guest === undefined && kind === 'datacenter')
    return method === 'DELETE'
      ? call('DELETE', '/cluster/firewall/rules/{pos}', { pos, ...sent }, says)
      : call('PUT', '/cluster/firewall/rules/{pos}', { pos, ...sent }, says);
  if (guest === undefined)
    return method === 'DELETE'
      ? call('DELETE', '/nodes/{node}/firewall/rules/{pos}', { node, pos, ...sent }, says)
      : call('PUT', '/nodes/{node}/firewall/rules/{pos}', { node, pos, ...sent }, says);
  const at = { node, vmid: guest.vmid, pos, ...sent };
  if (guest.type === 'qemu')
    return method === 'DELETE'
      ? call('DELETE', '/nodes/{node}/qemu/{vmid}/firewall/rules/{pos}', at, says)
      : call('PUT', '/nodes/{node}/qemu/{vmid}/firewall/rules/{pos}', at, says);
  return method === 'DELETE'
    ? call('DELETE', '/nodes/{node}/lxc/{vmid}/firewall/rules/{pos}', at, says)
    : call('PUT', '/nodes/{node}/lxc/{vmid}/firewall/rules/{pos}', at, says);
}

/** The rule that is meant, by its number or by what it is about. */
function meant(level: LevelNow, number: number | undefined, said: Traffic, verb: string): Rec | Planned {
  const fitting =
    number === undefined
      ? level.rules.filter((rule) => isAbout(rule, said))
      : level.rules.filter(({ data }) => asNumber(data['pos']) === number);
  const [only, ...more] = fitting;
  const all = level.rules.map(({ data }) => `${asText(data['pos']) ?? '?'}: ${ruleText(data)}`);
  if (only === undefined)
    return refused({
      why: `${level.title} has no such firewall rule.`,
      next: all.length === 0 ? 'It has none at all.' : `It has ${all.join('; ')}.`,
    });
  if (more.length === 0) return only;
  return {
    kind: 'ask',
    question: `${fitting.length} firewall rules of ${level.title} fit. Which one?`,
    options: fitting.slice(0, 8).map(({ data }) => ({
      label: ruleText(data),
      say: `${verb} firewall rule ${asText(data['pos']) ?? ''} of ${level.named}`,
    })),
  };
}

const isRule = (found: Rec | Planned): found is Rec => 'data' in found;

/** A rule of a level that is deleted, by its number or by what it is about. */
export async function deleteRule(
  planning: Planning,
  target: string,
  number: number | undefined,
  said: Traffic,
): Promise<Planned> {
  const level = await levelOf(planning, target);
  const rule = meant(level, number, said, 'delete');
  if (!isRule(rule)) return rule;
  const pos = asNumber(rule.data['pos']) ?? 0;
  const digest = asText(rule.data['digest']);
  const last = level.rules.length - 1;
  const text = ruleText(rule.data);
  const says = `Delete firewall rule ${pos} of ${level.title}: ${text}`;
  return piece({
    says,
    risk: 'destructive',
    steps: [
      {
        ...oneCall('DELETE', level, pos, digest === null ? {} : { digest }, says),
        node: level.node,
        limitSeconds: 60,
        relies: [
          ruleAtFact(level, last, 'pos', last),
          ruleAtFact(level, last + 1, 'pos', null),
          ruleAtFact(level, pos, 'action', asText(rule.data['action'])),
        ],
        expects: [ruleAtFact(level, last, 'pos', null)],
      },
    ],
    warnings: [
      'The rules after it move up by one.',
      ...(rule.data['action'] === 'ACCEPT'
        ? ['What it let in may be kept out from then on.']
        : ['What it kept out may get in from then on.']),
    ],
    loses: [`the rule: ${text}`],
    changes: [{ about: level.title, key: `firewall rule ${pos}`, before: text, after: null }],
    confirm: `rule ${pos}`,
  });
}

async function switchRule(
  planning: Planning,
  target: string,
  number: number | undefined,
  said: Traffic,
  wanted: boolean,
): Promise<Planned> {
  const level = await levelOf(planning, target);
  const rule = meant(level, number, said, wanted ? 'enable' : 'disable');
  if (!isRule(rule)) return rule;
  const pos = asNumber(rule.data['pos']) ?? 0;
  const digest = asText(rule.data['digest']);
  const text = ruleText(rule.data);
  if ((asNumber(rule.data['enable']) === 1) === wanted)
    return already(`Firewall rule ${pos} of ${level.title} (${text}) is ${wanted ? 'enabled' : 'disabled'}.`);
  const says = `${wanted ? 'Enable' : 'Disable'} firewall rule ${pos} of ${level.title}: ${text}`;
  return piece({
    says,
    risk: 'disruptive',
    steps: [
      {
        ...oneCall('PUT', level, pos, { enable: wanted ? 1 : 0, ...(digest === null ? {} : { digest }) }, says),
        node: level.node,
        limitSeconds: 60,
        relies: [
          ruleAtFact(level, pos, 'action', asText(rule.data['action'])),
          ruleAtFact(level, pos, 'enable', 1, wanted ? 'not' : undefined),
        ],
        expects: [ruleAtFact(level, pos, 'enable', 1, wanted ? undefined : 'not')],
      },
    ],
    warnings: await idle(planning, level),
    changes: [
      {
        about: level.title,
        key: `firewall rule ${pos}`,
        before: wanted ? 'disabled' : 'enabled',
        after: wanted ? 'enabled' : 'disabled',
      },
    ],
  });
}

export const ruleWords = (verb: string, place: string): string[] => [
  `${verb} [firewall] rule [number] {number} (of|on|from|for) ${place}`,
  `${verb} [firewall] rule [that|which] (allows|blocks|drops|permits|rejects|allowing|blocking|for|about) {+} (of|on|from|for|to) ${place} {*}`,
];
export const numberInput = { number: { kind: 'count', say: [] }, ...trafficInput } as const;
const remove = '(delete|remove|drop)';
const enable = '(enable|activate|turn on|switch on)';
const disable = '(disable|deactivate|turn off|switch off)';

export const deleteGuestRule = action({
  id: 'firewall.delete_rule_guest',
  verb: 'delete a firewall rule of',
  risk: 'destructive',
  on: { dataset: 'guests' },
  say: ruleWords(remove, '{on}'),
  input: numberInput,
  plan: (planning, { target, input }) => deleteRule(planning, target, input.number, input),
  examples: [
    { say: 'delete firewall rule 0 of db-postgres-01', sends: ['DELETE /nodes/pve-node01/qemu/102/firewall/rules/0'] },
    {
      say: 'delete the firewall rule for port 5432 on db-postgres-01',
      sends: ['DELETE /nodes/pve-node01/qemu/102/firewall/rules/0'],
    },
    { say: 'delete firewall rule 7 of db-postgres-01', sends: 'clarification' },
  ],
});

export const switchGuestRule = action({
  id: 'firewall.switch_rule_guest',
  verb: 'switch a firewall rule of',
  risk: 'disruptive',
  on: { dataset: 'guests' },
  say: ruleWords('{wanted}', '{on}'),
  input: {
    wanted: { kind: 'choice', say: [], values: { on: enable.slice(1, -1), off: disable.slice(1, -1) } },
    ...numberInput,
  },
  plan: (planning, { target, input }) => switchRule(planning, target, input.number, input, input.wanted === 'on'),
  examples: [
    {
      say: 'disable firewall rule 0 of db-postgres-01',
      sends: ['PUT /nodes/pve-node01/qemu/102/firewall/rules/0 enable=0'],
    },
    { say: 'enable firewall rule 0 of db-postgres-01', sends: 'answer' },
    { say: 'disable firewall rule 9 of db-postgres-01', sends: 'clarification' },
  ],
});

const elsewhere = (verb: string): string[] => [
  ...ruleWords(verb, datacenter),
  ...ruleWords(verb, '[node] {node}'),
  `${verb} (datacenter|cluster) [firewall] rule [number] {number}`,
];
const place = (node: string | undefined): string => (node === undefined ? '' : `node/${node}`);

export const deleteRuleElsewhere = action({
  id: 'firewall.delete_rule',
  verb: 'delete a firewall rule',
  risk: 'destructive',
  say: elsewhere(remove),
  input: { ...numberInput, node: { kind: 'node', say: [] } },
  plan: (planning, { input }) => deleteRule(planning, place(input.node), input.number, input),
  examples: [
    { say: 'delete firewall rule 3 of the datacenter', sends: ['DELETE /cluster/firewall/rules/3'] },
    { say: 'delete firewall rule 0 of the datacenter', sends: ['DELETE /cluster/firewall/rules/0'] },
    { say: 'delete firewall rule 44 of the datacenter', sends: 'clarification' },
  ],
});

export const switchRuleElsewhere = action({
  id: 'firewall.switch_rule',
  verb: 'switch a firewall rule',
  risk: 'disruptive',
  say: elsewhere('{wanted}'),
  input: {
    wanted: { kind: 'choice', say: [], values: { on: enable.slice(1, -1), off: disable.slice(1, -1) } },
    ...numberInput,
    node: { kind: 'node', say: [] },
  },
  plan: (planning, { input }) => switchRule(planning, place(input.node), input.number, input, input.wanted === 'on'),
  examples: [
    { say: 'enable firewall rule 3 of the datacenter', sends: ['PUT /cluster/firewall/rules/3 enable=1'] },
    { say: 'disable firewall rule 2 of the datacenter', sends: ['PUT /cluster/firewall/rules/2 enable=0'] },
    { say: 'enable firewall rule 0 of the datacenter', sends: 'answer' },
  ],
});
