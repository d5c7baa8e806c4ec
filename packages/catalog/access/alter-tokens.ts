import {
  action,
  already,
  anyNode,
  call,
  needed,
  piece,
  type Piece,
  type Planned,
  type Planning,
  refused,
} from '../kit/index.ts';
import { aclNow, dateText, ownUser, selfRefusals } from './access-now.ts';
import { tokenFact, tokenInput, tokenNow, type TokenNow, tokenSaid } from './token-now.ts';

const nouns = '[api] (token|key)';
/** A token after a word: `token ben@pve!deploy`, `the token deploy of ben@pve`. */
const one = (before: string, after: string): string[] => [
  `${before} ${nouns} {full} ${after}`,
  `${before} ${nouns} {name} (of|for) [user] {user} ${after}`,
];

interface Sent {
  readonly expire?: number;
  readonly comment?: string;
  readonly privsep?: boolean;
}

async function change(
  planning: Planning,
  token: TokenNow,
  sent: Sent,
  of: { says: string; warnings?: string[]; undo?: Piece['undo'] },
): Promise<Planned> {
  const { userid, tokenid, full } = token;
  const before = { expire: token.expire, comment: token.comment, privsep: token.separated };
  const keys = (Object.keys(sent) as (keyof Sent)[]).filter((key) => sent[key] !== before[key]);
  if (keys.length === 0) return already(`Token ${full} is so already.`);
  const shown = (key: keyof Sent, of: Sent): string =>
    key === 'expire'
      ? dateText(of.expire ?? 0)
      : key === 'privsep'
        ? of.privsep === true
          ? 'on'
          : 'off'
        : (of.comment ?? '');
  const factOf = (key: keyof Sent, values: Sent): ReturnType<typeof tokenFact> => {
    const value = values[key];
    // What is not set is not told.
    if (value === '' || value === 0) return tokenFact(userid, tokenid, value === 0 ? 0 : null, key);
    return tokenFact(userid, tokenid, typeof value === 'boolean' ? Number(value) : (value ?? null), key);
  };
  return piece({
    says: of.says,
    steps: [
      {
        ...call('PUT', '/access/users/{userid}/token/{tokenid}', { userid, tokenid, ...sent }, of.says),
        node: await anyNode(planning),
        limitSeconds: 60,
        relies: [tokenFact(userid, tokenid, tokenid), ...keys.map((key) => factOf(key, before))],
        expects: keys.map((key) => factOf(key, sent)),
      },
    ],
    warnings: of.warnings ?? [],
    changes: keys.map((key) => ({
      about: `token ${full}`,
      key,
      before: shown(key, before) || null,
      after: shown(key, sent) || null,
    })),
    ...(of.undo === undefined ? {} : { undo: of.undo }),
  });
}

export const expireToken = action({
  id: 'token.expire',
  verb: 'change when the API token expires',
  risk: 'disruptive',
  say: [
    ...one('(let|make|have)', 'expire (in|after) {in}'),
    ...one('(let|make|have)', '{never} expire'),
    ...one('(set|change) (expiry|expiration|expiry date) of', 'to {in}'),
    ...one('(set|change) (expiry|expiration|expiry date) of', 'to {never}'),
    ...one('(extend|renew|prolong)', '(by|for|to) {in}'),
  ],
  input: {
    ...tokenInput,
    in: { kind: 'duration', say: [] },
    never: { kind: 'choice', say: [], values: { never: 'never|not' } },
  },
  async plan(planning, { input }): Promise<Planned> {
    const token = await tokenNow(planning, ...tokenSaid(input));
    const { in: seconds } = input;
    if (seconds !== undefined && seconds <= 0)
      return refused({ why: 'That is past.', next: 'Say when it is to end: “in 30 days”, or never.' });
    const wrong = token.full === planning.self ? selfRefusals(planning, token.full, 'change its own access') : [];
    if (wrong.length > 0) return refused(...wrong);
    const expire = seconds === undefined ? 0 : Math.round(planning.now + seconds);
    const ends = expire === 0 ? 'never expires' : `expires on ${dateText(expire)}`;
    return change(
      planning,
      token,
      { expire },
      {
        says: `Let token ${token.full} ${expire === 0 ? 'never expire' : `expire on ${dateText(expire)}`}`,
        warnings:
          expire === 0
            ? [`It ${ends}: whoever has its secret keeps what it may do.`]
            : [`It ${ends}; whatever uses it is shut out then.`],
      },
    );
  },
  examples: [
    { say: 'let token anna@pve!ci expire in 30 days', sends: ['PUT /access/users/anna@pve/token/ci'] },
    { say: 'let the token ci of anna@pve never expire', sends: ['PUT /access/users/anna@pve/token/ci expire=0'] },
    { say: 'let token anna@pve!nothing expire in 30 days', sends: 'clarification' },
    { say: 'let token root@pam!sandbox expire in 30 days', sends: 'clarification' },
  ],
});

