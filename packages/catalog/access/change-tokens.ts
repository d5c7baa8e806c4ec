import { action, anyNode, call, piece, type Planned, type Planning, type Refusal, refused } from '../kit/index.ts';
import { aclNow, dateText, ownUser, selfRefusals, type UserNow, userNow } from './access-now.ts';
import { tokenFact } from './token-now.ts';

/** Ids of tokens: a letter, then letters, digits, ., - and _; two at least (pve-access-control, token_subid_regex). */
const NAME = /^[A-Za-z][A-Za-z0-9.\-_]+$/;

function creationRefusals(planning: Planning, user: UserNow, tokenid: string, isWhole: boolean): Refusal[] {
  const { userid } = user;
  const wrong: Refusal[] = [];
  if (!NAME.test(tokenid))
    wrong.push({
      why: `“${tokenid}” is no name for a token: a letter, then letters, digits, ., - and _; two at least.`,
      next: 'Choose another name.',
    });
  if (user.tokens.includes(tokenid))
    wrong.push({
      why: `User ${userid} has a token ${tokenid} already; its secret cannot be shown again.`,
      next: `Delete it first, or choose another name: “delete token ${userid}!${tokenid}”.`,
      say: `delete token ${userid}!${tokenid}`,
    });
  if (isWhole && userid === ownUser(planning))
    wrong.push({
      why: `${userid} is whom pxa itself runs as: it makes no token that has all of its rights.`,
      next: 'Leave privilege separation on, and give the token the roles that it needs.',
    });
  return wrong;
}

export const createToken = action({
  id: 'token.create',
  verb: 'create the API token',
  risk: 'change',
  answersSecret: true,
  say: [
    '(create|add|make|generate|issue) [new] [api] (token|key) {name} (for|of) [user] {user} {*}',
    '(create|add|make|generate|issue) [new] [api] (token|key) (for|of) [user] {user} (called|named) {name} {*}',
    '(create|add|make|generate|issue) [new] [api] (token|key) {full} {*}',
  ],
  input: {
    name: { kind: 'name', say: ['(called|named) {}'] },
    user: { kind: 'user', say: [] },
    full: { kind: 'user', say: [] },
    whole: {
      kind: 'flag',
      say: ['without privilege separation', 'with (full rights|all rights) of [the] user', 'with privsep off'],
      no: ['with privilege separation'],
    },
    expires: {
      kind: 'duration',
      say: ['(expiring|that expires|which expires|expires) (in|after) {}', '(valid|good) for {}'],
    },
    comment: { kind: 'text', say: ['[with|and] (comment|note) {}'] },
  },
  async plan(planning, { input }): Promise<Planned> {
    const [userid = '', tokenid = input.name ?? ''] = (input.full ?? input.user ?? '').split('!');
    const user = await userNow(planning, userid);
    const wrong = creationRefusals(planning, user, tokenid, input.whole === true);
    if (wrong.length > 0) return refused(...wrong);
    const expire = input.expires === undefined ? undefined : Math.round(planning.now + input.expires);
    const privsep = input.whole !== true;
    const { comment } = input;
    const says = `Create token ${userid}!${tokenid}`;
    const step = call(
      'POST',
      '/access/users/{userid}/token/{tokenid}',
      {
        userid,
        tokenid,
        privsep,
        ...(expire === undefined ? {} : { expire }),
        ...(comment === undefined ? {} : { comment }),
      },
      says,
    );
    return piece({
      says,
      steps: [
        {
          ...step,
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [tokenFact(userid, tokenid, null)],
          expects: [tokenFact(userid, tokenid, tokenid)],
        },
      ],
      assumptions: [
        ...(input.whole === undefined
          ? ['With privilege separation: it can do nothing until it is given a role (“give role PVEAuditor to …”)']
          : []),
        expire === undefined ? 'It never expires' : `It expires on ${dateText(expire)}`,
      ],
      warnings: [
        'Its secret is shown once, where the plan is carried out, and kept nowhere: copy it then. If it is lost, delete the token and make another.',
        ...(privsep ? [] : [`It can do all that ${userid} can.`]),
      ],
      changes: [{ about: userid, key: 'token', before: null, after: tokenid }],
      undo: { action: 'token.delete', input: { full: `${userid}!${tokenid}` } },
    });
  },
  examples: [
    { say: 'create token grafana for auditor@pve', sends: ['POST /access/users/auditor@pve/token/grafana privsep=1'] },
    {
      say: 'create token deploy for ben@pve without privilege separation',
      sends: ['POST /access/users/ben@pve/token/deploy privsep=0'],
    },
    { say: 'create token ci for anna@pve', sends: 'clarification' },
    { say: 'create token super for root@pam without privilege separation', sends: 'clarification' },
  ],
});

export const deleteToken = action({
  id: 'token.delete',
  verb: 'delete the API token',
  risk: 'destructive',
  say: [
    '(delete|remove|revoke|drop) [api] (token|key) {full}',
    '(delete|remove|revoke|drop) [api] (token|key) {name} (of|from) [user] {user}',
    '(delete|remove|revoke|drop) [api] {name} (token|key) (of|from) [user] {user}',
    '(delete|remove|revoke|drop) [user] {user} [api] (token|key) [called|named] {name}',
    '(delete|remove|revoke|drop) [user] {user} [api] {name} (token|key)',
  ],
  input: { full: { kind: 'user', say: [] }, name: { kind: 'word', say: [] }, user: { kind: 'user', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    const [userid = '', tokenid = input.name ?? ''] = (input.full ?? input.user ?? '').split('!');
    const user = await userNow(planning, userid);
    const full = `${userid}!${tokenid}`;
    const wrong = full === planning.self ? selfRefusals(planning, full, 'lock itself out') : [];
    if (!user.tokens.includes(tokenid))
      wrong.push({
        why: `User ${userid} has no token ${tokenid}.`,
        next: `It has ${user.tokens.join(', ') || 'none'}.`,
        say: 'list tokens',
      });
    if (wrong.length > 0) return refused(...wrong);
    const rights = (await aclNow(planning)).filter(({ who }) => who === full);
    const says = `Delete token ${full}`;
    return piece({
      says,
      steps: [
        {
          ...call('DELETE', '/access/users/{userid}/token/{tokenid}', { userid, tokenid }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [tokenFact(userid, tokenid, tokenid)],
          expects: [tokenFact(userid, tokenid, null)],
        },
      ],
      warnings: ['Whatever uses it is shut out from then on.'],
      loses: [`token ${full}`, ...rights.map(({ role, path }) => `${role} of the token on ${path}`)],
      changes: [{ about: userid, key: 'token', before: tokenid, after: null }],
      confirm: full,
    });
  },
  examples: [
    { say: 'delete token anna@pve!ci', sends: ['DELETE /access/users/anna@pve/token/ci'] },
    { say: 'delete token root@pam!sandbox', sends: 'clarification' },
    { say: 'revoke token nothing of anna@pve', sends: 'clarification' },
  ],
});
