import { builtinRoles } from '@pxa/pve/facts';
import type { AccessConfig, AccessGroup, AccessPool, AccessToken, AccessUser, AclEntry } from '../access.ts';
import { InvalidWorld, type Part } from './check.ts';

/** Users, groups, tokens, own roles, pools and ACL of a world; without any secret, as none can be read. */
export function loadAccess(world: Part): AccessConfig {
  const access = world.at('access');
  const users = access.at('users').list().map(user);
  if (!users.some(({ userid }) => userid === 'root@pam')) users.unshift({ userid: 'root@pam', enable: 1, expire: 0 });
  const builtIn = new Set(Object.keys(builtinRoles()));
  const own = access
    .at('roles')
    .list()
    .filter((part) => part.at('special').flag() !== 1 && !builtIn.has(part.at('roleid').text() ?? ''));
  return {
    users,
    groups: access.at('groups').list().map(group),
    tokens: tokens(access),
    roles: own.map((part) => ({ roleid: id(part, 'roleid'), privs: names(part.at('privs')) })),
    pools: world.at('pools').list().map(pool),
    acl: access.at('acl').list().map(aclEntry),
  };
}

function user(part: Part): AccessUser {
  const { tokens: _tokens, groups: _groups, ...rest } = part.row();
  const enable = part.at('enable').flag() ?? 1;
  return { ...rest, userid: id(part, 'userid'), enable, expire: part.at('expire').number() ?? 0 };
}

function group(part: Part): AccessGroup {
  const comment = part.at('comment').text();
  const users = names(part.at('users').absent ? part.at('members') : part.at('users'));
  return { groupid: id(part, 'groupid'), users, ...(comment === undefined ? {} : { comment }) };
}

/** Tokens stand with their users, or apart by user; each once. */
function tokens(access: Part): AccessToken[] {
  const found = new Map<string, AccessToken>();
  const add = (userid: string, part: Part): void => {
    const tokenid = `${userid}!${id(part, 'tokenid')}`;
    const privsep = part.at('privsep').flag() ?? 1;
    found.set(tokenid, { ...part.row(), tokenid, privsep, expire: part.at('expire').number() ?? 0 });
  };
  for (const part of access.at('users').list()) {
    for (const token of tokensOf(part)) add(id(part, 'userid'), token);
  }
  for (const [userid, list] of access.at('tokens').entries()) for (const token of list.list()) add(userid, token);
  return [...found.values()];
}

/** A single user's answer has an object by token id, the list of users a list. */
function tokensOf(user: Part): Part[] {
  return Array.isArray(user.at('tokens').value) ? user.at('tokens').list() : [];
}

function pool(part: Part): AccessPool {
  const members = part.at('members').list();
  const of = (...types: string[]): Part[] => members.filter((row) => types.includes(row.at('type').text() ?? ''));
  const comment = part.at('comment').text();
  return {
    poolid: id(part, 'poolid'),
    ...(comment === undefined ? {} : { comment }),
    vms: of('qemu', 'lxc', 'openvz').map((row) => row.at('vmid').number() ?? 0),
    storage: [...new Set(of('storage').map((row) => row.at('storage').text() ?? ''))],
  };
}

function aclEntry(part: Part): AclEntry {
  const type = id(part, 'type');
  if (type !== 'user' && type !== 'group' && type !== 'token') {
    throw new InvalidWorld(`${part.path}.type`, 'user, group or token');
  }
  const propagate = part.at('propagate').flag() ?? 1;
  return { path: id(part, 'path'), type, ugid: id(part, 'ugid'), roleid: id(part, 'roleid'), propagate };
}

/** A list of names, as a list or as "a,b". */
function names(part: Part): string[] {
  if (Array.isArray(part.value)) return part.list().map((name) => name.text() ?? '');
  return (part.text() ?? '').split(/[,; ]+/).filter((name) => name !== '');
}

function id(part: Part, key: string): string {
  const value = part.at(key).text();
  if (value === undefined) throw new InvalidWorld(`${part.path}.${key}`, 'a text');
  return value;
}
