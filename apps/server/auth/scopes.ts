import { z } from 'zod';

const AREAS = [
  'vm',
  'container',
  'node',
  'network',
  'storage',
  'backup',
  'security',
  'monitoring',
  'job',
  'webhook',
  'token',
  'audit',
] as const;

/** What a token may do: each area to read or to write, and `admin`, which holds all of it. */
export const SCOPES = [
  ...AREAS.flatMap((area) => [`${area}:read`, `${area}:write`] as const),
  'approval:read',
  'approval:approve',
  'ai:generate',
  'admin',
] as const;

export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/** Whether scopes that were given hold the one that is needed. */
export function holds(given: readonly string[], needed: Scope): boolean {
  return given.includes(needed) || given.includes('admin');
}
