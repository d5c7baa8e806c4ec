import type { Engine } from './engine.ts';
import type { JobQueue, StoreQueue } from './queue.ts';
import type { RateStore } from './rates.ts';
import type { SealSource } from './seal.ts';
import type { ServiceStore } from './service-store.ts';
import type { Store } from './store.ts';

/** Where the store is: a file (or `:memory:`, gone when closed) for one machine, PostgreSQL for several replicas. */
export type StorePlace = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

export interface StoreDeps {
  /** Milliseconds since 1970. */
  now(): number;
  /** Without one, plans that hold a secret parameter are refused. */
  seal?: SealSource;
  /** Hears of trouble beside any request: of the queue. */
  tell?: (error: Error) => void;
}

/**
 * Opens the store, makes what is not there, and brings its tables up to date. What an engine needs is loaded here and
 * not before. @throws StoreFailed where it cannot be reached, is none, or is of a newer version
 */
export async function openStore(where: StorePlace, deps: StoreDeps): Promise<Store> {
  return (await openAll(where, deps)).store;
}

/** What the service stands on; all of it is closed with the store. */
export interface Opened {
  readonly store: Store;
  readonly service: ServiceStore;
  /** Where several processes can share the work; undefined where there is one alone. */
  readonly queue: JobQueue | undefined;
}

/** As `openStore`, with what the service keeps in the same database. @throws StoreFailed */
export async function openAll(where: StorePlace, deps: StoreDeps): Promise<Opened> {
  const [shared, { sqlStore }, { sqlServiceStore }] = await Promise.all([
    openShared(where, deps),
    import('./sql-store.ts'),
    import('./service-store.ts'),
  ]);
  const { engine, queue, rates, close } = shared;
  const store = sqlStore(engine, { ...deps, queue });
  const service = sqlServiceStore(engine, { ...deps, rates });
  return {
    queue,
    service,
    store: {
      ...store,
      async close() {
        await close();
        await store.close();
      },
    },
  };
}

interface Shared {
  readonly engine: Engine;
  readonly queue: StoreQueue | undefined;
  readonly rates: RateStore;
  readonly close: () => Promise<void>;
}

async function openShared(where: StorePlace, { tell = () => undefined }: StoreDeps): Promise<Shared> {
  switch (where.kind) {
    case 'sqlite': {
      const [{ openSqlite }, { memoryRates }] = await Promise.all([import('./open-sqlite.ts'), import('./rates.ts')]);
      const close = (): Promise<void> => Promise.resolve();
      return { engine: await openSqlite(where.file), queue: undefined, rates: memoryRates, close };
    }
    case 'postgres': {
      const [{ openPostgres }, { postgresQueue }, { postgresRates }] = await Promise.all([
        import('./open-postgres.ts'),
        import('./queue-postgres.ts'),
        import('./rates-postgres.ts'),
      ]);
      const engine = await openPostgres(where.url);
      const queue = postgresQueue(engine, where.url, tell);
      const rates = postgresRates(where.url);
      const close = async (): Promise<void> => {
        await queue.stop();
        await rates.close();
      };
      return { engine, queue, rates, close };
    }
  }
}
