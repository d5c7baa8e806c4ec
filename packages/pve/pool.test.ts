import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, connect } from './index.ts';
import { type TestCertificate, type TestServer, certificate, httpsServer } from './testing/https-server.ts';
import { NodeAgent } from './transport/agent.ts';
import { exchange } from './transport/exchange.ts';

/** How connections are used, seen from a server that counts. */
let shown: TestCertificate;
let server: TestServer;
let cluster: Cluster;
let running = 0;
let mostRunning = 0;
const perSocket = new Map<unknown, number>();
/** Hangs up on every connection's second request, as a server does that was about to close it. */
let cutsReused = false;

function count(request: IncomingMessage, response: ServerResponse): void {
  running += 1;
  mostRunning = Math.max(mostRunning, running);
  perSocket.set(request.socket, (perSocket.get(request.socket) ?? 0) + 1);
  if (request.url?.endsWith('/hang/status')) return void request.once('close', () => (running -= 1));
  if (cutsReused && (perSocket.get(request.socket) ?? 0) > 1) {
    running -= 1;
    return void request.socket.destroy();
  }
  setImmediate(() => {
    running -= 1;
    response.setHeader('content-type', 'application/json');
    response.end(`{"data":"${request.url}"}`);
  });
}

beforeAll(async () => {
  shown = await certificate();
  server = await httpsServer(shown, count);
  cluster = connect({
    url: server.url,
    auth: { kind: 'token', tokenId: 'root@pam!test', secret: 'x'.repeat(36) },
    tls: { fingerprint: shown.fingerprint },
  });
});
afterAll(async () => {
  await cluster.close();
  await server.close();
});

test('a thousand reads take few connections, none for more than 100 requests, six at a time, each with its own answer', async () => {
  const { reader, calls } = cluster.session();
  const vmids = Array.from({ length: 1000 }, (_, i) => 100 + i);
  const reads = await Promise.all(vmids.map((vmid) => reader.getRaw(`/nodes/pve1/qemu/${vmid}/config`)));
  expect(reads.map((read) => read.ok && read.data)).toEqual(
    vmids.map((vmid) => `/api2/json/nodes/pve1/qemu/${vmid}/config`),
  );
  expect(calls.map(({ path }) => path)).toEqual(vmids.map((vmid) => `/api2/json/nodes/pve1/qemu/${vmid}/config`));
  expect(mostRunning).toBeLessThanOrEqual(6);
  expect(Math.max(...perSocket.values())).toBeLessThanOrEqual(100);
  expect(server.connections()).toBeLessThanOrEqual(16);
});

test('reads one after the other share a connection', async () => {
  const before = server.connections();
  const { reader } = cluster.session();
  for (let i = 0; i < 20; i++) expect(await reader.get('/version', {})).toMatchObject({ ok: true });
  expect(server.connections() - before).toBeLessThanOrEqual(1);
});

test('connections that the server closed while idle cost nothing but a new one', async () => {
  const { reader } = cluster.session();
  await Promise.all(Array.from({ length: 6 }, (_, i) => reader.getRaw(`/nodes/pve1/qemu/${100 + i}/config`)));
  const port = server.port;
  await server.close();
  server = await httpsServer(shown, count, { port });
  const reads = await Promise.all(
    Array.from({ length: 12 }, (_, i) => reader.getRaw(`/nodes/pve1/qemu/${100 + i}/config`)),
  );
  expect(reads.every((read) => read.ok)).toBe(true);
});

test('a kept connection that is closed in the moment of sending costs one attempt, however many were kept', async () => {
  const { reader } = cluster.session();
  await Promise.all(Array.from({ length: 6 }, (_, i) => reader.getRaw(`/nodes/pve1/qemu/${100 + i}/config`)));
  cutsReused = true;
  const { reader: later, calls } = cluster.session();
  expect(await later.get('/version', {})).toMatchObject({ ok: true });
  cutsReused = false;
  expect(calls.map(({ status }) => status)).toEqual([0, 200]);
});

test('a read that nobody waits for any more is given up', async () => {
  const controller = new AbortController();
  const { reader } = cluster.session({ signal: controller.signal });
  const reading = reader.getRaw('/nodes/hang/status');
  await until(() => running === 1);
  controller.abort();
  expect(await reading).toMatchObject({ ok: false, problem: { kind: 'cancelled' } });
  await until(() => running === 0);
});

test('waiting for its turn does not count against the time that a read may take', async () => {
  const slow = await httpsServer(shown, (_request, response) => setTimeout(() => response.end('{"data":1}'), 60));
  const waiting = connect({
    url: slow.url,
    auth: { kind: 'token', tokenId: 'root@pam!test', secret: 'x'.repeat(36) },
    tls: { fingerprint: shown.fingerprint },
    timeouts: { requestMs: 1_000 },
  });
  const { reader } = waiting.session();
  // Twenty rounds of 60 ms and more.
  const reads = await Promise.all(
    Array.from({ length: 120 }, (_, i) => reader.getRaw(`/nodes/pve1/qemu/${100 + i}/config`)),
  );
  expect(reads.filter((read) => !read.ok)).toEqual([]);
  await waiting.close();
  await slow.close();
});

// Within a second: the server would close it after five.
test('a connection that idles is closed from this end', { timeout: 1_000 }, async () => {
  const address = { host: '127.0.0.1', port: server.port };
  const trust = { kind: 'pin', fingerprint: shown.fingerprint } as const;
  const agent = new NodeAgent({ address, trust, connectMs: 1_000, idleMs: 20 });
  const wire = { address, agent, method: 'GET', path: '/x', headers: {}, timeoutMs: 1_000, maxBytes: 1_000 } as const;
  expect(await exchange(wire)).toMatchObject({ kind: 'answer', status: 200 });
  const [kept] = Object.values(agent.freeSockets).flat();
  await new Promise((resolve) => kept?.once('close', resolve));
  expect(Object.keys(agent.freeSockets)).toEqual([]);
});

/** Lets the loop turn until something is so; the test's own time limit ends it otherwise. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
