import type { ApiToken } from '@pxa/contract';
import { appendAudit } from './audit-log.ts';
import type { AuditEntry } from './store.ts';
import type { Looking, Trx } from './tables.ts';

/** What of a token is written once. */
type Kept = Omit<ApiToken, 'last_used_at' | 'revoked_at'>;

/** Keeps a new token under the hash of its secret. */
export async function insertToken(trx: Trx, token: ApiToken, hash: string, audit: AuditEntry): Promise<void> {
  const { last_used_at: _, revoked_at: __, ...kept } = token;
  const made = await appendAudit(trx, audit);
  const row = { id: token.id, hash, made, last_used_ms: null, revoked_at: null, body: JSON.stringify(kept) };
  await trx.insertInto('api_tokens').values(row).execute();
}

/**
 * Keeps a token where there is none yet, and says whether it did. Those who try at once wait for each other by a row that
 * only this takes.
 */
export async function insertFirstToken(trx: Trx, token: ApiToken, hash: string, audit: AuditEntry): Promise<boolean> {
  await trx
    .insertInto('leases')
    .values({ name: 'first token', owner: token.id, fence: 1, until_ms: 0 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ fence: eb('leases.fence', '+', 1) })))
    .execute();
  const known = await trx.selectFrom('api_tokens').select('id').limit(1).executeTakeFirst();
  if (known === undefined) await insertToken(trx, token, hash, audit);
  return known === undefined;
}

/** The token whose secret has this hash, revoked or not. */
export async function readTokenByHash(db: Looking, hash: string): Promise<ApiToken | undefined> {
  const row = await db.selectFrom('api_tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
  return row && tokenOf(row);
}

/** All of them, newest first. */
export async function readTokens(db: Looking): Promise<ApiToken[]> {
  const rows = await db.selectFrom('api_tokens').selectAll().orderBy('made', 'desc').execute();
  return rows.map(tokenOf);
}

/** Ends a token. False where there is none by that id; one that has ended stays as it is. */
export async function revokeToken(trx: Trx, id: string, at: string, audit: AuditEntry): Promise<boolean> {
  const row = await trx.selectFrom('api_tokens').select('revoked_at').where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.revoked_at !== null) return row !== undefined;
  await trx.updateTable('api_tokens').set({ revoked_at: at }).where('id', '=', id).execute();
  await appendAudit(trx, audit);
  return true;
}

/** Keeps when a token was last used. */
export async function writeTokenUse(trx: Trx, id: string, nowMs: number): Promise<void> {
  await trx.updateTable('api_tokens').set({ last_used_ms: nowMs }).where('id', '=', id).execute();
}

function tokenOf(row: { body: string; last_used_ms: number | null; revoked_at: string | null }): ApiToken {
  const kept = JSON.parse(row.body) as Kept; // insertToken wrote it
  const { last_used_ms: usedMs, revoked_at } = row;
  return { ...kept, last_used_at: usedMs === null ? null : new Date(usedMs).toISOString(), revoked_at };
}
