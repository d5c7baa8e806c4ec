import type { ApiToken } from '@pxa/contract';
import { z } from 'zod';
import { listQuery, type Place } from '../http/pages.ts';
import type { Token } from './schemas.ts';

const State = z.enum(['active', 'expired', 'revoked']);
type State = z.infer<typeof State>;

const SORTS = ['created_at', 'name', 'expires_at', 'last_used_at'] as const;

/** Which tokens are listed: by how their secrets begin, where one was found somewhere, and by whether they still are good. */
export const TokenListQuery = z.strictObject({
  ...listQuery(SORTS, 'desc'),
  prefix: z
    .string()
    .regex(/^pxa_[\w-]{0,8}$/, 'is the beginning of a token: pxa_ and up to eight letters')
    .optional(),
  state: State.optional(),
});
type TokenListQuery = z.infer<typeof TokenListQuery>;

/** A token as it is listed: without anything that its secret could be found by. */
function tokenShown(token: ApiToken, nowMs: number): z.infer<typeof Token> {
  const { id, scopes, ...rest } = token;
  return { token_id: id, permissions: scopes, state: stateOf(token, nowMs), ...rest };
}

/** The tokens that a query asks for, of all. */
export function tokensWanted(
  tokens: readonly ApiToken[],
  { prefix = '', state }: TokenListQuery,
  nowMs: number,
): z.infer<typeof Token>[] {
  return tokens
    .filter((token) => token.prefix.startsWith(prefix))
    .map((token) => tokenShown(token, nowMs))
    .filter((token) => state === undefined || token.state === state);
}

/** Where a token stands; what has no such time stands before all that have one. */
export const placeOfToken = (token: z.infer<typeof Token>, sort: TokenListQuery['sort']): Place => ({
  key: token[sort] ?? '',
  id: token.token_id,
});

function stateOf({ revoked_at: revoked, expires_at: expires }: ApiToken, nowMs: number): State {
  if (revoked !== null) return 'revoked';
  return expires !== null && Date.parse(expires) <= nowMs ? 'expired' : 'active';
}
