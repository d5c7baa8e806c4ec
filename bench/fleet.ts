/**
 * `npm run bench:fleet -- [--record]`: what one unit of each kind of work costs a replica and its PostgreSQL, and what a fleet of
 * clusters comes to by that; `--record` writes it into docs/scale.md. Needs PostgreSQL, and a machine that does nothing else.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { freshPostgres, postgresLacks } from '../packages/store/testing/postgres.ts';
import { formatted } from '../tools/formatted.ts';
import { root } from '../tools/repository.ts';
import { type Costs, type Fleet, FLEETS, needsOf } from './fleet/needs.ts';
import { withCluster, speedUp } from './sandbox.ts';
import { type MeasuredService, withService } from './service/process.ts';

const { values } = parseArgs({ options: { record: { type: 'boolean', default: false } } });
const GUESTS = 10_000;
const lacks = postgresLacks();
if (lacks !== undefined) throw new Error(`PostgreSQL is needed: ${lacks}`);
const folder = await mkdtemp(join(tmpdir(), 'pxa-fleet-'));
process.env['TMPDIR'] = folder;
const [load = 0] = loadavg();
try {
  const url = await freshPostgres();
  for await (const costs of measured(url)) {
    console.log(JSON.stringify(costs));
    for (const fleet of FLEETS) console.log(JSON.stringify({ fleet, needs: needsOf(fleet, costs) }));
    if (values.record) await record(costs);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit();

function measured(url: string): AsyncGenerator<Costs> {
  return withCluster(
    { guests: GUESTS, nodes: 64 },
    async function* (sandbox) {
      await speedUp(sandbox, 50);
      yield* withService(
        sandbox,
        async function* (service) {
          const meter = await Meter.of(service, url);
          await wait(20_000); // until what it does at its start is over
          const idle = await meter.during(120, () => wait(120_000));
          const list = await meter.during(100, () => repeat(100, () => service.send('GET /vms?limit=100')));
          const change = await meter.during(100, () => repeat(100, (index) => changeOne(service, index)));
          await meter.close();
          yield { guests: GUESTS, idleSecond: idle, list, change };
        },
        { PXA_DATABASE_URL: url },
      );
    },
    ['--control'],
  );
}

async function repeat(times: number, does: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < times; index++) await does(index);
}

async function changeOne(service: MeasuredService, index: number): Promise<void> {
  const { vms } = await service.send<{ vms: { id: string }[] }>('GET /vms?limit=1&status=running');
  const { job_id: id } = await service.send<{ job_id: string }>(`PUT /vms/${vms[0]?.id}`, {
    description: `round ${index}`,
  });
  for (;;) {
    const { job } = await service.send<{ job: { completed_at: string | null } }>(`GET /jobs/${id}`);
    if (job.completed_at !== null) return;
    await wait(10);
  }
}

/** What a stretch of work costs the replica's process and the database, for each unit of it. */
class Meter {
  readonly #pid: number;
  readonly #database: pg.Client;

  private constructor(pid: number, database: pg.Client) {
    this.#pid = pid;
    this.#database = database;
  }

  static async of({ pid }: MeasuredService, url: string): Promise<Meter> {
    const database = new pg.Client({ connectionString: url });
    await database.connect();
    return new Meter(pid, database);
  }

  async during(units: number, work: () => Promise<unknown>): Promise<Costs['list']> {
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

  async #look(): Promise<Costs['list']> {
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

/** Puts what was measured into the page, in the place that is kept for it. */
async function record(costs: Costs): Promise<void> {
  const path = 'docs/scale.md';
  const page = join(root, path);
  const text = await readFile(page, 'utf8');
  const [begin, end] = ['<!-- figures: written by node bench/fleet.ts --record -->', '<!-- end of figures -->'];
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before === -1 || after < before) throw new Error(`${page} has no place for figures`);
  const body = [begin, '', machine(), '', ...costTable(costs), '', ...fleetTable(costs), ''].join('\n');
  await writeFile(page, await formatted(path, `${text.slice(0, before)}${body}\n${text.slice(after)}`));
}

function machine(): string {
  const processors = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day}: ${processors.length} × ${processors[0]?.model.trim()}, Node ${process.versions.node}, a cluster of ${GUESTS.toLocaleString('en')} guests; load before: ${load.toFixed(1)}.`;
}

function costTable({ idleSecond, list, change }: Costs): string[] {
  const row = (name: string, of: Costs['list']): string =>
    `| ${name} | ${of.cpuMs.toFixed(1)} ms | ${of.databaseMs.toFixed(2)} ms | ${of.transactions.toFixed(1)} | ${Math.round(of.bytes)} |`;
  return [
    '| unit | processor of a replica | time in PostgreSQL | transactions | bytes that stay |',
    '| --- | --- | --- | --- | --- |',
    row('a replica and one cluster, a second of nothing to do', idleSecond),
    row('a list of 100 of the guests', list),
    row('a change, from its request to the end of its job', change),
  ];
}

function fleetTable(costs: Costs): string[] {
  return [
    '| fleet | replicas of one processor | PostgreSQL: processors in use | transactions a second | growth a day |',
    '| --- | --- | --- | --- | --- |',
    ...FLEETS.map((fleet) => fleetRow(fleet, costs)),
  ];
}

function fleetRow(fleet: Fleet, costs: Costs): string {
  const { replicas, databaseProcessors, transactionsPerSecond, bytesPerDay } = needsOf(fleet, costs);
  const size = `${(bytesPerDay / 2 ** 30).toFixed(1)} GiB`;
  return `| ${fleet.clusters.toLocaleString('en')} clusters | ${replicas} | ${databaseProcessors.toFixed(1)} | ${Math.round(transactionsPerSecond)} | ${size} |`;
}
