import { action, already, anyNode, call, factAt, piece, type Planned, refused } from '../kit/index.ts';
import { aclNow, groupRefusals, ownGroups, ownUser, usersNow } from './access-now.ts';

export const createGroup = action({
  id: 'group.create',
  verb: 'create the group',
  risk: 'change',
  say: ['(create|add|make) [new] (group|user group) {group} {*}'],
  input: { group: { kind: 'name', say: [] }, comment: { kind: 'text', say: ['[with|and] (comment|note) {}'] } },
  async plan(planning, { input }): Promise<Planned> {
    const { group = '', comment } = input;
    const fact = groupFact(group);
    if ((await groupRefusals(planning, [group])).length === 0) return already(`There is a group ${group}.`);
    if (!/^[A-Za-z0-9.\-_]+$/.test(group))
      return refused({
        why: `“${group}” is no name for a group: letters, digits, ., - and _.`,
        next: 'Choose another name.',
      });
    const says = `Create group ${group}`;
    return piece({
      says,
      steps: [
        {
          ...call('POST', '/access/groups', { groupid: group, ...(comment === undefined ? {} : { comment }) }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [fact],
          expects: [{ ...fact, is: group }],
        },
      ],
      changes: [{ about: 'groups', key: group, before: null, after: 'empty' }],
      undo: { action: 'group.delete', input: { group } },
    });
  },
  examples: [
    { say: 'create group developers', sends: ['POST /access/groups groupid=developers'] },
    { say: 'create group admins', sends: 'answer' },
    { say: 'create group auditors', sends: ['POST /access/groups groupid=auditors'] },
  ],
});

const groupFact = (group: string): ReturnType<typeof factAt> =>
  factAt(`group ${group}`, '/access/groups', [`[groupid=${group}]`, 'groupid'], null);

export const deleteGroup = action({
  id: 'group.delete',
  verb: 'delete the group',
  risk: 'destructive',
  say: ['(delete|remove|drop) (group|user group) {group}'],
  input: { group: { kind: 'word', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    const { group = '' } = input;
    const wrong = await groupRefusals(planning, [group]);
    if ((await ownGroups(planning)).includes(group))
      wrong.push({
        why: `${ownUser(planning)}, whom pxa runs as, is in group ${group}.`,
        next: 'Somebody else has to do that, in Proxmox itself.',
      });
    if (wrong.length > 0) return refused(...wrong);
    const members = (await usersNow(planning))
      .filter(({ groups }) => groups.includes(group))
      .map(({ userid }) => userid);
    const rights = (await aclNow(planning)).filter(({ type, who }) => type === 'group' && who === group);
    const fact = groupFact(group);
    const says = `Delete group ${group}`;
    return piece({
      says,
      steps: [
        {
          ...call('DELETE', '/access/groups/{groupid}', { groupid: group }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [{ ...fact, is: group }],
          expects: [fact],
        },
      ],
      warnings:
        members.length === 0 ? [] : [`Its members stay, without the rights of the group: ${members.join(', ')}.`],
      loses: [`group ${group}`, ...rights.map(({ role, path }) => `${role} of the group on ${path}`)],
      changes: [{ about: 'groups', key: group, before: members.join(', ') || 'empty', after: null }],
      confirm: group,
    });
  },
  examples: [
    { say: 'delete group operators', sends: ['DELETE /access/groups/operators'] },
    { say: 'delete group nobody', sends: 'clarification' },
    { say: 'delete group admins', sends: ['DELETE /access/groups/admins'] },
  ],
});
