import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestCertificate, type TestServer, certificate, httpsServer } from '../testing/https-server.ts';
import { NodeAgent } from './agent.ts';
import { type WireRequest, exchange } from './exchange.ts';

const MAX_BYTES = 1_000;
const EMPTY = Buffer.alloc(0);

/** What the server sends for a path. */
const BODIES: Record<string, { body: Buffer; encoding?: string }> = {
  '/fits': { body: Buffer.alloc(MAX_BYTES, 'x') },
  '/too-large': { body: Buffer.alloc(MAX_BYTES + 1, 'x') },
  '/much-too-large': { body: Buffer.alloc(MAX_BYTES * 5_000, 'x') },
  '/gzip-fits': { body: gzipSync(Buffer.alloc(MAX_BYTES, 'x')), encoding: 'gzip' },
  '/gzip-bomb': { body: gzipSync(Buffer.alloc(MAX_BYTES + 1, 'x')), encoding: 'gzip' },
  '/gzip-empty': { body: EMPTY, encoding: 'gzip' },
  '/umlauts': { body: Buffer.from('ä€😀'.repeat(50)) },
};

let shown: TestCertificate;
let server: TestServer;
let agent: NodeAgent;

beforeAll(async () => {
  shown = await certificate();
  server = await httpsServer(shown, (request, response) => {
    const { body, encoding } = BODIES[request.url ?? ''] ?? { body: EMPTY };
    if (encoding !== undefined) response.setHeader('content-encoding', encoding);
    response.end(body);
  });
  agent = new NodeAgent({ ...peer(), connectMs: 1_000 });
});
afterAll(async () => {
  agent.destroy();
  await server.close();
});

function peer(): Pick<WireRequest, 'address'> & { trust: { kind: 'pin'; fingerprint: string } } {
  return {
    address: { host: '127.0.0.1', port: server.port },
    trust: { kind: 'pin', fingerprint: shown.fingerprint },
  };
}

const wire = (path: string, more: Partial<WireRequest> = {}): WireRequest => ({
  address: peer().address,
  agent,
  method: 'GET',
  path,
  headers: {},
  timeoutMs: 2_000,
  maxBytes: MAX_BYTES,
  ...more,
});

test.each([
  ['/fits', { kind: 'answer', status: 200, body: 'x'.repeat(MAX_BYTES) }],
  ['/too-large', { kind: 'failure', failure: { cause: 'too_large', stage: 'sent' } }],
  ['/much-too-large', { kind: 'failure', failure: { cause: 'too_large' } }],
  ['/gzip-fits', { kind: 'answer', body: 'x'.repeat(MAX_BYTES) }],
  ['/gzip-bomb', { kind: 'failure', failure: { cause: 'too_large' } }],
  ['/gzip-empty', { kind: 'answer', body: '' }],
  ['/umlauts', { kind: 'answer', body: 'ä€😀'.repeat(50) }],
])('%s', async (path, expected) => {
  expect(await exchange(wire(path))).toMatchObject(expected);
});

test('a request that is cancelled before it begins does not leave', async () => {
  const before = server.requests.length;
  const outcome = await exchange(wire('/fits', { signal: AbortSignal.abort() }));
  expect(outcome).toMatchObject({ kind: 'failure', failure: { cause: 'cancelled', stage: 'unsent' } });
  expect(server.requests).toHaveLength(before);
});

test('nothing listens on a signal any more once the exchange is over', async () => {
  const controller = new AbortController();
  for (let i = 0; i < 20; i++) await exchange(wire('/fits', { signal: controller.signal }));
  controller.abort(); // Would reject what still listened; and Node warns from eleven listeners on.
  expect(await exchange(wire('/fits'))).toMatchObject({ kind: 'answer' });
});
