import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { startLab, withToken } from './testing/lab.ts';
import { ask, parseAnswer, requestText, sendRaw } from './testing/raw.ts';

let lab: Sandbox;
beforeAll(async () => {
  lab = await startLab({ control: true });
});
afterAll(() => lab.close());

const ROOT = withToken('root@pam!sandbox');
/** Longer than the server's own patience with a connection that says nothing would be a hang. */
const PATIENCE_MS = 50;
const RUNS = 150;

/** Still there, and still right? */
async function isWell(): Promise<void> {
  const answer = await ask(lab.url, 'GET /api2/json/version', ROOT);
  expect(answer.status).toBe(200);
}

const word = fc.string({ minLength: 1, maxLength: 12 }).map((text) => text.replace(/[\s\r\n]/g, '_'));
const pathPart = fc.oneof(
  fc.constantFrom(
    'api2',
    'json',
    'extjs',
    'nodes',
    'pve1',
    'tasks',
    'qemu',
    '100',
    'access',
    'ticket',
    'cluster',
    '%2F',
    '..',
    '%00',
    '',
  ),
  word,
);
const path = fc.array(pathPart, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`);
const query = fc.option(
  fc.array(fc.tuple(word, word)).map((pairs) => `?${pairs.map(([a, b]) => `${a}=${b}`).join('&')}`),
);
const method = fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'get'), word);
const header = fc.tuple(
  fc.constantFrom(
    'Content-Type',
    'Authorization',
    'Cookie',
    'Content-Length',
    'Transfer-Encoding',
    'Expect',
    'Upgrade',
    'X',
  ),
  fc.oneof(
    fc.constantFrom(
      'application/json',
      'PVEAPIToken=a@b!cd=e',
      'PVEAuthCookie=PVE:x:0::y',
      '5',
      '-1',
      'chunked',
      '100-continue',
    ),
    word,
  ),
);

it('answers or hangs up on any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await sendRaw(lab.url, Buffer.from(bytes), PATIENCE_MS);
    }),
    { numRuns: RUNS / 3 },
  );
  await isWell();
});

it('answers or hangs up on anything like a request', async () => {
  await fc.assert(
    fc.asyncProperty(
      method,
      path,
      query,
      fc.array(header, { maxLength: 4 }),
      fc.option(fc.string()),
      async (...parts) => {
        const [verb, where, search, headers, body] = parts;
        const text = requestText(`${verb} ${where}${search ?? ''}`, Object.fromEntries(headers), body ?? undefined);
        const raw = await sendRaw(lab.url, Buffer.from(text), PATIENCE_MS);
        if (raw !== '') expect(parseAnswer(raw).status).toBeGreaterThanOrEqual(100);
      },
    ),
    { numRuns: RUNS },
  );
  await isWell();
});

const API = [
  '',
  '/version',
  '/access/users',
  '/nodes/pve1/tasks',
  '/access/permissions',
  '/cluster/tasks',
  '/access/ticket',
];

it('gives an envelope for any parameters of a call', async () => {
  const route = fc.oneof(fc.constantFrom(...API), path);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'), route, fc.json(), async (verb, where, body) => {
      const sendsBody = verb === 'POST' || verb === 'PUT';
      const target = `/api2/json${encodeURI(where)}`;
      const headers = { ...ROOT, 'Content-Type': 'application/json' };
      const answer = await ask(lab.url, `${verb} ${target}`, headers, sendsBody ? body : undefined);
      expect(answer.status).toBeGreaterThanOrEqual(200);
      if (answer.body !== '') expect(JSON.parse(answer.body)).toHaveProperty('data');
    }),
    { numRuns: RUNS },
  );
  await isWell();
});
