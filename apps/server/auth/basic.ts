import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller.ts';
import type { DevUsers } from './settings.ts';

/**
 * The user whose name and password these are, as Basic authentication sends them. All users are compared, each in a time
 * that does not tell how much of it was right.
 */
export function userBy(credentials: string, users: DevUsers): Caller | undefined {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  const sent = digestOf(text.slice(0, colon), text.slice(colon + 1));
  let found: Caller | undefined;
  for (const [name, { password, scopes }] of Object.entries(users)) {
    if (timingSafeEqual(sent, digestOf(name, password))) found = { id: `dev_${name}`, name, scopes, approval: 'own' };
  }
  return found;
}

/** Of the same length whatever was sent; names hold no colon. */
const digestOf = (name: string, password: string): Buffer =>
  createHash('sha256').update(`${name}:${password}`).digest();
