import { asNumber, asText } from '@pxa/pve/values';
import {
  action,
  already,
  anyNode,
  call,
  factAt,
  needed,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  refused,
} from '../kit/index.ts';
import { addRule, verbInput } from './add-rules.ts';
import { deleteRule, numberInput, ruleWords } from './change-rules.ts';
import { idle, isThere, levelOf, ruleAtFact } from './level-now.ts';
import { isRefusal, namedFact, namedNow, nameRefusals, theNamed, usesOfNamed } from './named-things.ts';
import { ruleText } from './rule-words.ts';

const words = '[firewall] (security group|firewall group|sec group)';
const name = { kind: 'name', say: [] } as const;

export const createGroup = action({
  id: 'firewall.create_group',
  verb: 'create the security group',
  risk: 'change',
  say: [`(create|add|make|define|new) [new] ${words} {name} {*}`],
  input: { name, comment: { kind: 'text', say: ['(with|and) (comment|note) {}'] } },
  async plan(planning, { input }): Promise<Planned> {
    const { name: group = '', comment } = input;
    const wrong = nameRefusals('group', group);
    if (wrong.length > 0) return refused(...wrong);
    if ((await namedNow(planning, 'group')).some(({ data }) => data['group'] === group))
      return already(`There is a security group ${group}.`);
    const says = `Create the security group ${group}`;
    return piece({
      says,
      steps: [
        {
          ...call('POST', '/cluster/firewall/groups', { group, comment }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [namedFact('group', group, false)],
          expects: [namedFact('group', group, true)],
        },
      ],
      warnings: [`It holds no rule yet: “allow https in security group ${group}” adds one.`],
      changes: [{ about: 'the datacenter', key: `security group ${group}`, before: null, after: 'empty' }],
      undo: { action: 'firewall.delete_group', input: { name: group } },
    });
  },
  examples: [
    { say: 'create security group databases', sends: ['POST /cluster/firewall/groups group=databases'] },
    {
      say: 'add a security group mail with comment "SMTP and IMAP"',
      sends: ["POST /cluster/firewall/groups group=mail comment='SMTP and IMAP'"],
    },
    { say: 'create security group web', sends: 'answer' },
    { say: 'create security group a-name-that-is-far-too-long', sends: 'clarification' },
  ],
});

/** Proxmox deletes empty groups alone: its rules go first, the last one first, so that the numbers of the others stay. */
async function deletion(planning: Planning, group: string): Promise<Planned> {
  const uses = await usesOfNamed(planning, 'group', group);
  if (uses.length > 0) return refused(...uses);
  const node = await anyNode(planning);
  const level = await levelOf(planning, `group/${group}`);
  const texts = level.rules.map(({ data }) => ruleText(data));
  const emptied = texts.map((text, pos): PieceStep => {
    const says = `Delete rule ${pos} of security group ${group}: ${text}`;
    return {
      ...call('DELETE', '/cluster/firewall/groups/{group}/{pos}', { group, pos }, says),
      node,
      limitSeconds: 60,
      relies: [
        ruleAtFact(level, pos, 'action', asText(level.rules[pos]?.data['action'])),
        ruleAtFact(level, pos + 1, 'pos', null),
      ],
      expects: [ruleAtFact(level, pos, 'pos', null)],
    };
  });
  const says = `Delete the security group ${group}`;
  return piece({
    says,
    steps: [
      ...emptied.toReversed(),
      {
        ...call('DELETE', '/cluster/firewall/groups/{group}', { group }, says),
        node,
        limitSeconds: 60,
        relies: [namedFact('group', group, true)],
        expects: [namedFact('group', group, false)],
      },
    ],
    loses: [`security group ${group}${texts.length === 0 ? '' : `: ${texts.join('; ')}`}`],
    changes: [
      { about: 'the datacenter', key: `security group ${group}`, before: texts.join('; ') || 'empty', after: null },
    ],
    confirm: group,
  });
}

export const deleteGroup = action({
  id: 'firewall.delete_group',
  verb: 'delete the security group',
  risk: 'destructive',
  say: [`(delete|remove|drop) ${words} {name}`],
  input: { name },
  async plan(planning, { input }): Promise<Planned> {
    const found = await theNamed(planning, 'group', input.name ?? '');
    return isRefusal(found) ? refused(found) : deletion(planning, input.name ?? '');
  },
  examples: [
    { say: 'delete security group web', sends: 'clarification' },
    { say: 'delete the security group databases', sends: 'clarification' },
    { say: 'remove the firewall group databases', sends: 'clarification' },
  ],
});

export const addGroupRule = action({
  id: 'firewall.add_group_rule',
  verb: 'add a rule to the security group',
  risk: 'disruptive',
  say: [
    `{verb} {+} (to|in|into|on|for) ${words} {group} {*}`,
    `(add|create|make) [new] [firewall] rule (to|in|on|for) ${words} {group} [that|to|which] {verb} {+}`,
  ],
  input: { ...verbInput, group: name },
  async plan(planning, { input }): Promise<Planned> {
    const found = await theNamed(planning, 'group', input.group ?? '');
    return isRefusal(found) ? refused(found) : addRule(planning, `group/${input.group ?? ''}`, input.verb, input);
  },
  examples: [
    {
      say: 'allow port 8443 in security group web',
      sends: ['POST /cluster/firewall/groups/web type=in action=ACCEPT proto=tcp dport=8443 enable=1'],
    },
    {
      say: 'block ssh from 10.0.0.0/8 in the security group web',
      sends: ['POST /cluster/firewall/groups/web action=DROP macro=SSH source=10.0.0.0/8'],
    },
    { say: 'allow https in security group web', sends: 'answer' },
    { say: 'allow ssh in security group databases', sends: 'clarification' },
  ],
});

export const deleteGroupRule = action({
  id: 'firewall.delete_group_rule',
  verb: 'delete a rule of the security group',
  risk: 'destructive',
  say: ruleWords('(delete|remove|drop)', `${words} {group}`),
  input: { ...numberInput, group: name },
  async plan(planning, { input }): Promise<Planned> {
    const found = await theNamed(planning, 'group', input.group ?? '');
    return isRefusal(found) ? refused(found) : deleteRule(planning, `group/${input.group ?? ''}`, input.number, input);
  },
  examples: [
    { say: 'delete rule 1 of security group web', sends: ['DELETE /cluster/firewall/groups/web/1'] },
    { say: 'delete rule 9 of security group web', sends: 'clarification' },
    { say: 'delete rule 0 of security group databases', sends: 'clarification' },
  ],
});

/** A level's reference to a group stands among its rules. */
const isUse = (data: Readonly<Record<string, unknown>>, group: string): boolean =>
  data['type'] === 'group' && data['action'] === group;

export const useGroup = action({
  id: 'firewall.use_group',
  verb: 'use a security group on',
  risk: 'disruptive',
  on: { dataset: 'guests' },
  say: [
    `(apply|use|assign|attach|put|add) ${words} {group} (to|on|for|with) {on}`,
    `put {on} (in|into|under) ${words} {group}`,
  ],
  input: { group: name },
  async plan(planning, { target, input }): Promise<Planned> {
    const { group = '' } = input;
    const found = await theNamed(planning, 'group', group);
    if (isRefusal(found)) return refused(found);
    const level = await levelOf(planning, target);
    const used = level.rules.find(({ data }) => isUse(data, group) && asNumber(data['enable']) === 1);
    if (used !== undefined) return already(`${level.title} uses the security group ${group}.`);
    const guest = await planning.guest(target);
    const at = { node: guest.node, vmid: guest.vmid };
    const says = `Use the security group ${group} on ${level.title}`;
    const rule = { type: 'group', action: group, enable: 1 } as const;
    const rules = needed(await planning.list('/cluster/firewall/groups/{group}', { group }), `The rules of ${group}`);
    return piece({
      says,
      steps: [
        {
          ...(guest.type === 'qemu'
            ? call('POST', '/nodes/{node}/qemu/{vmid}/firewall/rules', { ...at, ...rule }, says)
            : call('POST', '/nodes/{node}/lxc/{vmid}/firewall/rules', { ...at, ...rule }, says)),
          node: guest.node,
          limitSeconds: 60,
          relies: [
            ...isThere(level),
            ruleAtFact(level, level.rules.length, 'pos', null),
            namedFact('group', group, true),
          ],
          expects: [
            ruleAtFact(level, level.rules.length, 'pos', level.rules.length),
            ruleAtFact(level, 0, 'action', group),
            factAt(`type of firewall rule 0 of ${level.title}`, level.rulesAt, ['[pos=0]', 'type'], 'group'),
          ],
        },
      ],
      assumptions:
        level.rules.length > 0 ? [`It comes first, before the ${level.rules.length} rules that are there`] : [],
      warnings: await idle(planning, level),
      changes: [
        {
          about: level.title,
          key: 'firewall rule',
          before: null,
          after: `security group ${group} (${rules.map(({ data }) => ruleText(data)).join('; ') || 'empty'})`,
        },
      ],
    });
  },
  examples: [
    {
      say: 'apply security group web to db-postgres-01',
      sends: ['POST /nodes/pve-node01/qemu/102/firewall/rules type=group action=web enable=1'],
    },
    { say: 'use the security group web on app-server-prod', sends: 'answer' },
    { say: 'apply security group databases to db-postgres-01', sends: 'clarification' },
  ],
});

export const leaveGroup = action({
  id: 'firewall.leave_group',
  verb: 'take a security group from',
  risk: 'destructive',
  on: { dataset: 'guests' },
  say: [
    `(remove|take|detach|unassign|drop|delete) ${words} {group} (from|off) {on}`,
    `take {on} (out of|from) ${words} {group}`,
  ],
  input: { group: name },
  async plan(planning, { target, input }): Promise<Planned> {
    const { group = '' } = input;
    const level = await levelOf(planning, target);
    const used = level.rules.find(({ data }) => isUse(data, group));
    if (used === undefined) return already(`${level.title} does not use a security group ${group}.`);
    return deleteRule(planning, target, asNumber(used.data['pos']) ?? 0, {});
  },
  examples: [
    {
      say: 'remove security group web from app-server-prod',
      sends: ['DELETE /nodes/pve-node01/qemu/101/firewall/rules/0'],
    },
    {
      say: 'take nginx-proxy out of the security group web',
      sends: ['DELETE /nodes/pve-node01/lxc/200/firewall/rules/0'],
    },
    { say: 'remove the security group web from db-postgres-01', sends: 'answer' },
  ],
});
