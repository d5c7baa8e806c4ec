import type { Engine } from './engine.ts';
import type { Trx } from './tables.ts';

/** One request of a conversation and what it was answered. */
export interface Turn {
  readonly at: string;
  /** The words, with secrets taken out. */
  readonly request: string;
  /** The kind of the answer. */
  readonly kind: string;
  /** What a person read; null where it may repeat a secret. */
  readonly text: string | null;
  readonly plan_id: string | null;
}

/** Whose conversation, and which. */
export interface ConversationKey {
  readonly owner: string;
  readonly id: string;
}

export interface ConversationKept {
  readonly id: string;
  /** The cluster that it is about. */
  readonly connection: string;
  /** The first words. */
  readonly title: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** How many turns it has had. */
  readonly turns: number;
}

/** How many conversations one owner keeps, how many turns each, and for how long after the last. */
export const CONVERSATION_LIMITS = { perOwner: 100, turns: 200, ageMs: 30 * 86_400_000 } as const;

/** What was said, so that any replica goes on with it; of each owner by itself. */
export interface ConversationStore {
  /** Newest first. */
  conversations(owner: string): Promise<ConversationKept[]>;
  conversation(key: ConversationKey): Promise<ConversationKept | undefined>;
  /** Its last turns, oldest first. */
  turns(key: ConversationKey): Promise<Turn[]>;
  /** What a follow-up may speak of: as JSON; undefined where nothing was said. */
  conversationState(key: ConversationKey): Promise<string | undefined>;
  /** Keeps what a follow-up may speak of. */
  saveConversationState(key: ConversationKey, of: { connection: string; nowMs: number; state: string }): Promise<void>;
  /** Adds a turn; what is beyond the limits is forgotten, the oldest first. */
  addTurn(key: ConversationKey, of: { connection: string; nowMs: number; turn: Turn }): Promise<void>;
  /** False where there is none. */
  forgetConversation(key: ConversationKey): Promise<boolean>;
}

export function sqlConversationStore(engine: Engine): ConversationStore {
  return {
    conversations: (owner) => engine.read((trx) => readConversations(trx, owner)),
    conversation: (key) => engine.read((trx) => readConversation(trx, key)),
    turns: (key) => engine.read((trx) => readTurns(trx, key)),
    conversationState: (key) => engine.read((trx) => readState(trx, key)),
    saveConversationState: (key, of) => engine.write((trx) => writeState(trx, key, of)),
    addTurn: (key, of) => engine.write((trx) => insertTurn(trx, key, of)),
    forgetConversation: (key) => engine.write((trx) => removeConversation(trx, key)),
  };
}

interface Row {
  readonly id: string;
  readonly connection: string;
  readonly title: string;
  readonly created_ms: number;
  readonly updated_ms: number;
  readonly turns: number;
}

const keptOf = ({ created_ms: made, updated_ms: last, id, connection, title, turns }: Row): ConversationKept => ({
  id,
  connection,
  title,
  created_at: new Date(made).toISOString(),
  updated_at: new Date(last).toISOString(),
  turns,
});

const COLUMNS = ['id', 'connection', 'title', 'created_ms', 'updated_ms', 'turns'] as const;

async function readConversations(trx: Trx, owner: string): Promise<ConversationKept[]> {
  const rows = await trx
    .selectFrom('conversations')
    .select(COLUMNS)
    .where('owner', '=', owner)
    .orderBy('updated_ms', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(keptOf);
}

async function readConversation(trx: Trx, { owner, id }: ConversationKey): Promise<ConversationKept | undefined> {
  const row = await trx
    .selectFrom('conversations')
    .select(COLUMNS)
    .where('owner', '=', owner)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && keptOf(row);
}

async function readTurns(trx: Trx, { owner, id }: ConversationKey): Promise<Turn[]> {
  const rows = await trx
    .selectFrom('conversation_turns')
    .select('body')
    .where('owner', '=', owner)
    .where('id', '=', id)
    .orderBy('n')
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as Turn); // insertTurn wrote it
}

async function readState(trx: Trx, { owner, id }: ConversationKey): Promise<string | undefined> {
  const row = await trx
    .selectFrom('conversations')
    .select('state')
    .where('owner', '=', owner)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.state ?? undefined;
}

/** Makes the conversation where there is none, and takes its row: two replicas that write to it come one after the other. */
async function touched(trx: Trx, key: ConversationKey, of: { connection: string; nowMs: number }): Promise<number> {
  const { turns } = await trx
    .insertInto('conversations')
    .values({
      ...key,
      connection: of.connection,
      created_ms: of.nowMs,
      updated_ms: of.nowMs,
      turns: 0,
      title: '',
      state: null,
    })
    .onConflict((conflict) => conflict.columns(['owner', 'id']).doUpdateSet({ updated_ms: of.nowMs }))
    .returning('turns')
    .executeTakeFirstOrThrow();
  return turns;
}

async function writeState(
  trx: Trx,
  key: ConversationKey,
  of: { connection: string; nowMs: number; state: string },
): Promise<void> {
  await touched(trx, key, of);
  await trx
    .updateTable('conversations')
    .set({ state: of.state })
    .where('owner', '=', key.owner)
    .where('id', '=', key.id)
    .execute();
}

const MOST_TITLE = 120;

async function insertTurn(
  trx: Trx,
  key: ConversationKey,
  of: { connection: string; nowMs: number; turn: Turn },
): Promise<void> {
  const n = (await touched(trx, key, of)) + 1;
  const title = n === 1 ? { title: of.turn.request.slice(0, MOST_TITLE) } : {};
  await trx
    .updateTable('conversations')
    .set({ turns: n, ...title })
    .where('owner', '=', key.owner)
    .where('id', '=', key.id)
    .execute();
  await trx
    .insertInto('conversation_turns')
    .values({ ...key, n, body: JSON.stringify(of.turn) })
    .execute();
  await trx
    .deleteFrom('conversation_turns')
    .where('owner', '=', key.owner)
    .where('id', '=', key.id)
    .where('n', '<=', n - CONVERSATION_LIMITS.turns)
    .execute();
  await sweep(trx, key.owner, of.nowMs);
}

/** How many of the forgotten are removed at once, so that no turn waits long for them. */
const SWEPT_AT_ONCE = 50;

/** Forgets what nobody went on with for long, and the oldest of who has too many. */
async function sweep(trx: Trx, owner: string, nowMs: number): Promise<void> {
  const old = await trx
    .selectFrom('conversations')
    .select(['owner', 'id'])
    .where('updated_ms', '<', nowMs - CONVERSATION_LIMITS.ageMs)
    .orderBy('updated_ms')
    .limit(SWEPT_AT_ONCE)
    .execute();
  const many = await trx
    .selectFrom('conversations')
    .select(['owner', 'id'])
    .where('owner', '=', owner)
    .orderBy('updated_ms', 'desc')
    .orderBy('id')
    .offset(CONVERSATION_LIMITS.perOwner)
    .limit(SWEPT_AT_ONCE)
    .execute();
  for (const key of [...old, ...many]) await removeConversation(trx, key);
}

async function removeConversation(trx: Trx, { owner, id }: ConversationKey): Promise<boolean> {
  await trx.deleteFrom('conversation_turns').where('owner', '=', owner).where('id', '=', id).execute();
  const gone = await trx.deleteFrom('conversations').where('owner', '=', owner).where('id', '=', id).executeTakeFirst();
  return gone.numDeletedRows > 0n;
}
