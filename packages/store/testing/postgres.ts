import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

/** Why there is no PostgreSQL for tests on this machine; undefined where there is. */
export function postgresLacks(): string | undefined {
  const missing = ['postgres', 'initdb'].filter((name) => !isOnPath(name));
  if (missing.length > 0) return `${missing.join(' and ')} not on PATH`;
  return runner() === undefined
    ? 'it refuses to run as root, and there is no setpriv, or no user postgres or nobody'
    : undefined;
}

let server: Promise<string> | undefined;

/** The address of a server of this test run: started when first asked for, by whichever thread asks first. */
function postgresUrl(): Promise<string> {
  server ??= shared();
  return server;
}

let schemas = 0;

/** An address of the server at which there are no tables yet. */
export async function freshPostgres(): Promise<string> {
  const base = await postgresUrl();
  const schema = `t_${process.pid}_${Math.trunc(performance.timeOrigin)}_${++schemas}`;
  await runSql(base, `create schema ${schema}`);
  return `${base}&options=${encodeURIComponent(`-c search_path=${schema}`)}`;
}

/** Runs SQL past the store, and gives how many rows it gave or changed. */
export async function runSql(url: string, text: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

/** What a query past the store gives first. */
export async function firstRow(url: string, text: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows[0];
  } finally {
    await client.end();
  }
}

async function shared(): Promise<string> {
  const folder = join(tmpdir(), 'pxa-postgres');
  const file = join(folder, 'url');
  try {
    mkdirSync(folder);
  } catch {
    // another thread of this run is starting it
    while (!existsSync(file)) await wait(20);
    return readFileSync(file, 'utf8');
  }
  const url = await startPostgres();
  writeFileSync(file, url);
  return url;
}

/** A server's data in a folder of its own: its address, once it runs, and the command that runs it. */
export function newPostgres(): { home: string; url: string; serve: string[] } {
  const { command, owner } = runner() ?? { command: [], owner: undefined };
  // not in the folder of the run: that is closed to the user that the server runs as; and paths of sockets must be short
  const home = mkdtempSync('/tmp/pxa-pg-');
  if (owner) chownSync(home, owner.uid, owner.gid);
  const run = [
    ...command,
    'initdb',
    '--pgdata',
    `${home}/data`,
    '--no-sync',
    '--auth=trust',
    '--username=pxa',
    '-E',
    'UTF8',
    '--locale=C',
  ];
  execFileSync(run[0] ?? '', run.slice(1), { cwd: home, stdio: 'pipe' });
  writeFileSync(`${home}/data/pg_hba.conf`, `local all guarded scram-sha-256\nlocal all all trust\n`);
  const settings = ['fsync=off', 'listen_addresses=', `unix_socket_directories=${home}`, 'max_connections=200'];
  const serve = [...command, 'postgres', '-D', `${home}/data`, ...settings.flatMap((one) => ['-c', one])];
  return { home, serve, url: `postgres://pxa@localhost/postgres?host=${home}` };
}

/** Starts a server; it ends, and its folder goes, after this process has ended. */
async function startPostgres(): Promise<string> {
  const { home, url, serve } = newPostgres();
  spawn('sh', ['-c', WATCH, 'sh', String(process.pid), home, ...serve], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
  }).unref();
  await untilUp(url);
  return url;
}

/** Settles when a server answers, or has had ten seconds to. */
export async function untilUp(url: string): Promise<void> {
  for (let tries = 0; tries < 500 && !(await isUp(url)); tries++) await wait(20);
}

/** Runs a command beside, and stops it when a process has ended however that came about. */
const WATCH = `pid=$1 home=$2; shift 2; "$@" >"$home/log" 2>&1 & server=$!
  while kill -0 "$pid" 2>/dev/null && kill -0 "$server" 2>/dev/null; do sleep 0.5; done
  kill -INT "$server"; wait "$server"; rm -rf "$home"`;

async function isUp(url: string): Promise<boolean> {
  return runSql(url, 'select 1').then(
    () => true,
    () => false,
  );
}

interface Runner {
  command: string[];
  owner: { uid: number; gid: number } | undefined;
}

/** How the server is run by a user that it accepts. */
function runner(): Runner | undefined {
  if (process.getuid?.() !== 0) return { command: [], owner: undefined };
  if (!isOnPath('setpriv')) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (user === undefined) return undefined;
  const [uid, gid] = [Number(user[2]), Number(user[3])];
  return { command: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'], owner: { uid, gid } };
}

function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}
