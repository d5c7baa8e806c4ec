import { sql } from 'kysely';
import { type Cell, type ExportEnd, type ExportRow, type ExportStart, wholeAudit } from './export.ts';
import { NEWEST } from './migrations.ts';
import { openEngine } from './open-engine.ts';
import type { StorePlace } from './open.ts';
import { StoreFailed } from './store.ts';
import { TABLE_NAMES, type TableAbout, type TableName, TABLES } from './table-names.ts';
import type { Trx } from './tables.ts';

/** Rows of one statement, so that no engine's limit of parameters is met. */
const ROWS_AT_ONCE = 200;

/**
 * Makes a store of what `exportStore` wrote, in one transaction: all of it, its counts and its audit log verified, or
 * nothing. Only where nothing has been kept yet. @throws StoreFailed that says what is wrong, and in which line
 */
export async function importStore(where: StorePlace, lines: AsyncIterable<string>): Promise<ExportEnd> {
  const engine = await openEngine(where);
  try {
    return await engine.write(async (trx) => {
      await refuseFilled(trx);
      const end = await new Import(trx).read(lines);
      const audit = await wholeAudit(trx, 'Nothing was imported');
      if (audit.count !== end.audit.count || audit.hash !== end.audit.hash) {
        throw refused('the audit log is another one than was exported');
      }
      return end;
    });
  } finally {
    await engine.close();
  }
}

const refused = (what: string): StoreFailed =>
  new StoreFailed(`This is no export that can be imported: ${what}. Nothing was imported.`);

/** Everything that is kept begins with one of these, so that it suffices to look at them; the rest goes before the import. */
const FIRST_KEPT = ['plans', 'api_tokens', 'audit', 'webhooks', 'conversations', 'scans'] as const;

async function refuseFilled(trx: Trx): Promise<void> {
  for (const table of FIRST_KEPT) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(trx);
    if (rows.length === 0) continue;
    throw new StoreFailed(
      `The store holds something already (in its table "${table}"), and only an empty one takes an import. Nothing was imported. Name another, or make a new database.`,
    );
  }
  // What a service that was only started leaves, and the rows that the tables are made with.
  for (const table of TABLE_NAMES.toReversed()) await sql`delete from ${sql.table(table)}`.execute(trx);
}

/** Rows on their way in. */
class Import {
  readonly #trx: Trx;
  readonly #counts: Record<string, number> = {};
  #table: TableName | undefined;
  /** The columns of the rows that wait: those of one statement have the same. */
  #columns = '';
  #rows: Readonly<Record<string, Cell>>[] = [];

  constructor(trx: Trx) {
    this.#trx = trx;
  }

  async read(lines: AsyncIterable<string>): Promise<ExportEnd> {
    let number = 0;
    let end: ExportEnd | undefined;
    for await (const line of lines) {
      number += 1;
      if (end !== undefined) throw refused(`something follows its end, in line ${number}`);
      const value = parsed(line, number);
      if (number === 1) startOf(value);
      else if (isEnd(value)) end = value;
      else await this.#take(rowOf(value, number));
    }
    await this.#flush();
    if (end === undefined) throw refused(`it breaks off after line ${number}`);
    for (const [table, count] of Object.entries(end.counts)) {
      const here = this.#counts[table] ?? 0;
      if (here !== count) throw refused(`${count} rows of ${table} were exported, and it holds ${here}`);
    }
    return end;
  }

  async #take([table, row]: readonly [TableName, Readonly<Record<string, Cell>>]): Promise<void> {
    const columns = Object.keys(row).join();
    const isLike = table === this.#table && columns === this.#columns;
    if (!isLike || this.#rows.length >= ROWS_AT_ONCE) await this.#flush();
    this.#table = table;
    this.#columns = columns;
    this.#rows.push(row);
    this.#counts[table] = (this.#counts[table] ?? 0) + 1;
  }

  async #flush(): Promise<void> {
    const [first] = this.#rows;
    if (this.#table === undefined || first === undefined) return;
    const names = Object.keys(first);
    const values = this.#rows.map((row) => sql`(${sql.join(names.map((name) => row[name] ?? null))})`);
    const columns = sql.join(names.map((name) => sql.ref(name)));
    await sql`insert into ${sql.table(this.#table)} (${columns}) values ${sql.join(values)}`.execute(this.#trx);
    this.#rows = [];
  }
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw refused(`line ${number} is not JSON`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function startOf(value: unknown): void {
  const { format, version, schema }: Partial<Record<keyof ExportStart, unknown>> = isRecord(value) ? value : {};
  if (format !== 'pxa store' || version !== 1) throw refused('its first line is not that of an export of a store');
  if (schema === NEWEST) return;
  throw refused(
    `it has the tables of another version (${String(schema).slice(0, 40)}, and here they are ${NEWEST}); export it again with this version`,
  );
}

function isEnd(value: unknown): value is ExportEnd {
  if (!isRecord(value) || value['end'] !== true) return false;
  return isRecord(value['counts']) && isRecord(value['audit']) && typeof value['sealed'] === 'number';
}

function rowOf(value: unknown, number: number): readonly [TableName, Readonly<Record<string, Cell>>] {
  const [name, row]: readonly unknown[] = Array.isArray(value) ? value : [];
  const table = TABLE_NAMES.find((each) => each === name);
  if (table === undefined || !isRecord(row)) throw refused(`line ${number} is no row of a table`);
  const { isPassing }: TableAbout = TABLES[table];
  const isRight = Object.values(row).every((cell) => cell === null || ['string', 'number'].includes(typeof cell));
  if (!isRight || isPassing === true || Object.keys(row).length === 0)
    throw refused(`line ${number} is no row of ${table}`);
  return [table, row as ExportRow[1]]; // each of its values was looked at
}
