import type { AccessConfig } from '../access.ts';
import type { Row } from '../state/model.ts';
import { InvalidWorld, type Part } from './check.ts';

/** Users, groups, tokens, own roles, pools and ACL of a world; without any secret, as none can be read. */
export function loadAccess(world: Part): AccessConfig {
  const access = world.at('access');
  const config = {
    users: access.at('users').list().map(user),
    groups: access
      .at('groups')
      .list()
      .map((part) => ({
        ...part.row(),
        groupid: id(part, 'groupid'),
        users: names(part.at('users')),
      })),
    tokens: tokens(access),
    roles: access
      .at('roles')
      .list()
      .filter((part) => part.at('special').flag() !== 1)
      .map((part) => ({ roleid: id(part, 'roleid'), privs: names(part.at('privs')) })),
    pools: world.at('pools').list().map(pool),
    acl: access
      .at('acl')
      .list()
      .map((part) => ({
        path: id(part, 'path'),
        type: id(part, 'type'),
        ugid: id(part, 'ugid'),
        roleid: id(part, 'roleid'),
        propagate: part.at('propagate').flag() ?? 1,
      })),
    domains: access.at('domains').rows(),
  };
  if (!config.users.some(({ userid }) => userid === 'root@pam')) {
    config.users.unshift({ userid: 'root@pam', enable: 1, expire: 0 });
  }
  return config as AccessConfig; // `type` of an ACL row is a plain text here; access.ts ignores words it does not know
}

function user(part: Part): Row & { userid: string; enable: 0 | 1; expire: number } {
  const { tokens: _tokens, groups: _groups, ...rest } = part.row();
  const { expire } = { expire: part.at('expire').number() ?? 0 };
  return { ...rest, userid: id(part, 'userid'), enable: part.at('enable').flag() ?? 1, expire };
}

/** Tokens stand with their users, or apart by user; each once. */
function tokens(access: Part): (Row & { tokenid: string; privsep: 0 | 1; expire: number })[] {
  const found = new Map<string, Row & { tokenid: string; privsep: 0 | 1; expire: number }>();
  const add = (userid: string, part: Part): void => {
    const tokenid = `${userid}!${id(part, 'tokenid')}`;
    const privsep = part.at('privsep').flag() ?? 1;
    found.set(tokenid, { ...part.row(), tokenid, privsep, expire: part.at('expire').number() ?? 0 });
  };
  for (const part of access.at('users').list()) {
    for (const token of part.at('tokens').list()) add(id(part, 'userid'), token);
  }
  for (const [userid, list] of access.at('tokens').entries()) for (const token of list.list()) add(userid, token);
  return [...found.values()];
}

function pool(part: Part): Row {
  const members = part.at('members').list();
  const of = (...types: string[]): Part[] => members.filter((row) => types.includes(row.at('type').text() ?? ''));
  return {
    poolid: id(part, 'poolid'),
    vms: of('qemu', 'lxc', 'openvz').map((row) => String(row.at('vmid').number() ?? '')),
    storage: [...new Set(of('storage').map((row) => row.at('storage').text() ?? ''))],
  };
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
