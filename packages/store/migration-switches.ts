import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** What a person switched for all replicas. */
export async function switches(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('switches')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
}