export const describeToken = action({
  id: 'token.describe',
  verb: 'change the comment of the API token',
  risk: 'change',
  say: one('(set|change) (comment|note|description) of', 'to {comment}'),
  input: { ...tokenInput, comment: { kind: 'text', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    const token = await tokenNow(planning, ...tokenSaid(input));
    const { comment = '' } = input;
    return change(
      planning,
      token,
      { comment },
      {
        says: `Set the comment of token ${token.full}`,
        undo: { action: 'token.describe', input: { full: token.full, comment: token.comment } },
      },
    );
  },
  examples: [
    {
      say: 'set the comment of token anna@pve!ci to "builds at night"',
      sends: ["PUT /access/users/anna@pve/token/ci comment='builds at night'"],
    },
    { say: 'set the comment of token anna@pve!nothing to "x"', sends: 'clarification' },
    {
      say: 'change the note of the token ci of anna@pve to "nightly"',
      sends: ['PUT /access/users/anna@pve/token/ci comment=nightly'],
    },
  ],
});

/** Rights of whom this runs as are for somebody else to change: a token of the same user without separation has them all. */
function widening(planning: Planning, token: TokenNow): ReturnType<typeof selfRefusals> {
  if (token.full === planning.self) return selfRefusals(planning, token.full, 'change its own rights');
  if (token.userid !== ownUser(planning)) return [];
  return selfRefusals(planning, token.userid, 'give a token all of its rights');
}

export const separateToken = action({
  id: 'token.separate',
  verb: 'switch the privilege separation of the API token',
  risk: 'disruptive',
  say: [
    ...one('{wanted} (privilege separation|privsep|separation of privileges) (of|for|on)', ''),
    ...one('(set|turn|switch) (privilege separation|privsep) (of|for|on)', '[to] {wanted}'),
  ],
  input: {
    ...tokenInput,
    wanted: {
      kind: 'choice',
      say: [],
      values: { on: 'enable|turn on|switch on|activate|on', off: 'disable|turn off|switch off|deactivate|off' },
    },
  },
  async plan(planning, { input }): Promise<Planned> {
    const token = await tokenNow(planning, ...tokenSaid(input));
    const privsep = input.wanted === 'on';
    const wrong = privsep ? (token.full === planning.self ? widening(planning, token) : []) : widening(planning, token);
    if (wrong.length > 0) return refused(...wrong);
    if (token.separated === privsep)
      return already(`Privilege separation of token ${token.full} is ${privsep ? 'on' : 'off'}.`);
    const own = (await aclNow(planning)).filter(({ who }) => who === token.full);
    const rights = own.map(({ role, path }) => `${role} on ${path}`).join(', ') || 'nothing at all';
    return change(
      planning,
      token,
      { privsep },
      {
        says: `Turn privilege separation of token ${token.full} ${privsep ? 'on' : 'off'}`,
        undo: { action: 'token.separate', input: { full: token.full, wanted: privsep ? 'off' : 'on' } },
        warnings: [
          privsep
            ? `It has its own rights alone from then on: ${rights}.`
            : `It can do all that ${token.userid} can from then on.`,
        ],
      },
    );
  },
  examples: [
    {
      say: 'disable privilege separation of token anna@pve!ci',
      sends: ['PUT /access/users/anna@pve/token/ci privsep=0'],
    },
    { say: 'enable privilege separation for the token ci of anna@pve', sends: 'answer' },
    { say: 'disable privilege separation of token root@pam!sandbox', sends: 'clarification' },
  ],
});

/** Since 9.2 (pve-access-control 9.1): before, a token has to be made anew. */
async function canRegenerate(planning: Planning): Promise<boolean> {
  const { version } = needed(await planning.read('/version', {}), 'The version of Proxmox VE');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 9 || (major === 9 && minor >= 2);
}

export const regenerateToken = action({
  id: 'token.regenerate',
  verb: 'give a new secret to the API token',
  risk: 'destructive',
  answersSecret: true,
  say: [
    ...one('(regenerate|rotate|renew|reset|roll) [secret of]', ''),
    ...one('(generate|create|issue) new secret (for|of)', ''),
  ],
  input: tokenInput,
  async plan(planning, { input }): Promise<Planned> {
    const token = await tokenNow(planning, ...tokenSaid(input));
    const { userid, tokenid, full } = token;
    const wrong = full === planning.self ? selfRefusals(planning, full, 'lock itself out') : [];
    if (wrong.length > 0) return refused(...wrong);
    if (!(await canRegenerate(planning))) {
      const say = `delete token ${full}`;
      return refused({
        why: 'Proxmox VE gives a token a new secret since 9.2.',
        next: `Delete it and make it anew: “${say}”.`,
        say,
      });
    }
    const says = `Give token ${full} a new secret`;
    return piece({
      says,
      steps: [
        {
          ...call('PUT', '/access/users/{userid}/token/{tokenid}', { userid, tokenid, regenerate: true }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [tokenFact(userid, tokenid, tokenid)],
          // Nothing that can be read shows which secret a token has.
          expects: [],
        },
      ],
      warnings: [
        'Whatever uses the secret it has now is shut out from then on.',
        'The new one is shown once, where the plan is carried out, and kept nowhere: copy it then.',
      ],
      loses: [`the secret of token ${full}`],
      changes: [{ about: `token ${full}`, key: 'secret', before: 'the one it has', after: 'a new one' }],
      confirm: full,
    });
  },
  examples: [
    { say: 'regenerate token anna@pve!ci', sends: ['PUT /access/users/anna@pve/token/ci regenerate=1'] },
    { say: 'rotate the secret of token ci of anna@pve', sends: ['PUT /access/users/anna@pve/token/ci regenerate=1'] },
    { say: 'regenerate the token root@pam!sandbox', sends: 'clarification' },
  ],
});
