import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start();
});
afterAll(() => lab.close());

test('the document names every route, and what a token needs for it', async () => {
  const got = await lab.send('GET /v1/openapi.json');
  expect(got.status).toBe(200);
  expect(got.at('openapi')).toBe('3.1.0');
  const paths = got.at('paths') as Record<string, Record<string, { security?: unknown }>>; // OpenAPI's shape
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => [`${method} ${path}`, security] as const),
  );
  expect(Object.fromEntries(routes)).toMatchObject({
    'get /v1/vms': [{ token: ['vm:read'] }],
    'get /v1/vms/{vm_id}': [{ token: ['vm:read'] }],
    'post /v1/vms/{vm_id}/start': [{ token: ['vm:write'] }],
    'delete /v1/auth/tokens/{token_id}': [{ token: ['token:write'] }],
    'post /v1/approvals/{approval_id}/approve': [{ token: ['approval:approve'] }],
  });
});
