import { asFlag } from '@pxa/pve/values';
import {
  compare,
  dataset,
  draft,
  type Draft,
  extracted,
  given,
  is,
  isUnknown,
  known,
  not,
  pointer,
  type Reading,
  type Rec,
  type RowsReader,
  text,
  type Unknown,
  unknownCell,
} from '../kit/index.ts';
import { entriesOf, entryText, nameHiddenAccess } from './entries.ts';
import { tokenFindings } from './findings.ts';
import { expiry } from './users.ts';

/** Tokens stand in their users' records: one call for all. */
const rows: RowsReader = async (reading) => {
  const got = await reading.list('/access/users', { full: true });
  if (!got.ok) {
    reading.lacks('tokens', got.why, got.nextStep);
    return [];
  }
  await nameHiddenAccess(reading, 'tokens');
  return got.data.flatMap((user) => {
    const tokens: readonly unknown[] = Array.isArray(user.data['tokens']) ? user.data['tokens'] : [];
    return tokens.flatMap((token, index): Draft[] => {
      if (typeof token !== 'object' || token === null) return [];
      const userid = String(user.data['userid']);
      // The check above leaves records only.
      const rec: Rec = { data: token as Record<string, unknown>, at: pointer(user.at, 'tokens', index) };
      const full = `${userid}!${String(rec.data['tokenid'])}`;
      const at = `${pointer(user.at, 'userid')}, ${pointer(rec.at, 'tokenid')}`;
      return [
        draft(`token/${full}`, rec, {
          token: { value: full, at },
          owner: { value: userid, at: pointer(user.at, 'userid') },
          user: { value: [userid, full], at },
        }),
      ];
    });
  });
};

async function rolesOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const found = await entriesOf(reading, { id: row.id.slice('token/'.length), type: 'token', groups: [] });
  if ('unknown' in found) return found;
  return {
    data: { roles: found.entries.map(entryText) },
    at: found.entries.length > 0 ? found.entries.map(({ at }) => at).join(', ') : found.at,
  };
}

/** Keys by which programs use the API in a user's name. */
export const tokens = dataset({
  id: 'tokens',
  title: 'API tokens',
  counted: 'count',
  nouns: [{ words: 'api token|token|api key|access token', title: 'API tokens' }],
  rows,
  details: { roles: rolesOf },
  columns: {
    token: given('TOKEN', 'token', 'text', 'text', { words: 'token|token id|name|id' }),
    owner: given('USER', 'owner', 'text', 'text', { words: 'user|owner' }),
    // "Tokens of anna@pve" names the user, "the token anna@pve!ci" the token.
    user: given('USER OR TOKEN', 'user', 'list', 'text', { names: 'user' }),
    tokenid: text('TOKEN ID', 'tokenid', { words: 'token name' }),
    privsep: extracted(
      'PRIVILEGE SEPARATION',
      'flag',
      'yes_no',
      'base',
      (data) => ({ value: asFlag(data['privsep']) ?? true, keys: ['privsep'] }),
      {
        words: 'privilege separation|privsep',
        yes: 'with privilege separation|privilege separated|with privsep|with separated privileges|separated',
        no: 'without privilege separation|without privsep|with full privileges|with all privileges of (its|their) user|not privilege separated|with full rights',
      },
    ),
    expire: extracted('EXPIRES', 'number', 'time', 'base', (data) => expiry(data), {
      words: 'expiry|expiration|expiry date|expiration date|valid until',
    }),
    roles: {
      label: 'ROLES',
      type: 'list',
      unit: 'text',
      from: ['roles'],
      uses: ['privsep'],
      words: 'role|permission|privilege|right|access|access right',
      read: (row, cell) => {
        const privsep = cell('privsep');
        if (privsep.value === false) return { value: ['those of its user'], at: privsep.at };
        const rec = row.recs['roles'];
        if (rec === undefined) return unknownCell('the access control list was not read');
        if (isUnknown(rec)) return unknownCell(rec.unknown);
        // Made by rolesOf above.
        return { value: rec.data['roles'] as string[], at: rec.at };
      },
    },
    comment: text('COMMENT', 'comment', { words: 'comment|note', absent: '' }),
  },
  identity: ['token'],
  shown: ['token', 'privsep', 'expire', 'roles', 'comment'],
  named: 'token',
  scopes: { user: 'user' },
  form: { column: 'token', pattern: /^[^\s!]+@[^\s!]+![\w.-]+$/ },
  due: { column: 'expire', verbs: 'expire|run out|end|become invalid|lapse' },
  phrases: [
    {
      say: '(with|having) (an|a)? (expiry|expiration|end)( date)?',
      where: known('expire'),
      focus: ['expire'],
    },
    {
      say: 'never expire|never expiring|without (an)? (expiry|expiration)( date)?|do not expire|not expiring',
      where: not(known('expire')),
      focus: ['expire'],
    },
    { say: 'expired', where: compare('expire', '<', { ago: 0 }), focus: ['expire'] },
    { say: 'of root|of root@pam|owned by root', where: is('user', 'root@pam') },
  ],
  order: [{ column: 'token', dir: 'asc' }],
  findings: tokenFindings,
});
