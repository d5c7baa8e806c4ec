import type { Tables } from './tables.ts';

/** What is to be known of a table to carry its rows elsewhere. */
export interface TableAbout {
  /** Its key, by which its rows have an order. */
  readonly key: readonly string[];
  /** What is only so while processes run: it is not carried along. */
  readonly isPassing?: true;
}

/** Every table, those first that others refer to. A table that is not named here does not compile. */
export const TABLES = {
  plans: { key: ['id'] },
  approvals: { key: ['id'] },
  jobs: { key: ['id'] },
  job_steps: { key: ['job_id', 'step'] },
  job_events: { key: ['job_id', 'seq'] },
  audit: { key: ['seq'] },
  audit_head: { key: ['id'] },
  api_tokens: { key: ['id'] },
  scans: { key: ['id'] },
  scan_findings: { key: ['scan_id', 'n'] },
  scan_scores: { key: ['connection', 'target', 'type'] },
  leases: { key: ['name'], isPassing: true },
  idempotency: { key: ['caller', 'key'] },
  rate_limits: { key: ['key'], isPassing: true },
  events: { key: ['seq'] },
  event_head: { key: ['id'] },
  followers: { key: ['name'] },
  seen_guests: { key: ['connection', 'guest'] },
  webhooks: { key: ['id'] },
  deliveries: { key: ['webhook_id', 'event_seq'] },
  conversations: { key: ['owner', 'id'] },
  conversation_turns: { key: ['owner', 'id', 'n'] },
  switches: { key: ['name'] },
} as const satisfies Readonly<Record<keyof Tables, TableAbout>>;

export type TableName = keyof Tables;

/** The names of all tables, in that order. */
export const TABLE_NAMES = Object.keys(TABLES) as TableName[]; // the keys of the table above
