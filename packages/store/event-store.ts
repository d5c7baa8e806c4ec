import type { Engine } from './engine.ts';
import {
  type Attempt,
  claimDelivery,
  countDeliveries,
  type DeliveriesWish,
  deliveriesOf,
  type Delivery,
  type DeliveryCount,
  isDeliveryDue,
  recordAttempt,
  redeliver,
  type WebhookHold,
} from './deliveries.ts';
import {
  type NewEvent,
  readEventRange,
  readEventsAfter,
  type ServiceEvent,
  sweepEvents,
  writeNewEvents,
} from './events.ts';
import {
  type Follower,
  followStep,
  type FollowStep,
  readFollower,
  readSeen,
  readSeenAs,
  type SeenGuest,
} from './followers.ts';
import type { SealSource } from './seal.ts';
import { type AuditEntry, StoreFailed } from './store.ts';
import {
  deleteWebhook,
  insertWebhook,
  privateOf,
  readWebhook,
  readWebhooks,
  replaceWebhook,
  type Webhook,
  type WebhookRow,
  webhookOf,
} from './webhooks.ts';

/** A delivery that is to be tried now, with the webhook that it goes to. */
export interface DueDelivery {
  readonly hold: WebhookHold;
  readonly webhook: Webhook;
  readonly delivery: Delivery;
  /** That the webhook stays failing has been told. */
  readonly told: boolean;
}

/** Events, who is told of them, and how that went. Times are milliseconds since 1970. */
export interface EventStore {
  follower(name: string): Promise<Follower | undefined>;
  /** One step of a follower, all of it or nothing; false where another has moved on from there. */
  followStep(step: FollowStep): Promise<boolean>;
  seenGuests(connection: string): Promise<SeenGuest[]>;
  /** Those that were in a state when they were last seen, as the catalogue names them: `qemu/101`. */
  seenAs(connection: string, status: string): Promise<string[]>;
  /** Writes events beside any follower, each once by its key; gives the numbers of those that were new. */
  addEvents(events: readonly NewEvent[], nowMs: number): Promise<number[]>;
  eventsAfter(of: { after: number; limit: number; types?: readonly string[] }): Promise<ServiceEvent[]>;
  /** The number of the last event, and of the oldest that is still kept. */
  eventRange(): Promise<{ oldest: number; newest: number }>;
  /** Forgets events from before a time with their deliveries, so many at most; gives how many. */
  sweepEvents(beforeMs: number, limit: number): Promise<number>;

  /** Keeps a webhook; false where there are `most` already. @throws StoreFailed where there is no key for its secret */
  addWebhook(webhook: Webhook, most: number, audit: AuditEntry): Promise<boolean>;
  webhook(id: string): Promise<Webhook | undefined>;
  /** Newest first. */
  webhooks(): Promise<Webhook[]>;
  /** Writes a webhook over the one that was read; false where it has been changed or removed since. */
  replaceWebhook(before: Webhook, after: Webhook, audit: AuditEntry): Promise<boolean>;
  deleteWebhook(id: string, audit: AuditEntry): Promise<boolean>;

  /** Takes hold of a webhook for which something is due, and gives the oldest of it; undefined where nothing is. */
  claimDelivery(of: { owner: string; now: number; leaseMs: number }): Promise<DueDelivery | undefined>;
  /** Writes what came of an attempt, and lets go. False where another holds the webhook by now. */
  recordAttempt(hold: WebhookHold, attempt: Attempt): Promise<boolean>;
  deliveries(webhookId: string, wish: DeliveriesWish): Promise<Delivery[]>;
  /** Undefined where there is no such webhook. */
  countDeliveries(webhookId: string, of?: DeliveryCount): Promise<number | undefined>;
  /** Lets a delivery be tried again at once. */
  redeliver(of: { webhookId: string; seq: number; nowMs: number }): Promise<Delivery | undefined>;
}

/** Over an engine; webhooks are sealed with the key, which is fetched outside of the transactions. */
export function sqlEventStore(engine: Engine, source: SealSource | undefined): EventStore {
  return {
    ...webhookStore(engine, source),
    follower: (name) => engine.look((db) => readFollower(db, name)),
    followStep: (step) => engine.write((trx) => followStep(trx, step)),
    seenGuests: (connection) => engine.look((db) => readSeen(db, connection)),
    seenAs: (connection, status) => engine.look((db) => readSeenAs(db, connection, status)),
    addEvents: (events, nowMs) => engine.write((trx) => writeNewEvents(trx, events, nowMs)),
    eventsAfter: (of) => engine.look((db) => readEventsAfter(db, of)),
    eventRange: () => engine.look(readEventRange),
    sweepEvents: (beforeMs, limit) => engine.write((trx) => sweepEvents(trx, beforeMs, limit)),
    async claimDelivery(of) {
      // Asked for often, and mostly in vain: nobody is made to wait for a look.
      if (!(await engine.look((db) => isDeliveryDue(db, of.now)))) return undefined;
      const held = await engine.write((trx) => claimDelivery(trx, of));
      if (held === undefined) return undefined;
      const { hold, delivery, told } = held;
      return { hold, delivery, told, webhook: await opened(held.row, source) };
    },
    recordAttempt: (hold, attempt) => engine.write((trx) => recordAttempt(trx, hold, attempt)),
    deliveries: (id, wish) => engine.read((trx) => deliveriesOf(trx, id, wish)),
    countDeliveries: (id, of = {}) => engine.read((trx) => countDeliveries(trx, id, of)),
    redeliver: (of) => engine.write((trx) => redeliver(trx, of)),
  };
}

type WebhookStore = Pick<EventStore, 'addWebhook' | 'webhook' | 'webhooks' | 'replaceWebhook' | 'deleteWebhook'>;

function webhookStore(engine: Engine, source: SealSource | undefined): WebhookStore {
  return {
    async addWebhook(webhook, most, audit) {
      const sealed = await sealedOf(webhook, source);
      return engine.write((trx) => insertWebhook(trx, { webhook, sealed, most, audit }));
    },
    async webhook(id) {
      const row = await engine.read((trx) => readWebhook(trx, id));
      return row && opened(row, source);
    },
    async webhooks() {
      const rows = await engine.read(readWebhooks);
      return Promise.all(rows.map((row) => opened(row, source)));
    },
    async replaceWebhook(before, after, audit) {
      const sealed = await sealedOf(after, source);
      return engine.write((trx) => replaceWebhook(trx, { before, after, sealed, audit }));
    },
    deleteWebhook: (id, audit) => engine.write((trx) => deleteWebhook(trx, id, audit)),
  };
}

async function sealedOf(webhook: Webhook, source: SealSource | undefined): Promise<string> {
  if (source === undefined) {
    throw new StoreFailed('The webhook was not kept: there is no key to seal its secret with. Give the store a key.');
  }
  return (await source()).seal(privateOf(webhook));
}

async function opened(row: WebhookRow, source: SealSource | undefined): Promise<Webhook> {
  if (source === undefined) {
    throw new StoreFailed(
      `Webhook ${row.id} is sealed, and no key was given. Give the key that was used when it was made.`,
    );
  }
  const seal = await source();
  try {
    return webhookOf(row, await seal.open(row.sealed));
  } catch (cause) {
    throw new StoreFailed(
      `Webhook ${row.id} is sealed with another key than the one that was given. Give the key that was used when it was made.`,
      { cause },
    );
  }
}
