import type { Engine } from './engine.ts';
import type { StorePlace } from './open.ts';

/** The database at a place, its tables up to date. What an engine needs is loaded here. @throws StoreFailed */
export async function openEngine(where: StorePlace): Promise<Engine> {
  switch (where.kind) {
    case 'sqlite':
      return (await import('./open-sqlite.ts')).openSqlite(where.file);
    case 'postgres':
      return (await import('./open-postgres.ts')).openPostgres(where.url);
  }
}
