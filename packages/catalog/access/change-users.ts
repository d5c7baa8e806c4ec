import { action, already, anyNode, call, factAt, piece, type Planned, type Planning, refused } from '../kit/index.ts';
import { aclNow, dateText, groupRefusals, selfRefusals, userFact, type UserNow, userNow } from './access-now.ts';

const user = { kind: 'user', say: [] } as const;

async function update(
  planning: Planning,
  of: UserNow,
  to: {
    sent: { enable?: boolean; expire?: number; groups?: string };
    says: string;
    key: string;
    before: string;
    after: string;
    warnings?: readonly string[];
  },
): Promise<Planned> {
  const { userid } = of;
  const { enable, expire, groups } = to.sent;
  const groupFact = (list: readonly string[]): ReturnType<typeof factAt> =>
    factAt(`groups of user ${userid}`, `/access/users/${userid}`, ['groups'], list.join(','));
  return piece({
    says: to.says,
    risk: enable === false ? 'disruptive' : 'change',
    steps: [
      {
        ...call('PUT', '/access/users/{userid}', { userid, ...to.sent }, to.says),
        node: await anyNode(planning),
        limitSeconds: 60,
        relies: [userFact(userid, 'userid', userid)],
        expects: [
          ...(enable === undefined ? [] : [userFact(userid, 'enable', enable ? 1 : 0)]),
          ...(expire === undefined ? [] : [userFact(userid, 'expire', expire)]),
          ...(groups === undefined ? [] : [groupFact(groups.split(',').filter(Boolean))]),
        ],
      },
    ],
    warnings: to.warnings ?? [],
    changes: [{ about: `user ${userid}`, key: to.key, before: to.before, after: to.after }],
  });
}

export const switchUser = action({
  id: 'user.switch',
  verb: 'switch the user',
  risk: 'disruptive',
  say: ['{wanted} [user|account] {user}', '{wanted} account of {user}'],
  input: {
    wanted: {
      kind: 'choice',
      say: [],
      values: {
        on: 'enable|activate|reactivate|unblock|re-enable|reenable|unlock|re-activate',
        off: 'disable|deactivate|block|suspend|lock',
      },
    },
    user,
  },
  async plan(planning, { input }): Promise<Planned> {
    const of = await userNow(planning, input.user ?? '');
    const on = input.wanted === 'on';
    if (of.enabled === on) return already(`User ${of.userid} is ${on ? 'enabled' : 'disabled'}.`);
    const own = on ? [] : selfRefusals(planning, of.userid, 'lock itself out');
    if (own.length > 0) return refused(...own);
    const tokens = of.tokens.length === 0 ? '' : ` and its ${of.tokens.length} tokens`;
    return update(planning, of, {
      sent: { enable: on },
      says: `${on ? 'Enable' : 'Disable'} user ${of.userid}`,
      key: 'enabled',
      before: on ? 'no' : 'yes',
      after: on ? 'yes' : 'no',
      warnings: on
        ? [`It has again what rights it was given${tokens === '' ? '' : ', its tokens too'}.`]
        : [`It${tokens} can do nothing any more, from the next request on.`],
    });
  },
  examples: [
    { say: 'enable user trainee@pve', sends: ['PUT /access/users/trainee@pve enable=1'] },
    { say: 'disable user ben@pve', sends: ['PUT /access/users/ben@pve enable=0'] },
    { say: 'disable user root@pam', sends: 'clarification' },
    { say: 'enable user nobody@pve', sends: 'clarification' },
  ],
});

export const expireUser = action({
  id: 'user.expire',
  verb: 'set the expiry of the user',
  risk: 'change',
  say: [
    '(let|make) [user|account] {user} expire (in|after) {expires}',
    '(set|change) (expiry|expiration|expiry date) of [user|account] {user} to {expires}',
    '(let|make) [user|account] {user} {never}',
    'remove (expiry|expiration|expiry date) of [user|account] {user}',
  ],
  input: {
    user,
    expires: { kind: 'duration', say: [] },
    never: { kind: 'choice', say: [], values: { yes: 'never expire|not expire' } },
  },
  async plan(planning, { input }): Promise<Planned> {
    const of = await userNow(planning, input.user ?? '');
    const { expires } = input;
    if (expires !== undefined && expires <= 0)
      return refused({
        why: 'That time has gone by.',
        next: `To lock it: “disable user ${of.userid}”.`,
        say: `disable user ${of.userid}`,
      });
    const own = expires === undefined ? [] : selfRefusals(planning, of.userid, 'lock itself out');
    if (own.length > 0) return refused(...own);
    const expire = expires === undefined ? 0 : Math.round(planning.now + expires);
    if (expire === of.expire) return already(`User ${of.userid} expires ${dateText(expire)}.`);
    return update(planning, of, {
      sent: { expire },
      says: `Let user ${of.userid} expire ${expire === 0 ? 'never' : `on ${dateText(expire)}`}`,
      key: 'expires',
      before: dateText(of.expire),
      after: dateText(expire),
    });
  },
  examples: [
    { say: 'let user ben@pve expire in 30 days', sends: ['PUT /access/users/ben@pve'] },
    { say: 'let user auditor@pve never expire', sends: ['PUT /access/users/auditor@pve expire=0'] },
    { say: 'let user nobody@pve expire in 30 days', sends: 'clarification' },
  ],
});

