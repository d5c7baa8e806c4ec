import type { Job, PlanRecord } from '@pxa/contract';
import type { Kysely } from 'kysely';
import { plainFacts } from './plans.ts';
import type { Tables } from './tables.ts';

const NUMBER = 'bigint';

/** What lists tell of plans and jobs has columns; conversations are kept for whoever began them. */
export async function lists(db: Kysely<Tables>): Promise<void> {
  for (const column of ['action', 'risk', 'says'] as const)
    await db.schema.alterTable('plans').addColumn(column, 'text').execute();
  await db.schema.alterTable('plans').addColumn('seconds', NUMBER).execute();
  await db.schema.alterTable('jobs').addColumn('created_ms', NUMBER).execute();
  await fillLists(db);
  await createConversations(db);
}

/** What was kept before there were the columns is told in them, too. */
export async function fillLists(db: Kysely<Tables>): Promise<void> {
  await fillPlans(db);
  await fillJobs(db);
}

const AT_ONCE = 100;

/** Of what is sealed, the plan itself tells when it is opened. */
async function fillPlans(db: Kysely<Tables>): Promise<void> {
  for (let last = ''; ;) {
    const rows = await db
      .selectFrom('plans')
      .select(['id', 'sealed', 'body'])
      .where('id', '>', last)
      .orderBy('id')
      .limit(AT_ONCE)
      .execute();
    for (const { id, sealed, body } of rows) {
      if (sealed === 1) continue;
      const facts = plainFacts(JSON.parse(body) as PlanRecord); // insertPlan wrote it
      await db.updateTable('plans').set(facts).where('id', '=', id).execute();
    }
    const next = rows.at(-1);
    if (next === undefined) return;
    last = next.id;
  }
}

async function fillJobs(db: Kysely<Tables>): Promise<void> {
  for (let last = 0; ;) {
    const rows = await db
      .selectFrom('jobs')
      .select(['id', 'made', 'body'])
      .where('made', '>', last)
      .orderBy('made')
      .limit(AT_ONCE)
      .execute();
    for (const { id, body } of rows) {
      const { created_at: at } = JSON.parse(body) as Pick<Job, 'created_at'>; // beginJob wrote it
      await db
        .updateTable('jobs')
        .set({ created_ms: Date.parse(at) })
        .where('id', '=', id)
        .execute();
    }
    const next = rows.at(-1);
    if (next === undefined) return;
    last = next.made;
  }
}

async function createConversations(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('conversations')
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('connection', 'text', (c) => c.notNull())
    .addColumn('created_ms', NUMBER, (c) => c.notNull())
    .addColumn('updated_ms', NUMBER, (c) => c.notNull())
    .addColumn('turns', NUMBER, (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('state', 'text')
    .addPrimaryKeyConstraint('conversations_key', ['owner', 'id'])
    .execute();
  await db.schema
    .createIndex('conversations_by_age')
    .on('conversations')
    .columns(['updated_ms', 'owner', 'id'])
    .execute();
  await db.schema
    .createTable('conversation_turns')
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('n', NUMBER, (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('conversation_turns_key', ['owner', 'id', 'n'])
    .execute();
}
