import type { ColumnType } from 'kysely';

/** Written once. */
type Kept<T> = ColumnType<T, T, never>;

/** Events, who is told of them, and what they were made from. */
export interface EventTables {
  events: EventsTable;
  event_head: EventHeadTable;
  followers: FollowersTable;
  seen_guests: SeenGuestsTable;
  webhooks: WebhooksTable;
  deliveries: DeliveriesTable;
}

interface EventsTable {
  /** In the order in which they were written: whoever has read up to one misses none before it. */
  seq: Kept<number>;
  /** What it was made from: the same thing makes one event, however often it is looked at. */
  key: Kept<string>;
  type: Kept<string>;
  at_ms: Kept<number>;
  connection: Kept<string>;
  /** JSON of what happened. */
  body: Kept<string>;
}

/** One row: the number of the last event. Whoever writes events holds it, so that numbers become visible in their order. */
interface EventHeadTable {
  id: Kept<number>;
  seq: number;
}

/** How far somebody has come who makes events of something. */
interface FollowersTable {
  name: Kept<string>;
  /** Goes up with each step; a step from another place than this one is refused. */
  place: number;
  /** JSON, or empty. */
  body: string;
}

/** The guests of a connection as they were last seen. */
interface SeenGuestsTable {
  connection: Kept<string>;
  /** As the catalogue names it: `qemu/101`. */
  guest: Kept<string>;
  name: string | null;
  status: string;
}

interface WebhooksTable {
  id: Kept<string>;
  made: Kept<number>;
  active: number;
  /** JSON: the types that it is told of. */
  events: string;
  /** Address and secrets, unreadable without the key. */
  sealed: string;
  /** JSON of what else is kept. */
  body: string;
  /** When it is to be looked at next; null: nothing waits. */
  due_ms: number | null;
  /** Who sends to it; null: nobody. */
  owner: string | null;
  held_until_ms: number;
  /** Goes up with each hold, and never down. */
  fence: number;
  /** Since when nothing has reached it; null: the last attempt did. */
  failing_since_ms: number | null;
  /** 1: that it stays failing has been told. */
  told: number;
}

interface DeliveriesTable {
  webhook_id: Kept<string>;
  event_seq: Kept<number>;
  state: string;
  attempts: number;
  next_ms: number;
  /** From when on it is not tried again. */
  ends_ms: number;
  made_ms: Kept<number>;
  tried_ms: number | null;
  code: number | null;
  /** What was in the way, for a person. */
  error: string | null;
  /** The first of what was answered. */
  excerpt: string | null;
}
