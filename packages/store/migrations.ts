import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { FIRST_BEFORE } from './audit.ts';
import { events } from './migration-events.ts';
import { lists } from './migration-lists.ts';
import { replicas } from './migration-replicas.ts';
import { scans } from './migration-scans.ts';
import { switches } from './migration-switches.ts';
import type { Tables } from './tables.ts';

/** Every change of the tables, in order. One that was released is never edited: a later one is added. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001_first': { up: first },
  '002_tokens': { up: tokens },
  '003_scans': { up: scans },
  '004_replicas': { up: replicas },
  '005_events': { up: events },
  '006_lists': { up: lists },
  '007_switches': { up: switches },
};

/** The name of the last migration that this version knows. */
export const NEWEST = Object.keys(migrations).sort().at(-1) ?? '';

/** 64-bit on both engines: SQLite takes any type whose name holds INT for its own integer. */
const NUMBER = 'bigint';

async function first(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('plans')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('sealed', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await createApprovals(db);
  await createJobs(db);
  await createAudit(db);
}

async function createApprovals(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('approvals')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('plan_id', 'text', (c) => c.notNull().unique().references('plans.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('expires_ms', NUMBER, (c) => c.notNull())
    .addColumn('made', NUMBER, (c) => c.notNull().unique())
    .addColumn('decisions', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
}

async function createJobs(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('plan_id', 'text', (c) => c.notNull().references('plans.id'))
    // unique: whatever else goes wrong, an approval makes one job at most
    .addColumn('approval_id', 'text', (c) => c.notNull().unique().references('approvals.id'))
    .addColumn('cluster', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('cancelling', 'integer', (c) => c.notNull())
    .addColumn('made', NUMBER, (c) => c.notNull().unique())
    .addColumn('owner', 'text')
    .addColumn('fence', NUMBER, (c) => c.notNull())
    .addColumn('held_until_ms', NUMBER, (c) => c.notNull())
    .addColumn('last_event', NUMBER, (c) => c.notNull())
    .addColumn('started_at', 'text')
    .addColumn('ending', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('jobs_by_state').on('jobs').columns(['state', 'made']).execute();
  await db.schema
    .createTable('job_steps')
    .addColumn('job_id', 'text', (c) => c.notNull().references('jobs.id'))
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('job_steps_key', ['job_id', 'step'])
    .execute();
  await db.schema
    .createTable('job_events')
    .addColumn('job_id', 'text', (c) => c.notNull().references('jobs.id'))
    .addColumn('seq', NUMBER, (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('job_events_key', ['job_id', 'seq'])
    .execute();
}

async function createAudit(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('seq', NUMBER, (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('count', NUMBER, (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await db.insertInto('audit_head').values({ id: 1, count: 0, hash: FIRST_BEFORE }).execute();
}

async function tokens(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('api_tokens')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('made', NUMBER, (c) => c.notNull().unique())
    .addColumn('last_used_ms', NUMBER)
    .addColumn('revoked_at', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
}
