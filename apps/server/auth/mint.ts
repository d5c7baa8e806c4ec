import type { ApiToken, Person } from '@pxa/contract';
import type { Service } from '../service.ts';
import type { Scope } from './scopes.ts';
import { newSecret, type Secret } from './secret.ts';

/** What a new token is to be. */
export interface Wanted {
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly Scope[];
  readonly approval: ApiToken['approval'];
  /** In seconds from now; undefined: it does not end by itself. */
  readonly expiresIn?: number | undefined;
}

/** A new token, kept by its hash and written to the audit log; its secret is given this once. */
export async function mintToken(
  service: Service,
  by: Person,
  wanted: Wanted,
): Promise<{ token: ApiToken; secret: string }> {
  const { token, secret, entry } = newToken(service, by, wanted);
  await service.kept.addToken(token, secret.hash, entry);
  return { token, secret: secret.text };
}

function newToken(
  { id, now, random }: Service,
  by: Person,
  { name, description, scopes, approval, expiresIn }: Wanted,
): { token: ApiToken; secret: Secret; entry: Entry } {
  const secret = newSecret(random);
  const nowMs = now();
  const token: ApiToken = {
    id: id('tok'),
    name,
    description,
    prefix: secret.prefix,
    scopes: [...new Set(scopes)],
    approval,
    created_at: new Date(nowMs).toISOString(),
    created_by: by.name,
    expires_at: expiresIn === undefined ? null : new Date(nowMs + expiresIn * 1_000).toISOString(),
    last_used_at: null,
    revoked_at: null,
  };
  const data = { token: token.id, name, scopes: token.scopes, approval };
  return { token, secret, entry: tokenEntry('token.created', by, token.created_at, data) };
}

/** Ends a token at once; false where there is none by that id. */
export async function endToken({ kept, now }: Service, by: Person, id: string): Promise<boolean> {
  const at = new Date(now()).toISOString();
  return kept.revokeToken(id, at, tokenEntry('token.revoked', by, at, { token: id }));
}

type Entry = Parameters<Service['store']['audit']>[0];

/** Tokens are of the service, and so of no one cluster. */
function tokenEntry(kind: string, by: Person, at: string, data: Record<string, unknown>): Entry {
  return { at, kind, who: by.name, door: by.door, cluster: '', plan_id: null, job_id: null, data };
}

/** The first token of a service that has none, which may do everything; undefined where there are tokens already. */
export async function bootstrapToken(service: Service, owner: string): Promise<string | undefined> {
  if ((await service.kept.tokens()).length > 0) return undefined;
  const wanted: Wanted = {
    name: 'bootstrap',
    description: 'Made at the first start of the service',
    scopes: ['admin'],
    approval: 'own',
  };
  const { token, secret, entry } = newToken(service, { name: owner, door: 'command_line' }, wanted);
  // Of several replicas that start at once, one alone has it to show.
  return (await service.kept.addFirstToken(token, secret.hash, entry)) ? secret.text : undefined;
}
