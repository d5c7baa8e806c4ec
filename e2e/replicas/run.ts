/**
 * `npm run test:replicas`: three `pxa serve` over one PostgreSQL and one cluster, behind something that balances load.
 * Under load each is killed in turn, PostgreSQL is restarted in between; nothing may be lost, and nothing done twice.
 *
 *     npm run test:replicas -- --workers 8 --pause 4
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { postgresLacks } from '../../packages/store/testing/postgres.ts';
import { CountedCluster } from '../kill/cluster.ts';
import { Balancer } from './balancer.ts';
import { wrongs } from './check.ts';
import { at, Client } from './client.ts';
import { Database } from './database.ts';
import { Hooked } from './hooked.ts';
import { Replica } from './replica.ts';
import { type Done, type Machine, work } from './worker.ts';

const { values } = parseArgs({
  options: { workers: { type: 'string', default: '8' }, pause: { type: 'string', default: '4' } },
});

const lacks = postgresLacks();
if (lacks !== undefined) {
  console.log(`Skipped: ${lacks}.`);
  console.log('0 passed, 0 failed');
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), 'pxa-replicas-'));
const database = new Database();
await database.start();
const cluster = await CountedCluster.start(1);
const { url, tokenId, tokenSecret, fingerprint } = cluster.sandbox;
const env = {
  HOME: folder,
  PXA_PVE_URL: url,
  PXA_PVE_TOKEN_ID: tokenId,
  PXA_PVE_TOKEN_SECRET: tokenSecret,
  PXA_PVE_FINGERPRINT: fingerprint,
  PXA_DATABASE_URL: database.url,
  PXA_WEBHOOK_ALLOW_PRIVATE: '1',
};
const replicas = ['a', 'b', 'c'].map((name) => new Replica(name, env));
const balancer = await Balancer.start(() => replicas.flatMap(({ port }) => port ?? []));
const began = performance.now();
let passed = 0;
let failed = 0;
try {
  await play();
} catch (error) {
  failed += 1;
  console.log(error);
} finally {
  await Promise.all(replicas.map((replica) => replica.stop()));
  balancer.close();
  await cluster.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function tell(text: string): void {
  console.log(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
}

function expect(what: string, wrong: readonly string[]): void {
  if (wrong.length === 0) passed += 1;
  else failed += 1;
  tell(`${wrong.length === 0 ? 'ok' : 'FAILED'}  ${what}`);
  for (const each of wrong.slice(0, 20)) console.log(`          ${each}`);
}

async function play(): Promise<void> {
  const tokens = (await Promise.all(replicas.map((replica) => replica.start()))).filter((token) => token !== null);
  expect('of three that start at once, one has the first token', tokens.length === 1 ? [] : [`${tokens.length} have`]);
  const admin = new Client(balancer.url, String(tokens[0]));
  const machines = await machinesOf(admin, Number(values.workers));
  const hooked = await Hooked.start(admin);
  let isOver = false;
  const clients: Client[] = [admin];
  const working = machines.map(async (machine, index) => {
    const isLast = index === machines.length - 1;
    const client = new Client(balancer.url, await tokenOf(admin, isLast ? 'required' : 'own', index));
    clients.push(client);
    const word = isLast ? ({ kind: 'another', approver: admin } as const) : ({ kind: 'own' } as const);
    return work(client, machine, { word, isOver: () => isOver });
  });
  const all = Promise.all(working);
  await Promise.race([all, disturb()]);
  isOver = true;
  tell('no more is asked for; what is under way comes to its end');
  const done: Done[] = (await all).flat();
  const repeats = clients.reduce((sum, client) => sum + client.repeats, 0);
  tell(`${done.length} changes; ${repeats} requests were sent again`);
  expect('there was load', done.length >= machines.length * 3 ? [] : [`only ${done.length} changes`]);
  expect('nothing lost, nothing doubled', await wrongs(database.url, { done, arrived: cluster.arrived }));
  expect('a webhook is told of all of it, in order', await hooked.wrongs(done));
  tell(`${hooked.count} messages came to the webhook`);
  hooked.close();
}

/** Kills each in turn and starts it again; restarts the database in between. */
async function disturb(): Promise<void> {
  const pauseMs = Number(values.pause) * 1_000;
  for (const replica of replicas) {
    await wait(pauseMs);
    tell(`kill -9 of replica ${replica.name}`);
    await replica.kill();
    await wait(pauseMs / 2);
    await replica.start();
    await wait(pauseMs / 2);
    tell('PostgreSQL is restarted');
    await database.restart();
  }
  await wait(pauseMs);
}

async function tokenOf(admin: Client, approval: 'own' | 'required', index: number): Promise<string> {
  const permissions = ['vm:read', 'vm:write', 'job:read'];
  const got = await admin.send('POST', '/v1/auth/tokens', { body: { name: `worker ${index}`, permissions, approval } });
  return String(at(got, 'data.access_token'));
}

async function machinesOf(admin: Client, count: number): Promise<Machine[]> {
  const vms = at(await admin.send('GET', '/v1/vms?limit=100'), 'data.vms') as {
    id: string;
    status: string;
    node: string;
  }[]; // as the document has it
  return vms.slice(0, count).map(({ id, status, node }) => ({ vmId: id, node, isRunning: status === 'running' }));
}
