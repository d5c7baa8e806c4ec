import {
  action,
  call,
  factAt,
  type GuestNow,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  unknownNodes,
} from '../kit/index.ts';
import { hasRules, resourceFact, ruleFact, type RuleNow, rulesNow, sidOf, unmanaged } from './ha-now.ts';

const mostNamed = 4;

/** A name that tells what it is about, and that nothing else has. */
function nameFor(kind: string, guests: readonly GuestNow[], taken: readonly string[]): string {
  const ids = guests.map(({ vmid }) => String(vmid));
  const some = ids.length > mostNamed ? [...ids.slice(0, mostNamed), `and-${ids.length - mostNamed}-more`] : ids;
  const name = [kind, ...some].join('-');
  return taken.includes(name) ? `${name}-${taken.length}` : name;
}

const namesOf = (guests: readonly GuestNow[]): string => guests.map(({ title }) => title).join(', ');

interface Wanted {
  readonly name: string | undefined;
  readonly guests: readonly GuestNow[];
  readonly nodes: readonly string[];
  readonly strict: boolean;
}

/** One node-affinity rule names a guest, and no more than one (PVE::HA::Rules::NodeAffinity). */
async function otherRules(planning: Planning, guests: readonly GuestNow[]): Promise<Refusal[]> {
  const rules = (await rulesNow(planning)).filter(({ type }) => type === 'node-affinity');
  return guests.flatMap((guest) => {
    const rule = rules.find(({ sids }) => sids.includes(sidOf(guest)));
    if (rule === undefined) return [];
    const say = `remove ${guest.vmid} from HA rule ${rule.id}`;
    return [
      {
        why: `HA rule ${rule.id} says already where ${guest.title} runs (${rule.nodes.join(', ')}).`,
        next: `Take it out of that rule first: “${say}”.`,
        say,
      },
    ];
  });
}

async function byRule(planning: Planning, { name, guests, nodes, strict }: Wanted): Promise<Planned> {
  const blocked = await otherRules(planning, guests);
  if (blocked.length > 0) return refused(...blocked);
  const taken = (await rulesNow(planning)).map(({ id }) => id);
  const rule = name ?? nameFor('node-affinity', guests, taken);
  if (taken.includes(rule))
    return refused({ why: `There is an HA rule ${rule} already.`, next: 'Choose another name.' });
  const says = `Keep ${namesOf(guests)} on ${nodes.join(', ')}${strict ? ' and nowhere else' : ' where possible'}`;
  const resources = guests.map(sidOf).toSorted().join(',');
  const step = call(
    'POST',
    '/cluster/ha/rules',
    { rule, type: 'node-affinity', resources, nodes: nodes.join(','), strict },
    says,
  );
  return affinityPiece(
    says,
    rule,
    guests,
    { ...step, expects: [ruleFact(rule, 'resources', resources), ruleFact(rule, 'nodes', nodes.join(','))] },
    [...movesTo(guests, nodes), ...strictly(guests, nodes, strict)],
  );
}

/** A node's name without the priority that HA takes behind it: `pve1:2`. */
const nameOf = (node: string): string => node.replace(/:\d+$/, '');

const movesTo = (guests: readonly GuestNow[], nodes: readonly string[]): string[] =>
  guests
    .filter(({ node }) => !nodes.some((each) => nameOf(each) === node))
    .map(({ title, node }) => `${title} is on ${node}: HA moves it to ${nodes.join(' or ')} at once.`);

const strictly = (guests: readonly GuestNow[], nodes: readonly string[], strict: boolean): string[] =>
  strict
    ? [`If ${nodes.join(', ')} fail${nodes.length === 1 ? 's' : ''}, ${namesOf(guests)} will not be started elsewhere.`]
    : [];

function affinityPiece(
  says: string,
  rule: string,
  guests: readonly GuestNow[],
  step: Omit<PieceStep, 'node'>,
  warnings: readonly string[],
): Planned {
  const [first] = guests;
  return piece({
    says,
    steps: [{ ...step, node: first?.node ?? '', limitSeconds: 60, relies: [ruleFact(rule, 'rule', null)] }],
    warnings,
    changes: [{ about: 'HA rules', key: rule, before: null, after: says }],
    undo: { action: 'ha.delete_rule', input: { rule } },
  });
}

