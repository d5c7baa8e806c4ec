import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['admin']);
});
afterAll(() => lab.close());

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}"\\u0000"${'}'.repeat(levels)}`;

test.each([
  ['GET /v1/jobs/a%00b', undefined, 404, 'job_id'],
  ['GET /v1/vms?tag=%00', undefined, 422, 'tag'],
  ['POST /v1/ask', '{"request":"list \\u0000"}', 422, 'request'],
  ['POST /v1/ask', '{"request":{"x":["a","\\u0000"]}}', 422, 'request.x.1'],
  ['POST /v1/ask', '{"requ\\u0000est":"x"}', 422, ''],
])('%s %# with a NUL is refused, with its place', async (line, body, status, field) => {
  const got = body === undefined ? await lab.send(line, token) : await lab.sendRaw(line, token, body);
  expect({ status: got.status, details: got.at('error.details') }).toMatchObject({
    status,
    details: { field, reason: 'not_text' },
  });
});

test('also where it stands ever so deep', async () => {
  expect((await lab.sendRaw('POST /v1/ask', token, deep(5_000))).status).toBe(422);
});

test.each(['1.5', '1e308', '"x"', 'null'])('a cursor at %s is none of ours', async (place) => {
  const cursor = Buffer.from(`{"k":${place},"i":"","d":"next"}`).toString('base64url');
  const got = await lab.send(`GET /v1/jobs?cursor=${cursor}`, token);
  expect(got).toMatchObject({ status: 422, body: { error: { details: { reason: 'not_a_cursor' } } } });
});