export const userGroups = action({
  id: 'user.groups',
  verb: 'change the groups of the user',
  risk: 'change',
  say: [
    '(add|put) [user] {user} (to|into|in) group {add}',
    '(remove|take|drop) [user] {user} (from|out of) group {drop}',
  ],
  input: { user, add: { kind: 'word', say: [] }, drop: { kind: 'word', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    const of = await userNow(planning, input.user ?? '');
    const { add, drop } = input;
    const group = add ?? drop ?? '';
    const wrong = [
      ...(await groupRefusals(planning, [group])),
      ...(add === undefined ? [] : selfRefusals(planning, of.userid, 'give itself rights')),
    ];
    if (wrong.length > 0) return refused(...wrong);
    const after = add === undefined ? of.groups.filter((each) => each !== drop) : [...new Set([...of.groups, add])];
    if (after.length === of.groups.length)
      return already(`User ${of.userid} is ${add === undefined ? 'not ' : ''}in group ${group}.`);
    const rights = (await aclNow(planning)).filter(({ type, who }) => type === 'group' && who === group);
    const text = rights.map(({ path, role }) => `${role} on ${path}`).join(', ') || 'nothing as yet';
    return update(planning, of, {
      sent: { groups: after.join(',') },
      says: `${add === undefined ? `Take user ${of.userid} out of` : `Put user ${of.userid} into`} group ${group}`,
      key: 'groups',
      before: of.groups.join(', ') || 'none',
      after: after.join(', ') || 'none',
      warnings: [`It ${add === undefined ? 'loses' : 'gets'} the rights of the group: ${text}.`],
    });
  },
  examples: [
    { say: 'add user ben@pve to group admins', sends: ['PUT /access/users/ben@pve groups=operators,admins'] },
    { say: 'remove user ben@pve from group operators', sends: ['PUT /access/users/ben@pve groups='] },
    { say: 'add user root@pam to group admins', sends: 'clarification' },
    { say: 'add user anna@pve to group admins', sends: 'answer' },
  ],
});

export const deleteUser = action({
  id: 'user.delete',
  verb: 'delete the user',
  risk: 'destructive',
  say: ['(delete|remove|drop) (user|account) {user}'],
  input: { user },
  async plan(planning, { input }): Promise<Planned> {
    const of = await userNow(planning, input.user ?? '');
    const { userid } = of;
    const own = selfRefusals(planning, userid, 'delete itself');
    if (userid === 'root@pam' && own.length === 0)
      own.push({ why: 'root@pam is the administrator of the system, and cannot go.', next: 'Name another.' });
    if (own.length > 0) return refused(...own);
    const rights = (await aclNow(planning)).filter(({ who }) => who === userid || who.startsWith(`${userid}!`));
    const says = `Delete user ${userid}`;
    return piece({
      says,
      steps: [
        {
          ...call('DELETE', '/access/users/{userid}', { userid }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [userFact(userid, 'userid', userid)],
          expects: [userFact(userid, 'userid', null)],
        },
      ],
      loses: [
        `user ${userid}`,
        ...of.tokens.map((token) => `token ${userid}!${token}: what uses it is shut out`),
        ...rights.map(({ who, role, path }) => `${role} of ${who} on ${path}`),
      ],
      changes: [{ about: 'users', key: userid, before: of.enabled ? 'enabled' : 'disabled', after: null }],
      confirm: userid,
    });
  },
  examples: [
    { say: 'delete user trainee@pve', sends: ['DELETE /access/users/trainee@pve'] },
    { say: 'delete user root@pam', sends: 'clarification' },
    { say: 'delete user nobody@pve', sends: 'clarification' },
  ],
});