/** Before 9.0, a group of nodes and the guests that are in it. */
async function byGroup(planning: Planning, { name, guests, nodes, strict }: Wanted): Promise<Planned> {
  const list = await planning.list('/cluster/ha/groups', {});
  const taken = list.ok ? list.data.map(({ data }) => String(data['group'])) : [];
  const group = name ?? nameFor('group', guests, taken);
  const [first] = guests;
  const node = first?.node ?? '';
  const says = `Make HA group ${group} of ${nodes.join(', ')}`;
  const made = call('POST', '/cluster/ha/groups', { group, nodes: nodes.join(','), restricted: strict }, says);
  const isThere = taken.includes(group);
  if (isThere && name === undefined)
    return refused({ why: `There is an HA group ${group} already.`, next: 'Name another: “called …”.' });
  return piece({
    says: `Keep ${namesOf(guests)} on ${nodes.join(', ')}`,
    steps: [
      {
        ...made,
        node,
        limitSeconds: 60,
        relies: [factAt(`HA group ${group}`, '/cluster/ha/groups', [`[group=${group}]`, 'group'], null)],
        expects: [factAt(`HA group ${group}`, '/cluster/ha/groups', [`[group=${group}]`, 'group'], group)],
      },
      ...guests.map((guest): PieceStep => ({
        ...call(
          'PUT',
          '/cluster/ha/resources/{sid}',
          { sid: sidOf(guest), group },
          `Put ${guest.title} into HA group ${group}`,
        ),
        node: guest.node,
        limitSeconds: 60,
        expects: [resourceFact(guest, 'group', group)],
      })),
    ],
    warnings: [...movesTo(guests, nodes), ...strictly(guests, nodes, strict)],
    changes: [{ about: namesOf(guests), key: 'HA group', before: null, after: `${group} (${nodes.join(', ')})` }],
  });
}

const called = { kind: 'name', say: ['(called|named|as rule|with name) {}'] } as const;

export const keepOn = action({
  id: 'ha.keep_on',
  verb: 'keep on nodes by HA',
  risk: 'disruptive',
  say: [
    '(keep|pin|tie|restrict|bind) {guests} (on|to) [node|nodes] {nodes} {*}',
    '(create|add|make) [new] [ha] node affinity [rule] (for|of) {guests} (on|to) [node|nodes] {nodes} {*}',
    '(create|add|make) [new] ha rule [that] (keeps|keeping|to keep) {guests} (on|to) [node|nodes] {nodes} {*}',
    '(prefer) [node|nodes] {nodes} for {guests} {*}',
  ],
  input: {
    guests: { kind: 'guests', say: [] },
    nodes: { kind: 'words', say: [] },
    strict: {
      kind: 'flag',
      say: ['strictly', 'strict', '[and] nowhere else', 'only'],
      no: ['not strictly', 'if possible', 'where possible', 'preferably'],
    },
    name: called,
  },
  async plan(planning, { input }): Promise<Planned> {
    const { nodes = [], strict = false, name } = input;
    const guests = await Promise.all((input.guests ?? []).map((id) => planning.guest(id)));
    const wrong = [...unmanaged(guests), ...(await unknownNodes(planning, nodes.map(nameOf)))];
    if (wrong.length > 0) return refused(...wrong);
    const wanted = { name, guests, nodes, strict };
    return (await hasRules(planning)) ? byRule(planning, wanted) : byGroup(planning, wanted);
  },
  examples: [
    { say: 'keep app-server-prod on pve-node02', sends: 'clarification' },
    { say: 'pin build-agent to pve-node02', sends: 'clarification' },
    { say: 'keep nginx-proxy on pve-node09', sends: 'clarification' },
  ],
});

/** No rule about guests goes with one of several priorities (PVE::HA::Rules, check_single_priority). */
function severalPriorities(rules: readonly RuleNow[], guests: readonly GuestNow[]): Refusal[] {
  const sids = guests.map(sidOf);
  return rules
    .filter(
      ({ type, enabled, sids: of }) => type === 'node-affinity' && enabled && of.some((sid) => sids.includes(sid)),
    )
    .filter(({ nodes }) => new Set(nodes.map((node) => node.split(':')[1] ?? '0')).size > 1)
    .map(({ id, nodes }) => {
      const plain = nodes.map((node) => node.replace(/:.*$/, '')).join(' and ');
      const say = `set the nodes of HA rule ${id} to ${plain}`;
      const why = `HA rule ${id} prefers some nodes over others (${nodes.join(', ')}): HA then takes no rule about which of its guests run together.`;
      return { why, next: `Let its nodes be alike: “${say}”; or disable it.`, say };
    });
}

