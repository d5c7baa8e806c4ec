import {
  action,
  already,
  anyNode,
  call,
  factAt,
  type GuestNow,
  piece,
  type Planned,
  type Planning,
  refused,
} from '../kit/index.ts';
import { hasRules, resourcesNow, sidOf } from './ha-now.ts';

/** Before 9.0: the group stands with each guest. */
export async function intoGroup(
  planning: Planning,
  group: string,
  guests: readonly GuestNow[],
  add: boolean,
): Promise<Planned> {
  const list = await planning.list('/cluster/ha/groups', {});
  const groups = list.ok ? list.data.map(({ data }) => String(data['group'])) : [];
  if (!groups.includes(group))
    return refused({ why: `There is no HA group ${group}.`, next: `There are: ${groups.join(', ') || 'none'}.` });
  const rows = await resourcesNow(planning);
  const is = (sid: string): boolean => rows.some(({ data }) => data['sid'] === sid && data['group'] === group);
  const others = guests.filter((guest) => is(sidOf(guest)) !== add);
  if (others.length === 0)
    return already(`${guests.map(({ title }) => title).join(', ')} ${add ? 'is' : 'is not'} in HA group ${group}.`);
  return piece({
    says: `${add ? 'Put' : 'Take'} ${others.map(({ title }) => title).join(', ')} ${add ? 'into' : 'out of'} HA group ${group}`,
    steps: others.map((guest) => ({
      ...call(
        'PUT',
        '/cluster/ha/resources/{sid}',
        { sid: sidOf(guest), ...(add ? { group } : { delete: 'group' }) },
        `${add ? 'Put' : 'Take'} ${guest.title} ${add ? 'into' : 'out of'} HA group ${group}`,
      ),
      node: guest.node,
      limitSeconds: 60,
      expects: [
        factAt(
          `HA group of ${guest.title}`,
          '/cluster/ha/resources',
          [`[sid=${sidOf(guest)}]`, 'group'],
          add ? group : null,
        ),
      ],
    })),
    changes: others.map(({ title }) => ({
      about: title,
      key: 'HA group',
      before: add ? null : group,
      after: add ? group : null,
    })),
  });
}

export const deleteGroup = action({
  id: 'ha.delete_group',
  verb: 'delete the HA group',
  risk: 'destructive',
  say: ['(delete|remove|drop) ha group {group}'],
  input: { group: { kind: 'word', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    const { group = '' } = input;
    if (await hasRules(planning)) {
      const say = `delete HA rule ${group}`;
      return refused({
        why: 'From Proxmox VE 9 on, HA has rules in the place of groups.',
        next: `If the rule ${group} is meant: “${say}”.`,
        say,
      });
    }
    const list = await planning.list('/cluster/ha/groups', {});
    const groups = list.ok ? list.data.map(({ data }) => String(data['group'])) : [];
    if (!groups.includes(group))
      return refused({ why: `There is no HA group ${group}.`, next: `There are: ${groups.join(', ') || 'none'}.` });
    const users = (await resourcesNow(planning))
      .filter(({ data }) => data['group'] === group)
      .map(({ data }) => String(data['sid']));
    if (users.length > 0)
      return refused({
        why: `HA group ${group} is that of ${users.join(', ')}.`,
        next: `Take them out of it first: “remove … from HA group ${group}”.`,
      });
    const says = `Delete HA group ${group}`;
    const fact = (is: string | null): ReturnType<typeof factAt> =>
      factAt(`HA group ${group}`, '/cluster/ha/groups', [`[group=${group}]`, 'group'], is);
    return piece({
      says,
      steps: [
        {
          ...call('DELETE', '/cluster/ha/groups/{group}', { group }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [fact(group)],
          expects: [fact(null)],
        },
      ],
      loses: [`HA group ${group}`],
      changes: [{ about: 'HA groups', key: group, before: 'there', after: null }],
      confirm: group,
    });
  },
  examples: [
    { say: 'delete HA group ha-group1', sends: 'clarification' },
    { say: 'remove the HA group ha-group2', sends: 'clarification' },
    { say: 'delete HA group nothing', sends: 'clarification' },
  ],
});
