import {
  action,
  already,
  anyNode,
  call,
  needed,
  piece,
  type Planned,
  type Planning,
  type Refusal,
  refused,
} from '../kit/index.ts';
import { dateText, groupRefusals, userFact, usersNow } from './access-now.ts';

const user = { kind: 'user', say: [] } as const;

/** The realms that there are; a user is of one of them. */
async function realmRefusals(planning: Planning, userid: string): Promise<Refusal[]> {
  const realm = userid.slice(userid.lastIndexOf('@') + 1);
  const list = needed(await planning.list('/access/domains', {}), 'The realms').map(({ data }) =>
    String(data['realm']),
  );
  return list.includes(realm)
    ? []
    : [
        {
          why: `There is no realm ${realm}.`,
          next: `Realms: ${list.join(', ')}. Say it as NAME@${list.at(-1) ?? 'pve'}.`,
        },
      ];
}

export const createUser = action({
  id: 'user.create',
  verb: 'create the user',
  risk: 'change',
  say: [
    '(create|add|make|invite) [new] (user|account) [called|named] {user} {*}',
    '(create|add|make) [new] (user|account) [called|named] {name} {*}',
  ],
  input: {
    user,
    name: { kind: 'name', say: [] },
    groups: { kind: 'words', say: ['(in|to|into) (group|groups) {}', 'as member of {}'] },
    expires: {
      kind: 'duration',
      say: ['(expiring|that expires|which expires|expires) (in|after) {}', '(valid|good) for {}', 'for {}'],
    },
    email: { kind: 'word', say: ['[with|and] (email|mail|e-mail) {}'] },
    comment: { kind: 'text', say: ['[with|and] (comment|note) {}'] },
  },
  async plan(planning, { input }): Promise<Planned> {
    const { user: userid, name, groups = [], expires, email, comment } = input;
    if (name !== undefined && (/[\s:/]/.test(name) || name.includes('@')))
      return refused({
        why: `“${name}” is no name of a user: no blanks, no : and no /, and one realm after an @.`,
        next: 'Say it as NAME@pve.',
      });
    if (userid === undefined)
      return refused({
        why: `“${name ?? ''}” names no realm.`,
        next: `Say it as ${name ?? 'NAME'}@pve, or @pam for a user of the system.`,
        say: `create user ${name ?? 'NAME'}@pve`,
      });
    const known = (await usersNow(planning)).some((each) => each.userid === userid);
    if (known) return already(`There is a user ${userid}.`);
    const wrong = [...(await realmRefusals(planning, userid)), ...(await groupRefusals(planning, groups))];
    if (wrong.length > 0) return refused(...wrong);
    const expire = expires === undefined ? undefined : Math.round(planning.now + expires);
    const says = `Create user ${userid}`;
    const sent = {
      userid,
      ...(groups.length === 0 ? {} : { groups: groups.join(',') }),
      ...(expire === undefined ? {} : { expire }),
      ...(email === undefined ? {} : { email }),
      ...(comment === undefined ? {} : { comment }),
    };
    return piece({
      says,
      steps: [
        {
          ...call('POST', '/access/users', sent, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [userFact(userid, 'userid', null)],
          expects: [userFact(userid, 'userid', userid)],
        },
      ],
      assumptions: [
        ...(userid.endsWith('@pve')
          ? [
              'Without a password: it is set in Proxmox (Datacenter, Users), so that it passes through nobody else’s hands',
            ]
          : []),
        ...(expire === undefined ? ['It never expires'] : [`It expires on ${dateText(expire)}`]),
        ...(groups.length === 0 ? ['It has no rights until it is given a role'] : []),
      ],
      changes: [
        {
          about: 'users',
          key: userid,
          before: null,
          after: groups.length === 0 ? 'no group' : `in ${groups.join(', ')}`,
        },
      ],
      undo: { action: 'user.delete', input: { user: userid } },
    });
  },
  examples: [
    {
      say: 'create user carol@pve in group operators',
      sends: ['POST /access/users userid=carol@pve groups=operators'],
    },
    { say: 'create user carol@pve expiring in 30 days', sends: ['POST /access/users userid=carol@pve'] },
    { say: 'create user anna@pve', sends: 'answer' },
    { say: 'create user carol', sends: 'clarification' },
    { say: 'create user carol@nowhere', sends: 'clarification' },
  ],
});