async function together(
  planning: Planning,
  ids: readonly string[],
  affinity: 'positive' | 'negative',
  name: string | undefined,
): Promise<Planned> {
  const guests = await Promise.all(ids.map((id) => planning.guest(id)));
  const wrong = unmanaged(guests);
  if (guests.length < 2)
    wrong.push({ why: 'That takes two guests at the least.', next: 'Name them all in one order.' });
  if (wrong.length > 0) return refused(...wrong);
  if (!(await hasRules(planning)))
    return refused({
      why: 'Before Proxmox VE 9, HA has no rules about which guests run together.',
      next: 'Keep them on nodes of their own: “keep 101 on NODE”.',
    });
  const online = (await planning.nodes()).filter((node) => node.online).length;
  if (affinity === 'negative' && guests.length > online)
    return refused({
      why: `There are ${online} nodes online for ${guests.length} guests that are to run apart.`,
      next: 'Name fewer guests.',
    });
  const rules = await rulesNow(planning);
  const blocked = severalPriorities(rules, guests);
  if (blocked.length > 0) return refused(...blocked);
  const taken = rules.map(({ id }) => id);
  const rule = name ?? nameFor(affinity === 'positive' ? 'together' : 'apart', guests, taken);
  if (taken.includes(rule))
    return refused({ why: `There is an HA rule ${rule} already.`, next: 'Choose another name.' });
  const says = `Keep ${namesOf(guests)} ${affinity === 'positive' ? 'together on one node' : 'on nodes of their own'}`;
  const resources = guests.map(sidOf).toSorted().join(',');
  const step = call('POST', '/cluster/ha/rules', { rule, type: 'resource-affinity', resources, affinity }, says);
  const nodes = new Set(guests.map(({ node }) => node));
  const moves = affinity === 'positive' ? nodes.size > 1 : nodes.size < guests.length;
  return affinityPiece(
    says,
    rule,
    guests,
    { ...step, expects: [ruleFact(rule, 'resources', resources), ruleFact(rule, 'affinity', affinity)] },
    [...(moves ? ['As they run now, that is not so: HA moves some of them at once.'] : [])],
  );
}

export const keepApart = action({
  id: 'ha.keep_apart',
  verb: 'keep on different nodes by HA',
  risk: 'disruptive',
  say: [
    '(keep|run) {guests} (apart|separate|separated) {*}',
    '(keep|run) {guests} on (different|separate) (nodes|hosts) {*}',
    '(separate) {guests} {*}',
    'never run {guests} (together|on the same node) {*}',
    '(create|add) [ha] (anti-affinity|anti affinity) [rule] (for|of|between) {guests} {*}',
  ],
  input: { guests: { kind: 'guests', say: [] }, name: called },
  plan: (planning, { input }) => together(planning, input.guests ?? [], 'negative', input.name),
  examples: [
    {
      say: 'keep app-server-prod and db-postgres-01 apart',
      sends: 'clarification',
    },
    { say: 'keep build-agent and dev-sandbox apart', sends: 'clarification' },
    { say: 'never run build-agent and docker-host-01 on the same node', sends: 'clarification' },
  ],
});

export const keepTogether = action({
  id: 'ha.keep_together',
  verb: 'keep on one node by HA',
  risk: 'disruptive',
  say: [
    '(keep|run) {guests} together [on one node|on the same node] {*}',
    '(keep|run) {guests} on (the same|same|one) (node|host) {*}',
    '(create|add) [ha] (resource affinity|affinity) [rule] (for|of|between) {guests} {*}',
  ],
  input: { guests: { kind: 'guests', say: [] }, name: called },
  plan: (planning, { input }) => together(planning, input.guests ?? [], 'positive', input.name),
  examples: [
    {
      say: 'keep app-server-prod and nginx-proxy together',
      sends: 'clarification',
    },
    { say: 'keep app-server-prod together', sends: 'clarification' },
    { say: 'keep build-agent and dev-sandbox together', sends: 'clarification' },
  ],
});
