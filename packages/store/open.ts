import type { Engine } from './engine.ts';
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
}

/**
 * Opens the store, makes what is not there, and brings its tables up to date. What an engine needs is loaded here and
 * not before. @throws StoreFailed where it cannot be reached, is none, or is of a newer version
 */
export async function openStore(where: StorePlace, deps: StoreDeps): Promise<Store> {
  return (await openAll(where, deps)).store;
}

/** As `openStore`, with what the service keeps in the same database; it is closed with the store. @throws StoreFailed */
export async function openAll(where: StorePlace, deps: StoreDeps): Promise<{ store: Store; service: ServiceStore }> {
  const [engine, { sqlStore }, { sqlServiceStore }] = await Promise.all([
    openEngine(where),
    import('./sql-store.ts'),
    import('./service-store.ts'),
  ]);
  return { store: sqlStore(engine, deps), service: sqlServiceStore(engine, deps) };
}

async function openEngine(where: StorePlace): Promise<Engine> {
  switch (where.kind) {
    case 'sqlite':
      return (await import('./open-sqlite.ts')).openSqlite(where.file);
    case 'postgres':
      return (await import('./open-postgres.ts')).openPostgres(where.url);
  }
}
