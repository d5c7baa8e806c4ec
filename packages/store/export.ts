import { sql } from 'kysely';
import { readAudit, readAuditHead } from './audit-log.ts';
import { type AuditVerdict, verifyAudit } from './audit.ts';
import type { AuditHead } from './store.ts';
import { NEWEST } from './migrations.ts';
import { openEngine } from './open-engine.ts';
import type { StorePlace } from './open.ts';
import { StoreFailed } from './store.ts';
import { TABLE_NAMES, type TableAbout, type TableName, TABLES } from './table-names.ts';
import type { Trx } from './tables.ts';

/** The first line: what this is, and the schema that it is of. */
export interface ExportStart {
  readonly format: 'pxa store';
  readonly version: 1;
  readonly schema: string;
}

/** The last line: what must have come before it. */
export interface ExportEnd {
  readonly end: true;
  readonly counts: Readonly<Record<string, number>>;
  readonly audit: AuditHead;
  /** How many rows can be read with the store's key alone. */
  readonly sealed: number;
}

/** A row: the name of its table, and its columns. */
export type ExportRow = readonly [table: string, row: Readonly<Record<string, Cell>>];
export type Cell = string | number | null;

/** Tables whose rows are all sealed, or whose column says which are. */
const SEALED: Partial<Record<TableName, (row: Readonly<Record<string, Cell>>) => boolean>> = {
  plans: ({ sealed }) => sealed === 1,
  webhooks: () => true,
};

const PAGE = 500;

/**
 * Writes a whole store, one state of it, line by line: a start, its rows, and an end that they can be held against. What
 * is sealed stays so. @throws StoreFailed also where the audit log is not whole
 */
export async function exportStore(where: StorePlace, write: (line: string) => Promise<void>): Promise<ExportEnd> {
  const engine = await openEngine(where);
  try {
    return await engine.read(async (trx) => {
      const audit = await wholeAudit(trx, 'It is not exported');
      await write(JSON.stringify({ format: 'pxa store', version: 1, schema: NEWEST } satisfies ExportStart));
      const counts: Record<string, number> = {};
      let sealed = 0;
      for (const table of TABLE_NAMES) {
        const { isPassing }: TableAbout = TABLES[table];
        if (isPassing === true) continue;
        counts[table] = 0;
        for await (const row of rowsOf(trx, table)) {
          await write(JSON.stringify([table, row] satisfies ExportRow));
          counts[table] += 1;
          if (SEALED[table]?.(row) === true) sealed += 1;
        }
      }
      const end: ExportEnd = { end: true, counts, audit, sealed };
      await write(JSON.stringify(end));
      return end;
    });
  } finally {
    await engine.close();
  }
}

/** The rows of a table in the order of its key, page by page. */
async function* rowsOf(trx: Trx, table: TableName): AsyncGenerator<Readonly<Record<string, Cell>>> {
  const { key }: TableAbout = TABLES[table];
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let after: readonly Cell[] | undefined;
  for (;;) {
    const rest = after === undefined ? sql`` : sql`where (${columns}) > (${sql.join([...after])})`;
    const query = sql<
      Record<string, Cell>
    >`select * from ${sql.table(table)} ${rest} order by ${columns} limit ${PAGE}`;
    const { rows } = await query.execute(trx);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = key.map((column) => last[column] ?? null);
  }
}

/** The head of an audit log that is whole. @throws StoreFailed */
export async function wholeAudit(trx: Trx, otherwise: string): Promise<AuditHead> {
  const head = await readAuditHead(trx);
  const verdict: AuditVerdict = await verifyAudit(recordsOf(trx), head);
  if (!verdict.ok) throw new StoreFailed(`The audit log is not whole: ${verdict.what} ${otherwise}.`);
  if (verdict.count !== head.count) {
    throw new StoreFailed(
      `The audit log holds ${verdict.count} records, but ${head.count} were written. ${otherwise}.`,
    );
  }
  return head;
}

async function* recordsOf(trx: Trx): AsyncGenerator<Awaited<ReturnType<typeof readAudit>>[number]> {
  for (let last = 0; ;) {
    const page = await readAudit(trx, last, PAGE);
    yield* page;
    const next = page.at(-1)?.seq ?? last;
    if (next <= last) return;
    last = next;
  }
}
