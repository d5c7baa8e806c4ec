/**
 * `node packages/store/testing/write-dumps.ts [MIGRATION]`: writes what a database of a schema looks like, as SQL, for each
 * engine. Run once when a schema is released, by the version that is: from then on its dump never changes.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { appendAudit } from '../audit-log.ts';
import { migrations, NEWEST } from '../migrations.ts';
import { connectPostgres } from '../postgres.ts';
import { connectSqlite } from '../sqlite.ts';
import type { Trx } from '../tables.ts';
import { dumpFile } from './dumps.ts';
import { freshPostgres } from './postgres.ts';
import { approvalOf, entry, eventOf, jobOf, NOW_MS, planOf, stepOf, word } from './samples.ts';

const schema = process.argv[2] ?? NEWEST;

const file = join(mkdtempSync(join(tmpdir(), 'dump-')), 'store.db');
const { engine } = connectSqlite(file);
await engine.write(upTo);
await engine.close();
write('sqlite', sqliteDump(file));

const url = await freshPostgres();
const postgres = connectPostgres(url);
await postgres.write(async (trx) => upTo(trx, new URL(url).searchParams.get('options')?.split('search_path=')[1]));
await postgres.close();
write('postgres', postgresDump(url));
process.exit();

/** Makes the tables as that schema has them. */
async function upTo(trx: Trx, migrationTableSchema?: string): Promise<void> {
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const migrator = new Migrator({ db: trx, provider, ...(migrationTableSchema && { migrationTableSchema }) });
  const { error } = await migrator.migrateTo(schema);
  if (error !== undefined) throw error instanceof Error ? error : new Error(String(error));
  await fill(trx);
}

/** A plan that was carried out, and from the second schema on a token: in the columns that every schema has. */
async function fill(trx: Trx): Promise<void> {
  const record = planOf('1');
  const { state: _, decisions: __, ...approval } = approvalOf(record);
  const job = jobOf(approvalOf(record));
  const made = await appendAudit(trx, entry('plan.proposed'));
  await sql`insert into plans (id, sealed, body) values ('1', 0, ${JSON.stringify(record)})`.execute(trx);
  await sql`insert into approvals (id, plan_id, state, expires_ms, made, decisions, body) values (${approval.id}, '1', 'used', ${NOW_MS}, ${made}, ${JSON.stringify([word('anna')])}, ${JSON.stringify(approval)})`.execute(
    trx,
  );
  const { id, plan_id, approval_id, cluster, says, created_at } = job;
  const body = JSON.stringify({ id, plan_id, approval_id, cluster, says, created_at });
  const begun = await appendAudit(trx, entry('job.begun'));
  await sql`insert into jobs (id, plan_id, approval_id, cluster, state, cancelling, made, owner, fence, held_until_ms, last_event, started_at, ending, body) values (${id}, '1', ${approval_id}, ${cluster}, 'queued', 0, ${begun}, null, 0, 0, 1, null, null, ${body})`.execute(
    trx,
  );
  for (const step of [0, 1]) {
    await sql`insert into job_steps (job_id, step, body) values (${id}, ${step}, ${JSON.stringify(stepOf(step, 'pending'))})`.execute(
      trx,
    );
  }
  const event = JSON.stringify({ ...eventOf(id, says, { kind: 'queued' }), seq: 1 });
  await sql`insert into job_events (job_id, seq, body) values (${id}, 1, ${event})`.execute(trx);
  if (schema >= '002') {
    const token = {
      id: 'tok_1',
      name: 'old',
      description: '',
      prefix: 'pxa_abcdefgh',
      scopes: ['vm:read'],
      approval: 'own',
      created_at,
      created_by: 'anna',
      expires_at: null,
    };
    const at = await appendAudit(trx, entry('token.created'));
    await sql`insert into api_tokens (id, hash, made, body) values ('tok_1', 'hash-1', ${at}, ${JSON.stringify(token)})`.execute(
      trx,
    );
  }
}

function sqliteDump(path: string): string {
  const database = new DatabaseSync(path);
  const made = database
    .prepare(`select name, sql from sqlite_master where sql is not null and name not like 'sqlite%' order by rowid`)
    .all();
  const tables = made.filter(({ sql }) => String(sql).toLowerCase().startsWith('create table'));
  const rows = tables.flatMap(({ name }) =>
    database
      .prepare(`select * from "${String(name)}"`)
      .all()
      .map((row) => `insert into "${String(name)}" values (${Object.values(row).map(literal).join(', ')});`),
  );
  return [...made.map(({ sql }) => `${String(sql)};`), ...rows, ''].join('\n');
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

/** What pg_dump says of it, without what belongs to its session and to the schema that the tables were in. */
function postgresDump(address: string): string {
  const search = new URL(address).searchParams;
  const [, name = ''] = search.get('options')?.split('search_path=') ?? [];
  const args = ['--no-owner', '--inserts', `--schema=${name}`, '-h', search.get('host') ?? '', '-U', 'pxa', 'postgres'];
  const dumped = execFileSync('pg_dump', args, { encoding: 'utf8' });
  return dumped
    .replaceAll(`${name}.`, '')
    .split('\n')
    .filter((line) => line !== '' && !/^(?:--|SET |SELECT pg_catalog|CREATE SCHEMA|\\)/.test(line))
    .concat('')
    .join('\n');
}

function write(engineName: 'sqlite' | 'postgres', text: string): void {
  const path = dumpFile(engineName, schema);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
