import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { MeasuredService } from '../service/process.ts';
import type { Cost } from './needs.ts';

/** What a stretch of work costs the replica's process and the database, for each unit of it. */
export class Meter {
  readonly #pid: number;
  readonly #database: pg.Client;

  private constructor(pid: number, database: pg.Client) {
    this.#pid = pid;
    this.#database = database;
  }

  static async of({ pid }: Pick<MeasuredService, 'pid'>, url: string): Promise<Meter> {
    const database = new pg.Client({ connectionString: url });
    await database.connect();
    return new Meter(pid, database);
  }

  async during(units: number, work: () => Promise<unknown>): Promise<Cost> {
    const before = await this.#look();
    await work();
    const after = await this.#look();
    const each = (a: number, b: number): number => Math.max(0, b - a) / units;
    return {
      cpuMs: each(before.cpuMs, after.cpuMs),
      databaseMs: each(before.databaseMs, after.databaseMs),
      transactions: each(before.transactions, after.transactions),
      bytes: each(before.bytes, after.bytes),
    };
  }

  async close(): Promise<void> {
    await this.#database.end();
  }

  async #look(): Promise<Cost> {
    // The server's counts are up to a second behind: https://www.postgresql.org/docs/current/monitoring-stats.html
    await wait(1_500);
    const { rows } = await this.#database.query<{ transactions: string; active: string; bytes: string }>(
      `select xact_commit + xact_rollback as transactions, active_time as active,
              pg_database_size(current_database()) as bytes
       from pg_stat_database where datname = current_database()`,
    );
    const [row] = rows;
    const number = (text: string | undefined): number => Number(text ?? Number.NaN);
    return {
      cpuMs: cpuMsOf(this.#pid),
      databaseMs: number(row?.active),
      transactions: number(row?.transactions),
      bytes: number(row?.bytes),
    };
  }
}

/** Processor time of a process so far: fields 14 and 15 of its stat, in ticks of 10 ms (proc(5)). */
function cpuMsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
