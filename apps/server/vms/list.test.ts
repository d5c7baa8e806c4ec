import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:read']);
});
afterAll(() => lab.close());

const ids = (got: Got): string[] => got.list('data.vms').map(({ id }) => String(id));

describe('GET /v1/vms', () => {
  test('has the shape of the document, and says what it cannot tell', async () => {
    const got = await lab.send('GET /v1/vms?status=running&environment=production&limit=25&sort=name&order=asc', token);
    expect(got.status).toBe(200);
    expect(got.at('data.vms.0')).toEqual({
      id: 'vm-101',
      name: 'app-server-prod',
      status: 'running',
      environment: 'production',
      node: 'pve-node01',
      cpu_cores: 8,
      memory_mb: 16384,
      storage_gb: 120,
      ip_address: null,
      os_type: null,
      created_at: null,
      updated_at: null,
      tags: ['env-production', 'web'],
      security: { encrypted: null, firewall_enabled: null, last_security_scan: null, compliance_score: null },
    });
    expect(got.at('data.pagination')).toMatchObject({ total: 7, limit: 25, offset: 0, pages: 1, current_page: 1 });
    expect(got.at('meta.unavailable')).toContainEqual({ field: 'os_type', reason: expect.any(String) });
    expect(got.headers).toMatchObject({
      'api-version': 'v1',
      'x-request-id': got.at('meta.request_id'),
      'x-ratelimit-limit': '1000',
      'x-ratelimit-window': '3600',
    });
  });

  test.each([
    ['?status=stopped', ['vm-104']],
    ['?tag=windows', ['vm-100']],
    ['?node=pve-node02&sort=id', ['vm-104', 'vm-110']],
    ['?template=true', ['vm-9000', 'vm-9001']],
    ['?sort=id&order=desc&limit=2', ['vm-112', 'vm-111']],
    ['?sort=id&limit=2&offset=2', ['vm-102', 'vm-103']],
    ['?status=paused', []],
    ['?environment=staging', ['vm-103']],
    ['?offset=1000', []],
  ])('%s', async (query, expected) => {
    const got = await lab.send(`GET /v1/vms${query}`, token);
    expect(got.status).toBe(200);
    expect(ids(got).toSorted()).toEqual(expected.toSorted());
  });

  test('pages by cursor meet each VM once, there and back', async () => {
    const all = ids(await lab.send('GET /v1/vms?sort=name', token));
    const seen: string[] = [];
    let url = 'GET /v1/vms?sort=name&limit=2';
    let back: unknown = null;
    for (;;) {
      const got = await lab.send(url, token);
      seen.push(...ids(got));
      back = got.at('data.pagination.previous_cursor');
      if (got.at('data.pagination.next_cursor') === null) break;
      url = `GET /v1/vms?sort=name&limit=2&cursor=${got.text('data.pagination.next_cursor')}`;
    }
    expect(seen).toEqual(all);
    const before = await lab.send(`GET /v1/vms?sort=name&limit=2&cursor=${String(back)}`, token);
    expect(ids(before)).toEqual(all.slice(-3, -1));
  });

  const refused: [query: string, status: number, details: object][] = [
    ['?limit=x', 400, { field: 'limit' }],
    ['?limit=0', 422, { field: 'limit', reason: 'must_be_positive_integer', provided_value: 0 }],
    ['?limit=201', 422, { field: 'limit', reason: 'too_big' }],
    ['?status=asleep', 422, { field: 'status', reason: 'must_be_one_of', provided_value: 'asleep' }],
    ['?colour=red', 422, { field: 'colour', reason: 'unknown_field' }],
    ['?cursor=abc', 422, { field: 'cursor', reason: 'not_a_cursor' }],
    ['?connection=mars', 422, { field: 'connection', reason: 'not_found' }],
  ];
  test.each(refused)('%s is refused', async (query, status, details) => {
    const got = await lab.send(`GET /v1/vms${query}`, token);
    expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
  });
});

test('in the order of their making, which then is told', async () => {
  const got = await lab.send('GET /v1/vms?sort=created_at', token);
  const made = got.list('data.vms').map((vm) => String(vm['created_at']));
  expect(made).toHaveLength(9);
  expect(made.every((each) => /^202\d-/.test(each))).toBe(true);
  expect(made).toEqual(made.toSorted());
  expect(got.list('meta.unavailable').map(({ field }) => field)).not.toContain('created_at');
});

test('of more VMs than can be looked at one by one, that order is refused', async () => {
  const large = await Lab.start({ seed: 1, nodes: 3, guests: 1_600 });
  const own = await large.token(['vm:read']);
  const got = await large.send('GET /v1/vms?sort=created_at', own);
  const some = await large.send('GET /v1/vms?sort=created_at&status=stopped&limit=1', own);
  await large.close();
  expect(got).toMatchObject({
    status: 422,
    body: { error: { details: { field: 'sort', reason: 'too_many', provided_value: 'created_at' } } },
  });
  expect(some.status).toBe(200);
});

test.each(['', '?status=running', '?status=running&environment=production&limit=25&sort=name&order=asc'])(
  'GET /v1/vms%s is one call to Proxmox',
  async (query) => {
    let count = 0;
    const off = lab.service.calls?.listen(() => void count++);
    expect((await lab.send(`GET /v1/vms${query}`, token)).status).toBe(200);
    off?.();
    expect(count).toBe(1);
  },
);

test('what is refused does not count against the limit', async () => {
  const own = await lab.token(['vm:read']);
  const left = async (query: string): Promise<unknown> =>
    (await lab.send(`GET /v1/vms${query}`, own)).headers['x-ratelimit-remaining'];
  expect(await left('')).toBe('999');
  await left('?limit=0');
  expect(await left('')).toBe('998');
});

test.each([
  ['GET /v1/nowhere', 404, 'RESOURCE_NOT_FOUND'],
  ['PATCH /v1/vms', 405, 'METHOD_NOT_ALLOWED'],
  ['GET /v1/health', 200, undefined],
  ['GET /v1/info', 200, undefined],
])('%s answers %d in the one shape', async (line, status, code) => {
  const got = await lab.send(line);
  expect(got.status).toBe(status);
  expect(got.at('error.code')).toBe(code);
  expect(got.at('meta.request_id')).toMatch(/^req_/);
});
