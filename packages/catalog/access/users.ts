import { asFlag, asList, asText, asTime } from '@pxa/pve/values';
import {
  any,
  contains,
  type Cell,
  type ColumnDef,
  compare,
  dataset,
  type Draft,
  extracted,
  is,
  isUnknown,
  known,
  listOf,
  not,
  pointer,
  type Reading,
  type Rec,
  text,
  type Unknown,
  unknownCell,
} from '../kit/index.ts';
import { entriesOf, entryText, groupsOf, noted } from './entries.ts';
import { userFindings } from './findings.ts';

const base = (row: Draft): Rec | Unknown => row.recs['base'] ?? { unknown: 'the users were not read' };

async function rolesOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const user = base(row);
  if (isUnknown(user)) return user;
  const groups = await groupsOf(reading, user);
  if ('unknown' in groups) return groups;
  const id = String(user.data['userid']);
  const found = await entriesOf(reading, { id, type: 'user', groups: groups.groups });
  if ('unknown' in found) return found;
  const texts = found.entries.map(entryText);
  const places = found.entries.map(({ at }) => at);
  // Proxmox asks no list about root@pam (pve-access-control PVE/RPCEnvironment.pm, check).
  const root = id === 'root@pam' ? ['everything (root@pam)'] : [];
  return {
    data: { roles: [...root, ...texts], groups: groups.groups, groups_at: groups.at },
    at: [...(root.length > 0 ? [pointer(user.at, 'userid')] : []), ...(places.length > 0 ? places : [found.at])].join(
      ', ',
    ),
  };
}

/** The second factors of all users that have one; who is not in the list has none. */
async function tfaOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const got = await reading.list('/access/tfa', {});
  if (!got.ok) return { unknown: got.why };
  const id = row.id.slice('user/'.length);
  return got.data.find(({ data }) => data['userid'] === id) ?? { data: { entries: [] }, at: got.at };
}

const fromRoles = (label: string, key: 'roles' | 'groups', words: string): ColumnDef => ({
  label,
  type: 'list',
  unit: 'text',
  from: ['roles'],
  uses: [],
  words,
  read: (row): Cell => {
    const rec = row.recs['roles'];
    if (rec === undefined) return unknownCell('the access control list was not read');
    if (isUnknown(rec)) return unknownCell(rec.unknown);
    return {
      value: asList(rec.data[key]).length > 0 ? (rec.data[key] as string[]) : [],
      at: key === 'groups' ? String(rec.data['groups_at']) : rec.at,
    };
  },
});

const kinds = ({ data }: Rec): string[] =>
  Array.isArray(data['entries'])
    ? data['entries'].map((entry: unknown) => String((entry as Record<string, unknown>)['type']))
    : [];

function factors(row: Draft, give: (kinds: string[]) => Cell['value']): Cell {
  const rec = row.recs['tfa'];
  if (rec === undefined) return unknownCell('second factors were not read');
  if (isUnknown(rec)) return unknownCell(rec.unknown);
  const user = base(row);
  // Older entries (a shared Yubico or OATH key of the realm) stand with the user.
  const keys = isUnknown(user) ? [] : asList(user.data['keys']).filter((key) => key !== 'x');
  return { value: give([...kinds(rec), ...keys.map(() => 'key')]), at: rec.at };
}

