import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let admin: string;
beforeEach(async () => {
  lab = await Lab.start();
  admin = await lab.token(['admin']);
});
afterEach(() => lab.close());

const keyed = (key: string) => ({ 'idempotency-key': key });
const plans = async (): Promise<number> => (await lab.service.store.auditLog(0, 1_000)).filter(isProposal).length;
const isProposal = ({ kind }: { kind: string }): boolean => kind === 'plan.proposed';

describe('the same key', () => {
  test('and the same request: the same answer, and nothing is done again', async () => {
    const first = await lab.send('POST /v1/vms/vm-104/start', admin, undefined, keyed('a'));
    expect([first.status, first.headers['idempotency-replayed']]).toEqual([202, undefined]);
    const again = await lab.send('POST /v1/vms/vm-104/start', admin, undefined, keyed('a'));
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([202, 'true']);
    expect(again.body).toEqual(first.body);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(await plans()).toBe(1);
    await lab.ended(first.text('data.job_id'));
    // It runs by now: asked anew that would be another answer.
    expect((await lab.send('POST /v1/vms/vm-104/start', admin, undefined, keyed('a'))).body).toEqual(first.body);
    expect((await lab.send('POST /v1/vms/vm-104/start', admin, undefined, keyed('b'))).status).toBe(200);
  });

  test.each([
    ['another path', 'POST /v1/vms/vm-104/start', undefined],
    ['another body', 'POST /v1/vms/vm-101/stop', { graceful: false }],
  ])('and %s: 422', async (_, line, body) => {
    const first = await lab.send('POST /v1/vms/vm-101/stop', admin, { graceful: true }, keyed('a'));
    expect(first.status).toBe(202);
    const other = await lab.send(line, admin, body, keyed('a'));
    expect(other.status).toBe(422);
    expect(other.at('error.details.reason')).toBe('used_for_another_request');
    expect(await plans()).toBe(1);
  });

  test('and another query: 422', async () => {
    expect((await lab.send('DELETE /v1/vms/vm-104', admin, undefined, keyed('a'))).status).toBe(202);
    const other = await lab.send('DELETE /v1/vms/vm-104?keep_backups=false', admin, undefined, keyed('a'));
    expect(other.at('error.details.reason')).toBe('used_for_another_request');
    expect(await plans()).toBe(1);
  });

  test('and the same body in another order of its fields: the same answer', async () => {
    const token = { name: 'a', permissions: ['vm:read'] };
    await lab.send('POST /v1/auth/tokens', admin, token, keyed('a'));
    const again = await lab.send('POST /v1/auth/tokens', admin, { permissions: ['vm:read'], name: 'a' }, keyed('a'));
    expect(again.at('error.details.reason')).toBe('shown_once');
  });

  test('of another caller is another key', async () => {
    const other = await lab.token(['vm:write']);
    const [one, two] = [
      await lab.send('POST /v1/vms/vm-104/start', admin, undefined, keyed('a')),
      await lab.send('POST /v1/vms/vm-104/start', other, undefined, keyed('a')),
    ];
    expect([one.status, one.headers['idempotency-replayed']]).toEqual([202, undefined]);
    expect(two.headers['idempotency-replayed']).toBeUndefined();
  });

  test('while the first is under way: 409 with Retry-After, and one of them acts', async () => {
    const all = await Promise.all(
      Array.from({ length: 4 }, () => lab.send('POST /v1/vms/vm-104/start', admin, undefined, keyed('a'))),
    );
    expect(await plans()).toBe(1);
    const done = all.filter(({ status }) => status === 202);
    expect(new Set(done.map((got) => got.text('data.job_id'))).size).toBe(1);
    for (const got of all.filter(({ status }) => status !== 202)) {
      expect([got.status, got.at('error.details.reason')]).toEqual([409, 'under_way']);
      expect(Number(got.headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  test('after a refusal: the same refusal; what was not even understood is no request under the key', async () => {
    const refused = await lab.send('POST /v1/vms/vm-999/start', admin, undefined, keyed('a'));
    expect(refused.status).toBe(404);
    const again = await lab.send('POST /v1/vms/vm-999/start', admin, undefined, keyed('a'));
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([404, 'true']);
    expect((await lab.send('POST /v1/vms/vm-101/stop', admin, { nonsense: 1 }, keyed('b'))).status).toBe(422);
    expect((await lab.send('POST /v1/vms/vm-101/stop', admin, {}, keyed('b'))).status).toBe(202);
  });
});

describe('a secret that is shown once', () => {
  test('is not kept for its key: who asks again is told that it was done', async () => {
    const token = { name: 'a', permissions: ['vm:read'] };
    const first = await lab.send('POST /v1/auth/tokens', admin, token, keyed('a'));
    expect(first.status).toBe(201);
    const again = await lab.send('POST /v1/auth/tokens', admin, token, keyed('a'));
    expect([again.status, again.at('error.details.reason')]).toEqual([409, 'shown_once']);
    expect((await lab.service.kept.tokens()).filter(({ name }) => name === 'a')).toHaveLength(1);
  });
});

describe('a key', () => {
  test.each([[''], ['a b'], ['x'.repeat(256)], ['ä']])('%j is none: 400', async (key) => {
    const got = await lab.send('POST /v1/vms/vm-104/start', admin, undefined, keyed(key));
    expect([got.status, got.at('error.code')]).toEqual([400, 'BAD_REQUEST']);
    expect(await plans()).toBe(0);
  });

  test('means nothing to a read', async () => {
    await lab.send('GET /v1/vms', admin, undefined, keyed('a'));
    const again = await lab.send('GET /v1/vms', admin, undefined, keyed('a'));
    expect(again.headers['idempotency-replayed']).toBeUndefined();
  });
});
