import type { ApiToken } from '@pxa/contract';
import type { Service } from '../service.ts';
import type { Caller } from './caller.ts';
import { hashOf, isSecret } from './secret.ts';

/** Its last use is kept to the minute: not every read is to be a write. */
const USE_KEPT_MS = 60_000;

/** Who holds a token of the service; undefined where it is none, or has ended. */
export async function callerByToken(secret: string, { kept, now }: Service): Promise<Caller | undefined> {
  if (!isSecret(secret)) return undefined;
  const token = await kept.tokenByHash(hashOf(secret));
  const nowMs = now();
  if (token === undefined || isOver(token, nowMs)) return undefined;
  const usedMs = token.last_used_at === null ? 0 : Date.parse(token.last_used_at);
  if (nowMs - usedMs >= USE_KEPT_MS) await kept.tokenUsed(token.id, nowMs);
  return { id: token.id, name: token.created_by, scopes: token.scopes, approval: token.approval };
}

/** Whether a token has ended, by its time or by a person's word. */
const isOver = ({ revoked_at: revoked, expires_at: expires }: ApiToken, nowMs: number): boolean =>
  revoked !== null || (expires !== null && Date.parse(expires) <= nowMs);