/** People and services that may log in. */
export const users = dataset({
  id: 'users',
  title: 'Users',
  counted: 'count',
  entity: 'user',
  nouns: [
    { words: 'user|user account|proxmox user|login|account', title: 'Users' },
    { words: 'who (can|may|could) (log in|login|sign in)', where: is('enabled', true), title: 'Users' },
    { words: 'person|people', title: 'Users', weak: true },
  ],
  rows: noted(
    'users',
    listOf('/access/users', { full: true }, 'users', ({ data }) => `user/${String(data['userid'])}`),
  ),
  details: { roles: rolesOf, tfa: tfaOf },
  columns: {
    userid: text('USER', 'userid', { words: 'user id|userid|user name|username|name' }),
    enabled: extracted(
      'ENABLED',
      'flag',
      'yes_no',
      'base',
      (data) => ({ value: asFlag(data['enable']) ?? true, keys: ['enable'] }),
      {
        words: 'enabled',
        yes: 'enabled|active|not disabled',
        no: '(are|is)? (disabled|inactive|locked out|deactivated|switched off|turned off|not enabled|blocked)',
      },
    ),
    expire: extracted('EXPIRES', 'number', 'time', 'base', (data) => expiry(data), {
      words: 'expiry|expiration|expiry date|expiration date|valid until',
    }),
    full_name: extracted(
      'NAME',
      'text',
      'text',
      'base',
      (data) => ({
        value: [asText(data['firstname']), asText(data['lastname'])].filter(Boolean).join(' '),
        keys: ['firstname', 'lastname'],
      }),
      { words: 'full name|real name|first name|last name' },
    ),
    email: text('EMAIL', 'email', { words: 'email|mail|email address|mail address', absent: '' }),
    comment: text('COMMENT', 'comment', { words: 'comment|note', absent: '' }),
    realm: extracted(
      'REALM',
      'text',
      'text',
      'base',
      (data) => ({ value: String(data['userid']).split('@').at(-1) ?? null, keys: ['userid'] }),
      {
        words: 'realm|authentication realm|domain',
      },
    ),
    groups: fromRoles('GROUPS', 'groups', 'group|membership|user group'),
    roles: fromRoles('ROLES', 'roles', 'role|permission|privilege|right|access|access right|acl|acl entry'),
    tokens: extracted(
      'TOKENS',
      'list',
      'text',
      'base',
      (data) => ({
        value: Array.isArray(data['tokens'])
          ? data['tokens'].map((token: unknown) => String((token as Record<string, unknown>)['tokenid']))
          : [],
        keys: ['tokens'],
      }),
      { words: 'token|api token' },
    ),
    factors: {
      label: 'SECOND FACTORS',
      type: 'list',
      unit: 'text',
      from: ['tfa'],
      uses: [],
      words: 'second factor|tfa|2fa|mfa|two factor|totp',
      read: (row) => factors(row, (found) => found),
    },
    tfa: {
      label: '2FA',
      type: 'flag',
      unit: 'yes_no',
      from: ['tfa'],
      uses: [],
      yes: 'with (a)? second factor|with two factor authentication|with 2fa|with tfa|with mfa|using 2fa|using tfa|with totp|having 2fa|having tfa',
      no: 'without (a)? second factor|without two factor authentication|without 2fa|without tfa|without mfa|without totp|lacking 2fa',
      read: (row) => factors(row, (found) => found.length > 0),
    },
    locked: extracted(
      'TOTP LOCKED',
      'flag',
      'yes_no',
      'base',
      (data) => ({ value: asFlag(data['totp-locked']) ?? false, keys: ['totp-locked'] }),
      {
        yes: 'totp locked|locked by totp|with locked totp',
      },
    ),
  },
  identity: ['userid'],
  shown: ['userid', 'enabled', 'expire', 'full_name', 'email', 'groups', 'roles'],
  named: 'userid',
  scopes: { user: 'userid' },
  due: { column: 'expire', verbs: 'expire|run out|end|become invalid|lapse' },
  phrases: [
    {
      say: '(can|could|may) not (log|sign) in|(not able|unable|not allowed) to (log|sign) in|(can|may) not (login|logon)',
      where: is('enabled', false),
      not: is('enabled', true),
      focus: ['enabled'],
    },
    {
      say: '(can|could|may|able to|allowed to|permitted to) (log|sign) in|(can|may|able to|allowed to) (login|logon)',
      where: is('enabled', true),
      focus: ['enabled'],
    },
    {
      say: '(allowed|permitted|entitled|able|authorised|authorized) (to do)?|(what)? (may|can) do',
      focus: ['roles'],
    },
    {
      say: '(with|having) (an|a)? (expiry|expiration|end|expire)( date)?|limited in time|temporary',
      where: known('expire'),
      focus: ['expire'],
    },
    {
      say: 'admin|admins|administrator|administrators|(with|having) (the)? (administrator|admin) (role|rights|privileges|permissions)|with full (rights|access|permissions)',
      where: any(contains('roles', 'Administrator on'), contains('roles', 'everything')),
      focus: ['roles'],
    },
    {
      say: 'never expire|never expiring|without (an)? (expiry|expiration)( date)?|do not expire|not expiring',
      where: not(known('expire')),
      focus: ['expire'],
    },
    { say: 'expired', where: compare('expire', '<', { ago: 0 }), focus: ['expire'] },
    {
      say: 'with (an)? api token|with (a)? token|having (a)? token|with tokens',
      where: known('tokens'),
      focus: ['tokens'],
    },
    {
      say: 'without (any)? permissions|without (a)? role|without (any)? rights',
      where: not(known('roles')),
      focus: ['roles'],
    },
  ],
  order: [{ column: 'userid', dir: 'asc' }],
  findings: userFindings,
});

/** Proxmox writes 0 for "never". */
export function expiry(data: Readonly<Record<string, unknown>>): Cell | { value: number; keys: string[] } {
  const end = asTime(data['expire']);
  return end === null ? unknownCell('it does not expire') : { value: end, keys: ['expire'] };
}
