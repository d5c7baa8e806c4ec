import { sql } from 'kysely';
import { fromKysely, PgBoss } from 'pg-boss';
import type { Engine } from './engine.ts';
import { connectionOf } from './postgres.ts';
import { postgresFailure } from './postgres-failure.ts';
import type { StoreQueue, Taken } from './queue.ts';

const QUEUE = 'jobs';
/** Where what could not be taken for long ends up, for a person to look at; the job itself stays as it is. */
const DEAD = 'jobs-dead';

/**
 * A message is settled within a second or so, since only the taking is waited for. Where its replica dies meanwhile, the
 * heartbeat tells, and it comes again.
 */
const MESSAGE = {
  heartbeatSeconds: 10,
  expireInSeconds: 120,
  retryLimit: 20,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 60,
  deleteAfterSeconds: 600,
} as const;

/** With one message a fetch it would take one a poll; retries are not woken by NOTIFY, so the poll stays short. */
const WORK = {
  batchSize: 5,
  burstWhenBatchFull: true,
  perJobResults: true,
  localConcurrency: 2,
  pollingIntervalSeconds: 2,
  notifyPollingIntervalSeconds: 2,
} as const;

/** Connections of its own beside the store's: to fetch and settle, and one that listens. */
const MOST_CONNECTIONS = 3;
const STOP_MS = 10_000;

/** A queue in the same PostgreSQL as the store, in a schema beside it. Nothing is opened before it is started. */
export function postgresQueue(engine: Engine, url: string, tell: (error: Error) => void): StoreQueue {
  let boss: PgBoss | undefined;
  return {
    async start(take) {
      const schema = `${await schemaOf(engine)}_queue`;
      const started = await open(url, schema, tell).catch((error: unknown) => {
        throw postgresFailure(error, connectionOf(url).at, 'statement');
      });
      boss = started;
      await started.work<Message, unknown, typeof WORK>(QUEUE, WORK, (messages) =>
        Promise.all(
          messages.map(async ({ id, data }) => ({ id, status: SETTLED[await taken(take, data.jobId, tell)] })),
        ),
      );
    },
    async enqueue(trx, jobId) {
      if (boss !== undefined) await send(boss, jobId, { db: fromKysely(trx) });
    },
    async again(jobIds) {
      for (const jobId of jobIds) if (boss !== undefined) await send(boss, jobId);
    },
    async stop() {
      const stopping = boss;
      boss = undefined;
      await stopping?.stop({ graceful: true, timeout: STOP_MS });
    },
  };
}

interface Message {
  readonly jobId: string;
}

const SETTLED = { held: 'completed', later: 'failed' } as const satisfies Record<Taken, string>;

async function taken(
  take: (jobId: string) => Promise<Taken>,
  jobId: string,
  tell: (error: Error) => void,
): Promise<Taken> {
  try {
    return await take(jobId);
  } catch (error) {
    tell(error instanceof Error ? error : new Error(String(error)));
    return 'later';
  }
}

/** One message a job at a time: whoever says again that it is due adds nothing. */
async function send(boss: PgBoss, jobId: string, options: Parameters<PgBoss['send']>[2] = {}): Promise<void> {
  await boss.send(QUEUE, { jobId } satisfies Message, { singletonKey: jobId, ...options });
}

async function open(url: string, schema: string, tell: (error: Error) => void): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    schema,
    max: MOST_CONNECTIONS,
    application_name: 'pxa queue',
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    flowIntervalSeconds: 600,
  });
  boss.on('error', tell);
  await boss.start();
  await boss.createQueue(DEAD, { retryLimit: 0 });
  await boss.createQueue(QUEUE, { ...MESSAGE, policy: 'exclusive', notify: true, deadLetter: DEAD });
  return boss;
}

/** The schema that the store's tables are in: its name goes before that of the queue's, so that two stores do not share one. */
function schemaOf(engine: Engine): Promise<string> {
  return engine.read(async (trx) => {
    const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(trx);
    return rows[0]?.name ?? 'public';
  });
}
