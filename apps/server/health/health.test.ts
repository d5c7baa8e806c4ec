import { afterEach, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

const labs: Lab[] = [];
afterEach(async () => {
  await Promise.all(labs.splice(0).map((lab) => lab.close()));
});

async function started(...how: Parameters<typeof Lab.start>): Promise<Lab> {
  const lab = await Lab.start(...how);
  labs.push(lab);
  return lab;
}

test('a service that is well says so, in the shape of the document', async () => {
  const lab = await started();
  await lab.later(90);
  expect((await lab.send('GET /v1/health')).body).toMatchObject({
    success: true,
    data: {
      status: 'healthy',
      version: '1.0.0',
      uptime_seconds: 90,
      components: { database: 'healthy', proxmox: 'healthy', ai_service: 'not_configured' },
    },
  });
  expect((await lab.send('GET /livez')).at('data.status')).toBe('alive');
  expect((await lab.send('GET /readyz')).at('data.status')).toBe('ready');
});

const troubles: [name: string, trouble: (lab: Lab) => void | Promise<void>, component: string, reason: string][] = [
  ['no cluster answers', (lab) => lab.sandbox.close(), 'proxmox', 'proxmox'],
  ['the store is closed', (lab) => lab.service.store.close(), 'database', 'database'],
];
test.each(troubles)('%s: alive, not ready, not well', async (_name, trouble, component, reason) => {
  const lab = await started();
  await trouble(lab);
  expect((await lab.send('GET /livez')).status).toBe(200);
  expect(await lab.send('GET /readyz')).toMatchObject({
    status: 503,
    body: { error: { code: 'NOT_READY', details: { reason } } },
  });
  const health = await lab.send('GET /v1/health');
  expect(health).toMatchObject({ status: 200, body: { data: { status: 'unavailable' } } });
  expect(health.at(`data.components.${component}`)).toBe('unavailable');
});

test('who is stopping is not ready, and still answers', async () => {
  const lab = await started();
  const token = await lab.token(['vm:read']);
  lab.app.health.stop();
  expect((await lab.send('GET /readyz')).at('error.details.reason')).toBe('stopping');
  expect((await lab.send('GET /livez')).status).toBe(200);
  expect((await lab.send('GET /v1/vms', token)).status).toBe(200);
});

test('looks that come together are one look', async () => {
  const lab = await started();
  const paths: string[] = [];
  lab.service.calls?.listen(({ path }) => paths.push(path));
  await Promise.all(Array.from({ length: 20 }, () => lab.send('GET /readyz')));
  expect(paths.filter((path) => path.endsWith('/version'))).toHaveLength(1);
});

test('what the service is stands in /v1/info, and no name of a cluster', async () => {
  const lab = await started({}, { oauth: { issuer: 'https://id.example.com', audience: 'pxa' } });
  const info = await lab.send('GET /v1/info');
  for (const path of Object.values(info.at('data.documents') as Record<string, string>)) {
    expect((await lab.send(`GET ${path}`)).status).toBeLessThan(400);
  }
  expect(info.at('data')).toEqual({
    name: 'pxa',
    version: '1.0.0',
    api_versions: ['v1'],
    environment: 'live',
    banner: null,
    next_reset: null,
    maintenance: { enabled: false, message: '' },
    authentication: ['token', 'oauth'],
    documents: { openapi: '/v1/openapi.json', reference: '/docs', postman: '/v1/postman/collection.json' },
  });
});
