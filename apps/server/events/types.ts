import { z } from 'zod';
import { type Caller, allowed } from '../auth/caller.ts';
import { holds, type Scope } from '../auth/scopes.ts';

/** Everything that is told: what it says, and the scope of its area, which whoever is told of it must hold. */
export const EVENTS = {
  'vm.created': { scope: 'vm:read', says: 'A VM was created.' },
  'vm.deleted': { scope: 'vm:read', says: 'A VM was deleted.' },
  'vm.status_changed': { scope: 'vm:read', says: 'A VM was started, stopped or hibernated, by whomever.' },
  'container.created': { scope: 'container:read', says: 'A container was created.' },
  'container.deleted': { scope: 'container:read', says: 'A container was deleted.' },
  'container.status_changed': { scope: 'container:read', says: 'A container was started or stopped, by whomever.' },
  'backup.completed': { scope: 'backup:read', says: 'A backup ended; its status tells how.' },
  'security.scan_completed': { scope: 'security:read', says: 'A security scan ended.' },
  'job.created': { scope: 'job:read', says: 'A change was approved, and is about to be carried out.' },
  'job.step': { scope: 'job:read', says: 'A job has sent one of its calls to the cluster.' },
  'job.cancelling': { scope: 'job:read', says: 'Somebody asked a job to stop.' },
  'job.completed': { scope: 'job:read', says: 'A job ended; its status tells how.' },
  'approval.requested': { scope: 'approval:read', says: 'A plan waits for the word of a person.' },
  'approval.approved': { scope: 'approval:read', says: 'A person approved a plan.' },
  'approval.cancelled': { scope: 'approval:read', says: 'A person cancelled a plan.' },
  'system.alert': { scope: 'monitoring:read', says: 'Something that its keeper should know has begun, or is over.' },
} as const satisfies Readonly<Record<string, { scope: Scope; says: string }>>;

export type EventType = keyof typeof EVENTS;

const names = Object.keys(EVENTS) as [EventType, ...EventType[]]; // the keys of the table above

export const EventName = z.enum(names);

/** The types that somebody may be told of. */
export function typesFor({ scopes }: Caller): EventType[] {
  return names.filter((type) => holds(scopes, EVENTS[type].scope));
}

/** Who is to be told of something must be allowed to read it. @throws Problem 403 */
export function mayBeTold(caller: Caller, types: readonly EventType[]): void {
  for (const type of types) allowed(caller, EVENTS[type].scope);
}
