import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { firstRow } from '../../packages/store/testing/postgres.ts';
import type { MeasuredService } from '../service/process.ts';
import type { Cost } from './needs.ts';

/** What a stretch of work costs the replica's process and the database, for each unit of it. */
export class Meter {
  readonly #pid: number;
  readonly #url: string;

  constructor({ pid }: Pick<MeasuredService, 'pid'>, databaseUrl: string) {
    this.#pid = pid;
    this.#url = databaseUrl;
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

  async #look(): Promise<Cost> {
    // The server's counts are up to a second behind: https://www.postgresql.org/docs/current/monitoring-stats.html
    await wait(1_500);
    const row = await firstRow(
      this.#url,
      `select xact_commit + xact_rollback as transactions, active_time as active,
              pg_database_size(current_database()) as bytes
       from pg_stat_database where datname = current_database()`,
    );
    const number = (value: unknown): number => Number(value ?? Number.NaN);
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
