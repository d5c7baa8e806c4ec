import type { ApiToken } from '@pxa/contract';
import { type AuditPages, sqlAuditPages } from './audit-page.ts';
import { type ConversationStore, sqlConversationStore } from './conversations.ts';
import type { Engine } from './engine.ts';
import { type IdempotencyStore, sqlIdempotencyStore } from './idempotency.ts';
import { type EventStore, sqlEventStore } from './event-store.ts';
import { type LeaseStore, sqlLeaseStore } from './leases.ts';
import { type ListStore, sqlListStore } from './lists.ts';
import { memoryRates, type RateStore } from './rates.ts';
import type { SealSource } from './seal.ts';
import { type CountStore, sqlCountStore } from './counts.ts';
import type { AuditEntry } from './store.ts';
import { type ScanStore, sqlScanStore } from './scans.ts';
import { sqlSwitchStore, type SwitchStore } from './switches.ts';
import { insertFirstToken, insertToken, readTokenByHash, readTokens, revokeToken, writeTokenUse } from './tokens.ts';

/** What the service keeps beside plans and jobs, in the same database. Each method is one transaction. */
export interface ServiceStore
  extends
    RateStore,
    LeaseStore,
    IdempotencyStore,
    EventStore,
    ScanStore,
    SwitchStore,
    CountStore,
    ListStore,
    AuditPages,
    ConversationStore {
  /** Keeps a token under the hash of its secret; the secret itself is nowhere. */
  addToken(token: ApiToken, hash: string, audit: AuditEntry): Promise<void>;
  /** The same for the very first token. False where there is one already, also where others try at the same moment. */
  addFirstToken(token: ApiToken, hash: string, audit: AuditEntry): Promise<boolean>;
  /** The token whose secret has this hash, ended or not. */
  tokenByHash(hash: string): Promise<ApiToken | undefined>;
  /** Newest first. */
  tokens(): Promise<ApiToken[]>;
  /** Ends a token at once, for all who look. False where there is none by that id. */
  revokeToken(id: string, at: string, audit: AuditEntry): Promise<boolean>;
  /** That a token was used. `nowMs` is milliseconds since 1970. */
  tokenUsed(id: string, nowMs: number): Promise<void>;
}

/** What the service keeps, over an engine. */
export function sqlServiceStore(
  engine: Engine,
  { seal, rates = memoryRates }: { seal?: SealSource | undefined; rates?: RateStore },
): ServiceStore {
  return {
    rateCounter: rates.rateCounter,
    ...sqlLeaseStore(engine),
    ...sqlSwitchStore(engine),
    ...sqlCountStore(engine),
    ...sqlIdempotencyStore(engine),
    ...sqlEventStore(engine, seal),
    ...sqlScanStore(engine),
    ...sqlListStore(engine, seal),
    ...sqlAuditPages(engine),
    ...sqlConversationStore(engine),
    addToken: (token, hash, audit) => engine.write((trx) => insertToken(trx, token, hash, audit)),
    addFirstToken: (token, hash, audit) => engine.write((trx) => insertFirstToken(trx, token, hash, audit)),
    tokenByHash: (hash) => engine.look((db) => readTokenByHash(db, hash)),
    tokens: () => engine.look(readTokens),
    revokeToken: (id, at, audit) => engine.write((trx) => revokeToken(trx, id, at, audit)),
    tokenUsed: (id, nowMs) => engine.write((trx) => writeTokenUse(trx, id, nowMs)),
  };
}
