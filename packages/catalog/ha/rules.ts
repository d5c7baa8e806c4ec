import {
  action,
  already,
  anyNode,
  call,
  CannotPlan,
  piece,
  type Planned,
  type Planning,
  refused,
} from '../kit/index.ts';
import { intoGroup } from './groups.ts';
import { hasRules, ruleFact, type RuleNow, rulesNow, sidOf, unmanaged } from './ha-now.ts';

/** @throws CannotPlan where there is no such rule */
async function ruleNow(planning: Planning, id: string): Promise<RuleNow> {
  if (!(await hasRules(planning)))
    throw new CannotPlan({
      why: 'Before Proxmox VE 9, HA has groups in the place of rules.',
      next: 'Speak of the group: “delete HA group NAME”.',
    });
  const rules = await rulesNow(planning);
  const found = rules.find((rule) => rule.id === id);
  if (found !== undefined) return found;
  throw new CannotPlan({
    why: `There is no HA rule ${id}.`,
    next: `There are: ${rules.map((rule) => rule.id).join(', ') || 'none'}.`,
  });
}

const ruleText = ({ type, sids, nodes, affinity }: RuleNow): string =>
  type === 'node-affinity'
    ? `${sids.join(', ')} on ${nodes.join(', ')}`
    : `${sids.join(', ')} ${affinity === 'negative' ? 'apart' : 'together'}`;

async function deletion(planning: Planning, rule: RuleNow): Promise<Planned> {
  const says = `Delete HA rule ${rule.id}`;
  return piece({
    says,
    steps: [
      {
        ...call('DELETE', '/cluster/ha/rules/{rule}', { rule: rule.id }, says),
        node: await anyNode(planning),
        limitSeconds: 60,
        relies: [ruleFact(rule.id, 'resources', rule.sids.join(','))],
        expects: [ruleFact(rule.id, 'rule', null)],
      },
    ],
    warnings: ['HA may then run these guests on any node that can; none is moved for that.'],
    loses: [`HA rule ${rule.id}: ${ruleText(rule)}`],
    changes: [{ about: 'HA rules', key: rule.id, before: ruleText(rule), after: null }],
    confirm: rule.id,
  });
}

