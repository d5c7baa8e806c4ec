import type { ApiToken, Person } from '@pxa/contract';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { holds, type Scope } from './scopes.ts';
import { hashOf, isSecret } from './secret.ts';

/** Who makes a request, and what they may. */
export interface Caller {
  /** Whom limits and idempotency keys are counted by. */
  readonly id: string;
  /** The person that a token belongs to. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly approval: ApiToken['approval'];
}

/** Its last use is kept to the minute: not every read is to be a write. */
const USE_KEPT_MS = 60_000;

/** Who makes a request. @throws Problem 401 */
export async function callerOf(request: FastifyRequest, service: Service): Promise<Caller> {
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'bearer' || !isSecret(credentials)) throw notKnown();
  const token = await service.kept.tokenByHash(hashOf(credentials));
  const nowMs = service.now();
  if (token === undefined || isOver(token, nowMs)) throw notKnown();
  const usedMs = token.last_used_at === null ? 0 : Date.parse(token.last_used_at);
  if (nowMs - usedMs >= USE_KEPT_MS) await service.kept.tokenUsed(token.id, nowMs);
  return { id: token.id, name: token.created_by, scopes: token.scopes, approval: token.approval };
}

/** Who may not do what they ask for is told which scope is missing. @throws Problem 403 */
export function allowed(caller: Caller, needed: Scope): void {
  if (holds(caller.scopes, needed)) return;
  throw new Problem(403, 'INSUFFICIENT_PERMISSIONS', `This token does not have the scope ${needed}.`, {
    reason: 'missing_scope',
    required_scope: needed,
  });
}

/** Whether a token has ended, by its time or by a person's word. */
const isOver = ({ revoked_at: revoked, expires_at: expires }: ApiToken, nowMs: number): boolean =>
  revoked !== null || (expires !== null && Date.parse(expires) <= nowMs);

/** One text for whatever is wrong: it does not tell a guess from a token that has ended. */
function notKnown(): Problem {
  const message = 'This needs a valid token: send it as “Authorization: Bearer pxa_…”.';
  return new Problem(401, 'INVALID_TOKEN', message, { reason: 'authentication_failed' });
}

/** Who makes a request on a route that has a scope. */
export function callerKnown({ caller }: FastifyRequest): Caller {
  if (caller === undefined) throw new Error('the route has no scope, so nobody was asked who they are');
  return caller;
}

/** The person that a token stands for, as plans, approvals and the audit log name them. */
export const personOf = ({ name }: Caller): Person => ({ name, door: 'rest' });
