import type { JWTPayload } from 'jose';
import type { Oauth } from './settings.ts';
import { Scope } from './scopes.ts';

/** What of a name may stand in logs and approvals: no spaces or marks that could pass for something else. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+|:-]{0,199}$/u;

/** What the holder of a token may do: the scopes of ours that it names, and those of its groups. */
export function scopesIn(claims: JWTPayload, { groups, groups_claim: path }: Oauth): Scope[] {
  const named = [...words(claims['scope']), ...words(claims['scp'])];
  const own = named.flatMap((word) => {
    const scope = Scope.safeParse(word);
    return scope.success ? [scope.data] : [];
  });
  const byGroup = words(at(claims, path)).flatMap((group) =>
    Object.hasOwn(groups, group) ? (groups[group] ?? []) : [],
  );
  return [...new Set([...own, ...byGroup])];
}

/** What a person is called here; by `sub`, which never is another's, where the claim that was set says nothing that fits. */
export function nameIn(claims: JWTPayload, { name_claim: path }: Oauth): string {
  const name = at(claims, path);
  if (typeof name === 'string' && NAME.test(name)) return name;
  const sub = claims.sub ?? '';
  return NAME.test(sub) ? sub : `sub ${Buffer.from(sub).toString('base64url').slice(0, 100)}`;
}

/** A claim, or one within others: `realm_access.roles`. A claim with dots in its name is itself. */
function at(claims: JWTPayload, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce((value: unknown, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Readonly<Record<string, unknown>>)[key]; // it has the key, as was just seen
  }, claims);
}

/** A list of words, or words with spaces between, as `scope` has them (RFC 9068 section 2.2.3). */
function words(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter(Boolean);
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
