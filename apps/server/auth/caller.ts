import type { ApiToken, Person } from '@pxa/contract';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.ts';
import { holds, type Scope } from './scopes.ts';

/** Who makes a request, and what they may. */
export interface Caller {
  /** Whom limits and idempotency keys are counted by. */
  readonly id: string;
  /** The person that a token belongs to. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly approval: ApiToken['approval'];
}

/** Who may not do what they ask for is told which scope is missing. @throws Problem 403 */
export function allowed(caller: Caller, needed: Scope): void {
  if (holds(caller.scopes, needed)) return;
  throw new Problem(403, 'INSUFFICIENT_PERMISSIONS', `This token does not have the scope ${needed}.`, {
    reason: 'missing_scope',
    required_scope: needed,
  });
}

/** Who makes a request on a route that has a scope. */
export function callerKnown({ caller }: FastifyRequest): Caller {
  if (caller === undefined) throw new Error('the route has no scope, so nobody was asked who they are');
  return caller;
}

/** The person that a token stands for, as plans, approvals and the audit log name them. */
export const personOf = ({ name }: Caller): Person => ({ name, door: 'rest' });
