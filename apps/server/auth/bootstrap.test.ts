import { afterEach, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { bootstrapToken } from './mint.ts';

let lab: Lab;
afterEach(() => lab.close());

test('the first start gives a token that may do everything; a later one gives none, though that has ended', async () => {
  lab = await Lab.start();
  const secret = await bootstrapToken(lab.service, 'anna');
  expect(secret).toMatch(/^pxa_[\w-]{43}$/);
  const listed = await lab.send('GET /v1/auth/tokens', secret);
  expect(listed.list('data.tokens')).toMatchObject([{ name: 'bootstrap', permissions: ['admin'], created_by: 'anna' }]);
  expect(await bootstrapToken(lab.service, 'anna')).toBeUndefined();
  await lab.send(`DELETE /v1/auth/tokens/${listed.text('data.tokens.0.token_id')}`, secret);
  expect((await lab.send('GET /v1/vms', secret)).status).toBe(401);
  expect(await bootstrapToken(lab.service, 'anna')).toBeUndefined();
});
