import type { ColumnType, Transaction } from 'kysely';
import type { EventTables } from './event-tables.ts';
import type { ScanTables } from './scan-tables.ts';

/**
 * The tables, the same on both engines. `body` columns hold JSON as text: what is only kept. What is compared, counted or
 * changed by itself has a column: booleans are 0 or 1, times that are compared are milliseconds since 1970.
 */
export interface Tables extends EventTables, ScanTables {
  plans: PlansTable;
  approvals: ApprovalsTable;
  jobs: JobsTable;
  job_steps: JobStepsTable;
  job_events: JobEventsTable;
  api_tokens: ApiTokensTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
  leases: LeasesTable;
  idempotency: IdempotencyTable;
  rate_limits: RateLimitsTable;
  switches: SwitchesTable;
  conversations: ConversationsTable;
  conversation_turns: ConversationTurnsTable;
}

/** Where the migrator writes down what it has done: a database that has it is ours, or about to be. */
export const LEDGER = 'kysely_migration';

/** One transaction: what the queries are given, and all that they have of the database. */
export type Trx = Transaction<Tables>;

/** What can only look. */
export type Looking = Pick<Trx, 'selectFrom'>;

/** Written once. */
type Kept<T> = ColumnType<T, T, never>;

interface PlansTable {
  id: Kept<string>;
  /** 1: the body is sealed as a whole. */
  sealed: Kept<number>;
  body: Kept<string>;
  /** What lists tell of it; of a sealed plan its action alone, if that. */
  action: string | null;
  risk: string | null;
  says: string | null;
  /** How long its rehearsal took. */
  seconds: number | null;
}

interface ApprovalsTable {
  id: Kept<string>;
  plan_id: Kept<string>;
  /** As it was last written; `expired` never is, since that comes about by itself. */
  state: string;
  expires_ms: Kept<number>;
  /** The audit record with which it came: they are numbered in the order in which things were made. */
  made: Kept<number>;
  decisions: string;
  body: Kept<string>;
}

interface JobsTable {
  id: Kept<string>;
  plan_id: Kept<string>;
  approval_id: Kept<string>;
  cluster: Kept<string>;
  state: string;
  cancelling: number;
  made: Kept<number>;
  /** Who holds it; null: nobody. */
  owner: string | null;
  /** Goes up with each hold, and never down. */
  fence: number;
  held_until_ms: number;
  last_event: number;
  started_at: string | null;
  /** JSON of how it ended. */
  ending: string | null;
  created_ms: number | null;
  body: Kept<string>;
}

interface JobStepsTable {
  job_id: Kept<string>;
  step: Kept<number>;
  body: string;
}

interface JobEventsTable {
  job_id: Kept<string>;
  seq: Kept<number>;
  body: Kept<string>;
}

interface ApiTokensTable {
  id: Kept<string>;
  /** SHA-256 of the secret. */
  hash: Kept<string>;
  made: Kept<number>;
  last_used_ms: number | null;
  revoked_at: string | null;
  body: Kept<string>;
}

interface AuditTable {
  seq: Kept<number>;
  hash: Kept<string>;
  body: Kept<string>;
}

/** One row: how many records there are and the hash of the last, so that a log cut off at its end is noticed. */
interface AuditHeadTable {
  id: Kept<number>;
  count: number;
  hash: string;
}

/** Who does what all could do. */
interface LeasesTable {
  name: Kept<string>;
  owner: string;
  fence: number;
  /** 0: given back. */
  until_ms: number;
}

/** What was asked under a key, and what was answered. */
interface IdempotencyTable {
  caller: Kept<string>;
  key: Kept<string>;
  /** Of the method, the path and the body. */
  hash: Kept<string>;
  /** Goes up with each attempt at it. */
  fence: number;
  /** Until when the attempt that is under way counts as alive; 0: none is. */
  until_ms: number;
  expires_ms: Kept<number>;
  /** 1: an attempt has written something else than this row. */
  acted: number;
  /** JSON: the plans that were made under it, in their order. */
  plans: string;
  /** The answer; null as long as there is none. */
  status: number | null;
  body: string | null;
}

/** The library that counts writes it. */
interface RateLimitsTable {
  key: Kept<string>;
  points: number;
  expire: number | null;
}

/** What a person switched for all replicas. */
interface SwitchesTable {
  name: Kept<string>;
  body: string;
}

interface ConversationsTable {
  owner: Kept<string>;
  id: Kept<string>;
  connection: Kept<string>;
  created_ms: Kept<number>;
  updated_ms: number;
  turns: number;
  title: string;
  /** JSON of what a follow-up may speak of. */
  state: string | null;
}

interface ConversationTurnsTable {
  owner: Kept<string>;
  id: Kept<string>;
  n: Kept<number>;
  body: Kept<string>;
}
