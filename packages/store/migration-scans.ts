import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

const NUMBER = 'bigint';

/** Security scans, their findings, and the newest score of each target by the type of scan. */
export async function scans(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('scans')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('made', NUMBER, (c) => c.notNull().unique())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('run', 'integer', (c) => c.notNull())
    .addColumn('started_at', 'text')
    .addColumn('completed_at', 'text')
    .addColumn('error', 'text')
    .addColumn('result', 'text')
    .addColumn('detail', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('scan_findings')
    .addColumn('scan_id', 'text', (c) => c.notNull())
    .addColumn('n', NUMBER, (c) => c.notNull())
    .addColumn('severity', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('scan_findings_key', ['scan_id', 'n'])
    .execute();
  await db.schema
    .createTable('scan_scores')
    .addColumn('connection', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('scan_id', 'text', (c) => c.notNull())
    .addColumn('completed_ms', NUMBER, (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('scan_scores_key', ['connection', 'target', 'type'])
    .execute();
}
