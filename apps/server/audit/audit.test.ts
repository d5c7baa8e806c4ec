import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
let whole: readonly Readonly<Record<string, unknown>>[];
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['audit:read']);
  const worker = await lab.token(['vm:write']);
  const begun = await lab.send('POST /v1/vms/vm-104/start', worker);
  await lab.ended(begun.text('data.job_id'));
  whole = (await lab.send('GET /v1/audit?limit=200&order=asc', token)).list('data.records');
});
afterAll(() => lab.close());

const seqs = (got: Got): unknown[] => got.list('data.records').map(({ seq }) => seq);

describe('GET /v1/audit', () => {
  test('tells what happened, the newest first, page by page', async () => {
    const all = whole.map(({ seq }) => seq).toReversed();
    const first = await lab.send('GET /v1/audit?limit=3', token);
    expect(seqs(first)).toEqual(all.slice(0, 3));
    expect(first.at('data.pagination')).toMatchObject({ limit: 3, has_next: true, next_cursor: String(all[2]) });
    const second = await lab.send(`GET /v1/audit?limit=200&cursor=${String(all[2])}`, token);
    expect(seqs(second)).toEqual(all.slice(3));
    expect(second.at('data.pagination')).toMatchObject({ has_next: false, next_cursor: null });
  });

  test.each([
    ['?kind=plan.approved', ['plan.approved']],
    ['?who=anna&door=rest&kind=job.ended', ['job.ended']],
    ['?who=bert', []],
    ['?since=2030-01-01T00:00:00Z', []],
    ['?until=2026-02-23T09:59:59Z', []],
    ['?kind=token.created&order=asc', ['token.created', 'token.created']],
  ])('%s', async (query, expected) => {
    const got = await lab.send(`GET /v1/audit${query}`, token);
    expect(got.list('data.records').map(({ kind }) => kind)).toEqual(expected);
  });

  test('streams all of it as JSON Lines', async () => {
    const got = await lab.send('GET /v1/audit?format=jsonl&order=asc', token);
    expect(got.headers['content-type']).toMatch(/^application\/x-ndjson/);
    const lines = String(got.body).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(whole);
  });

  const refused: [line: string, status: number, details: object][] = [
    ['GET /v1/audit?cursor=-1', 422, { field: 'cursor' }],
    ['GET /v1/audit?limit=0', 422, { field: 'limit' }],
    ['GET /v1/audit?since=monday', 422, { field: 'since' }],
    ['GET /v1/audit?format=xml', 422, { field: 'format' }],
    ['GET /v1/audit/verify?noted=abc', 422, { field: 'noted' }],
  ];
  test.each(refused)('%s is refused', async (line, status, details) => {
    const got = await lab.send(line, token);
    expect({ status: got.status, details: got.at('error.details') }).toMatchObject({ status, details });
  });

  test('is not for who may not see it', async () => {
    const other = await lab.token(['vm:read']);
    expect((await lab.send('GET /v1/audit', other)).status).toBe(403);
    expect((await lab.send('GET /v1/audit/verify', other)).status).toBe(403);
  });
});

test('GET /v1/audit/verify finds the log whole, and a head that was noted in it', async () => {
  const got = await lab.send('GET /v1/audit/verify', token);
  expect(got.at('data')).toMatchObject({ intact: true, first_bad: null, problem: null });
  const noted = await lab.send(`GET /v1/audit/verify?noted=${String(whole[0]?.['hash'])}`, token);
  expect(noted.at('data.intact')).toBe(true);
  const other = await lab.send(`GET /v1/audit/verify?noted=${'a'.repeat(64)}`, token);
  expect(other.at('data')).toMatchObject({ intact: false, problem: expect.stringMatching(/written anew/) });
});

test('a log of many pages is streamed whole, in its order, and from where it was left', async () => {
  const many = await Lab.start();
  const all = await many.token(['audit:read']);
  const { store } = many.service;
  const entry = { at: '2026-02-23T10:00:00.000Z', who: 'anna', door: 'rest', cluster: '', plan_id: null, job_id: null };
  for (let n = 1; n <= 1_100; n += 1) await store.audit({ ...entry, kind: n % 2 === 0 ? 'even' : 'odd', data: { n } });
  const streamed = async (query: string): Promise<number[]> => {
    const got = await many.send(`GET /v1/audit?format=jsonl&${query}`, all);
    const lines = String(got.body).split('\n').filter(Boolean);
    return lines.map((line) => (JSON.parse(line) as { seq: number }).seq); // each line is a record
  };
  const asc = await streamed('order=asc');
  expect(asc).toEqual(Array.from({ length: 1_101 }, (_, at) => at + 1));
  expect(await streamed('order=desc')).toEqual(asc.toReversed());
  expect(await streamed('order=asc&kind=even')).toHaveLength(550);
  expect(await streamed('order=desc&cursor=3')).toEqual([2, 1]);
  await many.close();
});
