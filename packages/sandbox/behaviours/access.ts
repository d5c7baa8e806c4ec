import { createHash } from 'node:crypto';
import { builtinRoles } from '@pxa/pve/facts';
import { accessFor, isOn, type AccessToken, type AccessUser } from '../access.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import type { State } from '../state.ts';
import { findToken, findUser, groupsOf, tokensOf } from '../people.ts';

type Row = Record<string, unknown>;

const USER_FIELDS = ['firstname', 'lastname', 'email', 'comment', 'keys'];
const GROUP_READERS = ['User.Modify', 'Sys.Audit', 'Group.Allocate'];

/** Users, groups, roles, ACL, realms (pve-access-control API2/{AccessControl,User,Group,Role,ACL,Domains}.pm). */
export const accessBehaviours: Behaviours = {
  'GET /access': () =>
    ['users', 'groups', 'roles', 'acl', 'domains', 'openid', 'tfa', 'permissions', 'ticket', 'password'].map(
      (subdir) => ({
        subdir,
      }),
    ),

  'GET /access/users': (call) => {
    const { params, state } = call;
    const mayRead = mayReadUsers(call, ['User.Modify', 'Sys.Audit']);
    return byKey(state.access.users, ({ userid }) => userid)
      .filter(({ userid }) => mayRead(userid))
      .map((user) => listedUser(call, user, isSet(params['full'])))
      .filter((row) => params['enabled'] === undefined || (row['enable'] === 1) === isSet(params['enabled']));
  },

  'GET /access/users/{userid}': (call) => {
    const user = knownUser(call);
    const tokens = tokensOf(call.state.access, user.userid);
    return {
      ...userFields(user),
      groups: groupsOf(call.state.access, user.userid)
        .map(({ groupid }) => groupid)
        .sort(),
      ...(tokens.length > 0 && {
        tokens: Object.fromEntries(tokens.map((token) => [shortId(token), tokenInfo(token)])),
      }),
    };
  },

  'GET /access/users/{userid}/token': (call) => listedTokens(tokensOf(call.state.access, knownUser(call).userid)),

  'GET /access/users/{userid}/token/{tokenid}': (call) => {
    const { userid } = knownUser(call);
    const tokenid = String(call.params['tokenid']);
    const token = findToken(call.state.access, `${userid}!${tokenid}`);
    if (!token) throw new PveError(500, `no such token '${tokenid}' for user '${userid}'\n`);
    return tokenInfo(token);
  },

  'GET /access/groups': ({ access, state }) =>
    byKey(state.access.groups, ({ groupid }) => groupid)
      .filter(({ groupid }) => access.canAny(`/access/groups/${groupid}`, GROUP_READERS))
      .map(({ groupid, users, comment }) => ({
        groupid,
        ...(comment !== undefined && { comment }),
        users: users.toSorted().join(','),
      })),

  'GET /access/groups/{groupid}': ({ params, state }) => {
    const group = state.access.groups.find(({ groupid }) => groupid === params['groupid']);
    if (!group) throw new PveError(500, `group '${String(params['groupid'])}' does not exist\n`);
    return { members: group.users.toSorted(), ...(group.comment !== undefined && { comment: group.comment }) };
  },

  'GET /access/roles': ({ state }) =>
    byKey(allRoles(state.access.roles), ([roleid]) => roleid).map(([roleid, privs]) => ({
      roleid,
      privs: privs.toSorted().join(','),
      special: roleid in builtinRoles() ? 1 : 0,
    })),

  'GET /access/roles/{roleid}': ({ params, state }) => {
    const privs = new Map(allRoles(state.access.roles)).get(String(params['roleid']));
    if (!privs) throw new PveError(500, `role '${String(params['roleid'])}' does not exist\n`);
    return Object.fromEntries(privs.map((privilege) => [privilege, 1]));
  },

  'GET /access/acl': ({ access, state }) =>
    byKey(state.access.acl, ({ path }) => path)
      .filter(({ path }) => access.check(['perm-modify', '{path}'], { path }).ok)
      .map(({ path, type, ugid, roleid, propagate }) => {
        return { path, type, ugid, roleid, propagate: isOn(propagate, { otherwise: true }) ? 1 : 0 };
      }),

  'GET /access/domains': ({ state }) =>
    realms(state).map(({ realm, type, comment, default: preferred, tfa }) => ({
      realm,
      type,
      ...(comment !== undefined && { comment }),
      ...(isSet(preferred) && { default: 1 }),
      ...(tfa !== undefined && { tfa }),
    })),

  'GET /access/domains/{realm}': ({ params, state }) => {
    const found = realms(state).find(({ realm }) => realm === params['realm']);
    if (!found) throw new PveError(500, `domain '${String(params['realm'])}' does not exist\n`);
    const { realm: _realm, ...config } = found;
    return {
      ...config,
      digest: createHash('sha1')
        .update(JSON.stringify(realms(state)))
        .digest('hex'),
    };
  },

  'GET /access/openid': () => [{ subdir: 'auth-url' }, { subdir: 'login' }],

  'GET /access/permissions': permissions,
};