export const deleteRule = action({
  id: 'ha.delete_rule',
  verb: 'delete the HA rule',
  risk: 'destructive',
  say: [
    '(delete|remove|drop) (ha rule|affinity rule|ha affinity rule|node affinity rule|resource affinity rule) {rule}',
  ],
  input: { rule: { kind: 'word', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    return deletion(planning, await ruleNow(planning, input.rule ?? ''));
  },
  examples: [
    { say: 'delete HA rule ha-group2', sends: ['DELETE /cluster/ha/rules/ha-group2'] },
    { say: 'delete HA rule nothing', sends: 'clarification' },
    { say: 'remove the HA rule ha-group1', sends: ['DELETE /cluster/ha/rules/ha-group1'] },
  ],
});

async function update(
  planning: Planning,
  rule: RuleNow,
  sent: { resources?: string; nodes?: string; disable?: boolean },
  of: { says: string; before: string; after: string; key: string; warnings: readonly string[] },
): Promise<Planned> {
  // Proxmox wants the type said with every change of a rule.
  const type = rule.type === 'resource-affinity' ? 'resource-affinity' : 'node-affinity';
  const { nodes, ...common } = sent;
  const step =
    type === 'node-affinity'
      ? call('PUT', '/cluster/ha/rules/{rule}', { rule: rule.id, type, ...sent }, of.says)
      : call('PUT', '/cluster/ha/rules/{rule}', { rule: rule.id, type, ...common }, of.says);
  const is =
    sent.disable === undefined
      ? ruleFact(rule.id, nodes === undefined ? 'resources' : 'nodes', nodes ?? sent.resources ?? null)
      : ruleFact(rule.id, 'disable', 1, sent.disable ? undefined : 'not');
  return piece({
    says: of.says,
    steps: [
      {
        ...step,
        node: await anyNode(planning),
        limitSeconds: 60,
        relies: [ruleFact(rule.id, 'resources', rule.sids.join(','))],
        expects: [is],
      },
    ],
    warnings: of.warnings,
    changes: [{ about: `HA rule ${rule.id}`, key: of.key, before: of.before, after: of.after }],
  });
}

export const switchRule = action({
  id: 'ha.switch_rule',
  verb: 'switch the HA rule',
  risk: 'disruptive',
  say: ['{wanted} (ha rule|affinity rule|ha affinity rule|node affinity rule|resource affinity rule) {rule}'],
  input: {
    wanted: {
      kind: 'choice',
      say: [],
      values: { on: 'enable|activate|turn on|switch on', off: 'disable|deactivate|turn off|switch off' },
    },
    rule: { kind: 'word', say: [] },
  },
  async plan(planning, { input }): Promise<Planned> {
    const rule = await ruleNow(planning, input.rule ?? '');
    const on = input.wanted === 'on';
    if (rule.enabled === on) return already(`HA rule ${rule.id} is ${on ? 'enabled' : 'disabled'}.`);
    const text = (enabled: boolean): string => (enabled ? 'yes' : 'no');
    const warnings = on ? [`HA moves guests at once where the rule says otherwise: ${ruleText(rule)}.`] : [];
    const says = `${on ? 'Enable' : 'Disable'} HA rule ${rule.id}`;
    return update(
      planning,
      rule,
      { disable: !on },
      { says, key: 'enabled', before: text(!on), after: text(on), warnings },
    );
  },
  examples: [
    { say: 'disable HA rule ha-group1', sends: ['PUT /cluster/ha/rules/ha-group1 type=node-affinity disable=1'] },
    { say: 'enable HA rule ha-group1', sends: 'answer' },
    { say: 'disable HA rule nothing', sends: 'clarification' },
  ],
});

export const ruleMembers = action({
  id: 'ha.rule_members',
  verb: 'change the guests of the HA rule',
  risk: 'disruptive',
  say: [
    '(add|put) {add} (to|in|into) (ha rule|affinity rule|ha group|ha affinity rule) {rule}',
    '(remove|take|drop) {drop} (from|out of) (ha rule|affinity rule|ha group|ha affinity rule) {rule}',
    '(set|change) (node|nodes) of (ha rule|affinity rule) {rule} to [node|nodes] {nodes}',
  ],
  input: {
    add: { kind: 'guests', say: [] },
    drop: { kind: 'guests', say: [] },
    nodes: { kind: 'words', say: [] },
    rule: { kind: 'word', say: [] },
  },
  async plan(planning, { input }): Promise<Planned> {
    const { add = [], drop = [], nodes, rule: id = '' } = input;
    const guests = await Promise.all([...add, ...drop].map((each) => planning.guest(each)));
    const wrong = add.length > 0 ? unmanaged(guests) : [];
    if (wrong.length > 0) return refused(...wrong);
    if (!(await hasRules(planning))) return intoGroup(planning, id, guests, add.length > 0);
    const rule = await ruleNow(planning, id);
    if (nodes !== undefined) return otherNodes(planning, rule, nodes);
    const sids = guests.map(sidOf);
    const after =
      add.length > 0
        ? [...new Set([...rule.sids, ...sids])].toSorted()
        : rule.sids.filter((sid) => !sids.includes(sid));
    if (after.length === rule.sids.length)
      return already(`${sids.join(', ')} ${add.length > 0 ? 'is' : 'is not'} in HA rule ${id}.`);
    if (after.length === 0) return deletion(planning, rule);
    const says = `Change HA rule ${id}: ${after.join(', ')}`;
    const away =
      rule.nodes.length > 0 ? guests.filter(({ node }) => !rule.nodes.some((each) => each.startsWith(node))) : [];
    const warnings =
      add.length > 0 ? away.map(({ title, node }) => `${title} is on ${node}: HA moves it at once.`) : [];
    return update(
      planning,
      rule,
      { resources: after.join(',') },
      { says, key: 'guests', before: rule.sids.join(', '), after: after.join(', '), warnings },
    );
  },
  examples: [
    {
      say: 'remove nginx-proxy from HA rule ha-group1',
      sends: ['PUT /cluster/ha/rules/ha-group1 type=node-affinity resources=vm:100,vm:101'],
    },
    {
      say: 'set the nodes of HA rule ha-group2 to pve-node01 and pve-node03',
      sends: ['PUT /cluster/ha/rules/ha-group2 type=node-affinity nodes=pve-node01,pve-node03'],
    },
    { say: 'add build-agent to HA rule ha-group1', sends: 'clarification' },
    { say: 'add app-server-prod to HA rule ha-group1', sends: 'answer' },
  ],
});

async function otherNodes(planning: Planning, rule: RuleNow, nodes: readonly string[]): Promise<Planned> {
  const known = (await planning.nodes()).map(({ node }) => node);
  const unknown = nodes.filter((node) => !known.includes(node.replace(/:\d+$/, '')));
  if (unknown.length > 0)
    return refused({ why: `No node is called ${unknown.join(', ')}.`, next: `Nodes: ${known.join(', ')}.` });
  if (rule.type !== 'node-affinity')
    return refused({
      why: `HA rule ${rule.id} is about guests, and not about nodes.`,
      next: 'Make a rule about nodes: “keep 101 on NODE”.',
    });
  const says = `Change HA rule ${rule.id}: nodes ${nodes.join(', ')}`;
  return update(
    planning,
    rule,
    { nodes: nodes.join(',') },
    {
      says,
      key: 'nodes',
      before: rule.nodes.join(', '),
      after: nodes.join(', '),
      warnings: [`HA moves ${rule.sids.join(', ')} at once where they run elsewhere.`],
    },
  );
}
