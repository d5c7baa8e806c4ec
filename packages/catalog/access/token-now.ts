import type { Fact } from '@pxa/contract';
import { asFlag, asNumber, asObject, asText } from '@pxa/pve/values';
import { CannotPlan, factAt, needed, type Planning } from '../kit/index.ts';
import { userNow } from './access-now.ts';

/** A token as a plan is made on it; its secret nobody can read. */
export interface TokenNow {
  readonly userid: string;
  readonly tokenid: string;
  /** `ben@pve!deploy`. */
  readonly full: string;
  /** Whether it has rights of its own alone, and not all of its user's. */
  readonly separated: boolean;
  /** Seconds since 1970; 0 for never. */
  readonly expire: number;
  readonly comment: string;
}

/** A fact of a token in the list of its user's. */
export const tokenFact = (userid: string, token: string, is: Fact['is'], key = 'tokenid', how?: Fact['how']): Fact =>
  factAt(
    key === 'tokenid' ? `token ${userid}!${token}` : `${key} of token ${userid}!${token}`,
    `/access/users/${userid}/token`,
    [`[tokenid=${token}]`, key],
    is,
    how === undefined ? {} : { how },
  );

/** @throws CannotPlan where there is no such user or token */
export async function tokenNow(planning: Planning, userid: string, tokenid: string): Promise<TokenNow> {
  const user = await userNow(planning, userid);
  const full = `${userid}!${tokenid}`;
  if (!user.tokens.includes(tokenid)) {
    const next = `It has ${user.tokens.join(', ') || 'none'}.`;
    throw new CannotPlan({ why: `User ${userid} has no token ${tokenid}.`, next, say: 'list tokens' });
  }
  const read = needed<unknown>(
    await planning.read('/access/users/{userid}/token/{tokenid}', { userid, tokenid }),
    `Token ${full}`,
  );
  const row = asObject(read) ?? {};
  return {
    userid,
    tokenid,
    full,
    separated: asFlag(row['privsep']) !== false,
    expire: asNumber(row['expire']) ?? 0,
    comment: asText(row['comment']) ?? '',
  };
}

/** The words for one token: `ben@pve!deploy`, or its name and its user's. */
export const tokenInput = {
  full: { kind: 'user', say: [] },
  name: { kind: 'word', say: [] },
  user: { kind: 'user', say: [] },
} as const;

/** The user and the name of the token that was said. */
export function tokenSaid(input: { full?: string; user?: string; name?: string }): [userid: string, tokenid: string] {
  const [userid = '', tokenid = input.name ?? ''] = (input.full ?? input.user ?? '').split('!');
  return [userid, tokenid];
}
