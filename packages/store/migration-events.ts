import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

const NUMBER = 'bigint';

/** Events, webhooks and their deliveries, and what was last seen of the clusters. */
export async function events(db: Kysely<Tables>): Promise<void> {
  await createEvents(db);
  await createSeen(db);
  await createWebhooks(db);
}

async function createEvents(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('events')
    .addColumn('seq', NUMBER, (c) => c.primaryKey())
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('at_ms', NUMBER, (c) => c.notNull())
    .addColumn('connection', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('event_head')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('seq', NUMBER, (c) => c.notNull())
    .execute();
  await db.insertInto('event_head').values({ id: 1, seq: 0 }).execute();
}

async function createSeen(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('followers')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('place', NUMBER, (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('seen_guests')
    .addColumn('connection', 'text', (c) => c.notNull())
    .addColumn('guest', 'text', (c) => c.notNull())
    .addColumn('name', 'text')
    .addColumn('status', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('seen_guests_key', ['connection', 'guest'])
    .execute();
}

async function createWebhooks(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('made', NUMBER, (c) => c.notNull().unique())
    .addColumn('active', 'integer', (c) => c.notNull())
    .addColumn('events', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('due_ms', NUMBER)
    .addColumn('owner', 'text')
    .addColumn('held_until_ms', NUMBER, (c) => c.notNull())
    .addColumn('fence', NUMBER, (c) => c.notNull())
    .addColumn('failing_since_ms', NUMBER)
    .addColumn('told', 'integer', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('webhooks_by_due').on('webhooks').columns(['active', 'due_ms']).execute();
  await db.schema
    .createTable('deliveries')
    .addColumn('webhook_id', 'text', (c) => c.notNull().references('webhooks.id'))
    .addColumn('event_seq', NUMBER, (c) => c.notNull().references('events.seq'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_ms', NUMBER, (c) => c.notNull())
    .addColumn('ends_ms', NUMBER, (c) => c.notNull())
    .addColumn('made_ms', NUMBER, (c) => c.notNull())
    .addColumn('tried_ms', NUMBER)
    .addColumn('code', 'integer')
    .addColumn('error', 'text')
    .addColumn('excerpt', 'text')
    .addPrimaryKeyConstraint('deliveries_key', ['webhook_id', 'event_seq'])
    .execute();
  await db.schema
    .createIndex('deliveries_by_state')
    .on('deliveries')
    .columns(['webhook_id', 'state', 'event_seq'])
    .execute();
  await db.schema.createIndex('deliveries_by_event').on('deliveries').column('event_seq').execute();
}
