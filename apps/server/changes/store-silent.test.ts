import { AttemptLost, StoreFailed } from '@pxa/assistant/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeEach(async () => {
  lab = await Lab.start();
  token = await lab.token(['admin']);
});
afterEach(() => lab.close());

/** Has the store fail at one thing, once. */
function failing<K extends 'propose' | 'job'>(at: K, error: Error): void {
  const { store } = lab.service;
  const works = store[at];
  Object.assign(store, {
    [at]: () => {
      Object.assign(store, { [at]: works });
      return Promise.reject(error);
    },
  });
}

test.each([
  ['not_done', new StoreFailed('The disk is full.')],
  ['unknown', new StoreFailed('The connection broke off.', { fate: 'unknown' })],
])('a plan that could not be kept (%s) is told as such, not as the fault of the cluster', async (reason, error) => {
  failing('propose', error);
  const key = { 'idempotency-key': 'once' };
  const got = await lab.send('POST /v1/vms/vm-104/start', token, undefined, key);
  expect(got).toMatchObject({ status: 503, body: { error: { code: 'STORE_UNAVAILABLE', details: { reason } } } });
  expect(JSON.stringify(got.body)).not.toContain(error.message);
  // Under the same key it is done then, and once.
  const again = await lab.send('POST /v1/vms/vm-104/start', token, undefined, key);
  expect(again.status).toBe(202);
  expect(await lab.ended(again.text('data.job_id'))).toMatchObject({ state: 'done' });
});

test('what is read and cannot be is told as such', async () => {
  failing('job', new StoreFailed('The server is gone.'));
  expect(await lab.send('GET /v1/jobs/job_1', token)).toMatchObject({
    status: 503,
    body: { error: { code: 'STORE_UNAVAILABLE', details: { reason: 'not_done' } } },
  });
});

test.each([
  ['POST /v1/vms/vm-104/start', undefined],
  ['POST /v1/ask', { request: 'start 104' }],
])('%s that somebody else goes on with is left to them', async (line, body) => {
  failing('propose', new AttemptLost('Another attempt goes on with it.'));
  expect(await lab.send(line, token, body)).toMatchObject({
    status: 409,
    body: { error: { code: 'RESOURCE_CONFLICT', details: { reason: 'under_way' } } },
  });
});
