import { asList } from '@pxa/pve/values';
import { noted } from './entries.ts';
import { dataset, draft, extracted, flag, given, list, listOf, pointer, type RowsReader, text } from '../kit/index.ts';

/** Groups of users. */
export const groups = dataset({
  id: 'groups',
  title: 'Groups',
  counted: 'count',
  nouns: [
    { words: 'user group|access group|permission group', title: 'Groups' },
    { words: 'group', title: 'Groups', weak: true },
  ],
  rows: listOf('/access/groups', {}, 'groups', ({ data }) => `group/${String(data['groupid'])}`),
  columns: {
    groupid: text('GROUP', 'groupid', { words: 'name|group id|group' }),
    users: list('MEMBERS', 'users', { words: 'member|user', absent: [], names: 'user' }),
    members: extracted(
      'MEMBER COUNT',
      'number',
      'count',
      'base',
      (data) => ({ value: asList(data['users']).length, keys: ['users'] }),
      {
        words: 'member count|number of members|size',
      },
    ),
    comment: text('COMMENT', 'comment', { words: 'comment|note', absent: '' }),
  },
  identity: ['groupid'],
  shown: ['groupid', 'users', 'comment'],
  named: 'groupid',
  scopes: { user: 'users' },
  phrases: [
    { say: 'empty|without members|without users', where: { op: 'compare', column: 'members', is: '=', value: 0 } },
  ],
  order: [{ column: 'groupid', dir: 'asc' }],
});

/** Roles: named sets of privileges. */
export const roles = dataset({
  id: 'roles',
  title: 'Roles',
  counted: 'count',
  nouns: [
    { words: 'role|access role|permission role', title: 'Roles' },
    {
      words: 'custom role|own role',
      where: { op: 'compare', column: 'builtin', is: '=', value: false },
      title: 'Roles',
    },
    {
      words: 'built in role|builtin role|predefined role',
      where: { op: 'compare', column: 'builtin', is: '=', value: true },
      title: 'Roles',
    },
  ],
  rows: listOf('/access/roles', {}, 'roles', ({ data }) => `role/${String(data['roleid'])}`),
  columns: {
    roleid: text('ROLE', 'roleid', { words: 'name|role id|role' }),
    builtin: flag('BUILT IN', 'special', {
      absent: false,
      words: 'built in',
      yes: 'built in|builtin|predefined',
      no: 'custom|self made|user defined',
    }),
    privs: list('PRIVILEGES', 'privs', { words: 'privilege|permission|right', absent: [] }),
  },
  identity: ['roleid'],
  shown: ['roleid', 'builtin', 'privs'],
  named: 'roleid',
  order: [{ column: 'roleid', dir: 'asc' }],
});

/** The lines of the access control list. */
export const acl = dataset({
  id: 'acl',
  title: 'Access control list',
  counted: 'count',
  nouns: [
    {
      words:
        'acl|acl entry|access control list|access control entry|permission entry|granted permission|role assignment',
      title: 'Access control list',
    },
  ],
  rows: noted(
    'access control entries',
    listOf('/access/acl', {}, 'the access control list', ({ data }) => {
      const { path, type, ugid, roleid } = data;
      return `acl${String(path)}#${String(type)}/${String(ugid)}/${String(roleid)}`;
    }),
  ),
  columns: {
    path: text('PATH', 'path', { words: 'path|object' }),
    type: text('TYPE', 'type', { words: 'type', values: { user: 'user', group: 'group', token: 'token' } }),
    who: text('WHO', 'ugid', { words: 'who|user|group|token|holder', names: 'user' }),
    role: text('ROLE', 'roleid', { words: 'role' }),
    propagate: flag('PROPAGATES', 'propagate', {
      absent: true,
      words: 'propagate',
      yes: 'propagating|inherited',
      no: 'not propagating',
    }),
  },
  identity: ['path', 'who', 'role'],
  shown: ['path', 'type', 'who', 'role', 'propagate'],
  scopes: { user: 'who' },
  order: [
    { column: 'path', dir: 'asc' },
    { column: 'who', dir: 'asc' },
  ],
});

/** Where users are checked: PAM, Proxmox's own, LDAP, AD, OpenID. */
export const realms = dataset({
  id: 'realms',
  title: 'Authentication realms',
  counted: 'count',
  nouns: [
    {
      words: 'realm|authentication realm|auth realm|authentication domain|login realm',
      title: 'Authentication realms',
    },
  ],
  rows: listOf('/access/domains', {}, 'realms', ({ data }) => `realm/${String(data['realm'])}`),
  columns: {
    realm: text('REALM', 'realm', { words: 'name|realm' }),
    type: text('TYPE', 'type', {
      words: 'type|kind',
      values: { pam: 'pam', pve: 'pve', ldap: 'ldap', ad: 'ad|active directory', openid: 'openid|oidc|sso' },
    }),
    default: flag('DEFAULT', 'default', { absent: false, yes: 'default' }),
    tfa: text('2FA', 'tfa', { words: 'second factor|tfa|2fa', absent: 'none' }),
    comment: text('COMMENT', 'comment', { words: 'comment|note', absent: '' }),
  },
  identity: ['realm'],
  shown: ['realm', 'type', 'default', 'tfa', 'comment'],
  named: 'realm',
  order: [{ column: 'realm', dir: 'asc' }],
});

/** Effective privileges by path: those of the token that asks, or of the user that was named. */
const permissionRows: RowsReader = async (reading) => {
  const asked = reading.only('user');
  const users = asked?.map(String) ?? [undefined];
  const lists = await reading.each(users, async (userid) => {
    const got = await reading.read('/access/permissions', userid === undefined ? {} : { userid });
    if (!got.ok) {
      reading.lacks(`permissions${userid === undefined ? '' : ` of ${userid}`}`, got.why, got.nextStep);
      return [];
    }
    return Object.entries(got.data as Record<string, unknown>).map(([path, privs]) => {
      const at = pointer(got.at, path);
      const names = Object.keys((privs ?? {}) as Record<string, unknown>).sort();
      return draft(
        `permission/${userid === undefined ? '' : `${userid}/`}${path}`,
        { data: { path }, at },
        {
          path: { value: path, at },
          privs: { value: names, at },
          count: { value: names.length, at: `count of ${at}` },
          user: { value: userid ?? 'this token', at },
        },
      );
    });
  });
  return lists.flat();
};

export const permissions = dataset({
  id: 'permissions',
  title: 'Effective permissions',
  counted: 'count',
  nouns: [
    {
      words:
        'own permission|my permission|my privilege|own privilege|my right|effective permission|effective privilege|token permission|permission of this token|permission of my token|permission of the token|what i may do|what am i allowed to do|what may i do',
      title: 'Effective permissions',
    },
  ],
  rows: permissionRows,
  columns: {
    path: given('PATH', 'path', 'text', 'text', { words: 'path' }),
    privs: given('PRIVILEGES', 'privs', 'list', 'text', { words: 'privilege|permission|right' }),
    count: given('COUNT', 'count', 'number', 'count'),
    user: given('USER', 'user', 'text', 'text', { names: 'user' }),
  },
  identity: ['path'],
  shown: ['path', 'privs'],
  scopes: { user: 'user' },
  order: [{ column: 'path', dir: 'asc' }],
});
