import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start({}, { encrypted_storages: { home: ['nfs-backup'] } });
  token = await lab.token(['storage:read']);
});
afterAll(() => lab.close());

const nowhere = {
  path: null,
  server: null,
  export: null,
  share: null,
  pool: null,
  volume_group: null,
  thin_pool: null,
};
const noUser = { datastore: null, namespace: null, username: null, fingerprint: null };

describe('GET /v1/storage', () => {
  test('tells type, sizes, content and nodes, and what is known to be encrypted', async () => {
    const got = await lab.send('GET /v1/storage?type=nfs', token);
    const nodes = ['pve-node01', 'pve-node02', 'pve-node03'];
    expect(got.at('data.storage')).toEqual([
      {
        id: 'nfs-backup',
        name: 'nfs-backup',
        type: 'nfs',
        status: 'available',
        enabled: true,
        shared: true,
        encrypted: true,
        content: ['backup', 'iso', 'vztmpl'],
        total_gb: 14_848,
        used_gb: 5_427.2,
        available_gb: 9_420.8,
        usage_percent: 36.6,
        nodes: nodes.map((node) => ({
          node,
          status: 'available',
          total_gb: 14_848,
          used_gb: 5_427.2,
          available_gb: 9_420.8,
        })),
        configuration: {
          ...nowhere,
          ...noUser,
          path: '/mnt/pve/nfs-backup',
          server: '10.10.0.50',
          export: '/volume1/pve-backup',
          retention: 'keep-last=5',
          limited_to: [],
        },
      },
    ]);
    expect(got.at('meta.unavailable')).toBeUndefined();
  });

  test('adds up what each node has of its own, and does not guess whether it is encrypted', async () => {
    const got = await lab.send('GET /v1/storage/local', token);
    expect(got.at('data.storage')).toMatchObject({ total_gb: 282, used_gb: 93, available_gb: 189, encrypted: null });
    expect(got.list('data.storage.nodes')).toHaveLength(3);
    expect(got.list('meta.unavailable').map(({ field }) => field)).toEqual(['encrypted']);
  });

  test.each([
    ['', ['backup-pool', 'local', 'local-zfs', 'nfs-backup']],
    ['?content=backup&sort=usage_percent&order=desc', ['backup-pool', 'nfs-backup', 'local']],
    ['?node=pve-node02', ['local', 'local-zfs', 'nfs-backup']],
    ['?sort=total_gb&limit=1', ['local']],
  ])('%s', async (query, ids) => {
    const got = await lab.send(`GET /v1/storage${query}`, token);
    expect(got.list('data.storage').map(({ id }) => id)).toEqual(ids);
  });

  test.each([
    ['GET /v1/storage?sort=colour', 422, 'sort'],
    ['GET /v1/storage?limit=0', 422, 'limit'],
    ['GET /v1/storage/nothing', 404, 'id'],
  ])('%s is %d', async (line, status, field) => {
    expect(await lab.send(line, token)).toMatchObject({ status, body: { error: { details: { field } } } });
  });

  test('needs the scope', async () => {
    expect((await lab.send('GET /v1/storage', await lab.token(['vm:read']))).status).toBe(403);
  });
});

test('what lies behind a node that is gone is not told as if it were there', async () => {
  lab.sandbox.faults.add({ fault: 'node_down', node: 'pve-node02' });
  const own = await lab.send('GET /v1/storage/local', token);
  expect(own.at('data.storage')).toMatchObject({ status: 'degraded', total_gb: 188, used_gb: 62 });
  expect(own.at('data.storage.nodes.1')).toMatchObject({ node: 'pve-node02', status: 'unavailable', total_gb: null });
  expect(own.list('meta.unavailable').map(({ field }) => field)).toContain('sizes of local on pve-node02');
  const shared = await lab.send('GET /v1/storage/nfs-backup', token);
  expect(shared.at('data.storage')).toMatchObject({ status: 'available', total_gb: 14_848 });
  expect(shared.list('data.storage.nodes').map(({ status }) => status)).toEqual([
    'available',
    'unavailable',
    'available',
  ]);
  lab.sandbox.faults.clear();
});

test('what is switched off has no sizes, and says why', async () => {
  const writer = await lab.token(['storage:read', 'storage:write']);
  const off = await lab.send('PUT /v1/storage/backup-pool', writer, { enabled: false });
  expect((await lab.ended(off.text('data.job_id'))).proof?.outcome).toBe('verified');
  const got = await lab.send('GET /v1/storage/backup-pool', token);
  expect(got.at('data.storage')).toMatchObject({ status: 'disabled', enabled: false, total_gb: null });
  const reason = 'It is disabled: no node looks at it.';
  expect(got.at('meta.unavailable')).toContainEqual({ field: 'sizes of backup-pool', reason });
});

test('a cluster that does not answer is 503', async () => {
  lab.sandbox.faults.add({ fault: 'error', method: 'GET', status: 500 });
  const got = await lab.send('GET /v1/storage', token);
  expect(got).toMatchObject({ status: 503, body: { error: { code: 'CLUSTER_UNAVAILABLE' } } });
  lab.sandbox.faults.clear();
});