/** One's own, one's own token's, and with Sys.Audit on /access anybody's. */
function permissions({ params, caller, access, state }: Call): unknown {
  const asked = params['userid'] === undefined ? caller.authid : String(params['userid']);
  const own = asked === caller.authid || asked.startsWith(`${caller.authid}!`);
  if (!own && !access.can('/access', 'Sys.Audit')) {
    throw new PveError(403, 'Permission check failed (/access, Sys.Audit)\n');
  }
  const theirs = asked === caller.authid ? access : accessFor(state.access, asked);
  const path = params['path'];
  return path === undefined ? theirs.paths() : { [String(path)]: theirs.privileges(String(path)) };
}

/** Which users the caller may read: all with a privilege on /access/groups, else members of groups that allow it, and oneself. */
export function mayReadUsers({ access, caller, state }: Call, privs: readonly string[]): (userid: string) => boolean {
  if (access.canAny('/access/groups', privs)) return () => true;
  const groups = state.access.groups.filter(({ groupid }) => access.canAny(`/access/groups/${groupid}`, privs));
  const allowed = new Set(groups.flatMap(({ users }) => users));
  return (userid) => userid === caller.authid || allowed.has(userid);
}

function knownUser({ params, state }: Call): AccessUser {
  const userid = String(params['userid']);
  const user = findUser(state.access, userid);
  if (!user) throw new PveError(500, `no such user ('${userid}')\n`);
  return user;
}

function userFields(user: AccessUser): Row {
  const row: Row = { enable: isOn(user.enable, { otherwise: true }) ? 1 : 0, expire: Number(user.expire ?? 0) };
  for (const field of USER_FIELDS) if (user[field] !== undefined && user[field] !== '') row[field] = user[field];
  return row;
}

function listedUser({ state }: Call, user: AccessUser, full: boolean): Row {
  const { userid } = user;
  const type = realms(state).find(({ realm }) => userid.endsWith(`@${String(realm)}`))?.type;
  const names = groupsOf(state.access, userid).map(({ groupid }) => groupid);
  return {
    userid,
    ...userFields(user),
    ...(type !== undefined && { 'realm-type': type }),
    ...(full && { groups: names.sort().join(','), tokens: listedTokens(tokensOf(state.access, userid)) }),
  };
}

function listedTokens(tokens: AccessToken[]): Row[] {
  return byKey(
    tokens.map((token) => ({ tokenid: shortId(token), ...tokenInfo(token) })),
    ({ tokenid }) => tokenid,
  );
}

function shortId({ tokenid }: AccessToken): string {
  return tokenid.slice(tokenid.indexOf('!') + 1);
}

function tokenInfo({ privsep, expire, comment }: AccessToken): Row {
  return {
    privsep: isOn(privsep, { otherwise: true }) ? 1 : 0,
    expire: Number(expire ?? 0),
    ...(comment !== undefined && comment !== '' && { comment }),
  };
}

function allRoles(own: readonly { roleid: string; privs: string[] }[]): [string, readonly string[]][] {
  return [...Object.entries(builtinRoles()), ...own.map(({ roleid, privs }): [string, string[]] => [roleid, privs])];
}

/** Realms: those of the world, else the two that every installation has. */
function realms({ domains }: State): Row[] {
  if (domains.length > 0) return domains;
  return [
    { realm: 'pam', type: 'pam', comment: 'Linux PAM standard authentication' },
    { realm: 'pve', type: 'pve', comment: 'Proxmox VE authentication server' },
  ];
}

function byKey<T>(rows: readonly T[], key: (row: T) => string): T[] {
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function isSet(value: unknown): boolean {
  return value === true || value === 1 || value === '1';
}
