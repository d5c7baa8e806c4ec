import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['storage:read', 'storage:write', 'job:read']);
});
afterAll(() => lab.close());

/** That a change was begun, and how its job ended. */
async function done(got: Got): Promise<string | undefined> {
  expect(got).toMatchObject({ status: 202, body: { success: true, data: { status: 'pending' } } });
  const job = await lab.ended(got.text('data.job_id'));
  return job.proof?.outcome ?? job.result;
}

describe('POST /v1/storage', () => {
  test('defines a storage on nodes', async () => {
    const body = {
      name: 'scratch',
      type: 'dir',
      path: '/data/scratch',
      content: ['iso', 'backup'],
      nodes: ['pve-node03'],
      retention: { keep_last: 3, keep_monthly: 6 },
    };
    expect(await done(await lab.send('POST /v1/storage', token, body))).toBe('verified');
    const got = await lab.send('GET /v1/storage/scratch', token);
    expect(got.at('data.storage')).toMatchObject({
      id: 'scratch',
      type: 'dir',
      status: 'available',
      content: expect.arrayContaining(['iso', 'backup']),
      nodes: [{ node: 'pve-node03' }],
      configuration: {
        path: '/data/scratch',
        limited_to: ['pve-node03'],
        retention: 'keep-last=3,keep-monthly=6',
      },
    });
    const again = await lab.send('POST /v1/storage', token, body);
    expect(again).toMatchObject({ status: 409, body: { error: { details: { field: 'name', reason: 'exists' } } } });
  });

  test('keeps a password to itself', async () => {
    const password = 'korrekt-pferd-batterie';
    const body = { type: 'cifs', server: '10.0.0.9', share: 'iso', username: 'svc', password, content: ['iso'] };
    const made = await lab.send('POST /v1/storage', token, { name: 'smb', ...body });
    expect(await done(made)).toBe('verified');
    const approvals = await lab.token(['approval:read']);
    const told = [
      made.body,
      (await lab.send(`GET /v1/jobs/${made.text('data.job_id')}`, token)).body,
      (await lab.send('GET /v1/storage/smb', token)).body,
      (await lab.send('POST /v1/storage', token, { name: 'local', ...body })).body,
      (await lab.send('POST /v1/storage', token, { name: 'x', ...body, password: `${password}\n` })).body,
      (await lab.send(`GET /v1/approvals/${made.text('data.approval_id')}`, approvals)).body,
      await lab.service.store.auditLog(0, 100),
    ];
    expect(JSON.stringify(told)).not.toContain(password);
  });

  const refused: [name: string, body: object, status: number, field: string, reason: string][] = [
    ['no server', { name: 'nas2', type: 'nfs', export: '/x' }, 422, 'server', 'required'],
    ['no pool', { name: 'fast', type: 'zfspool' }, 422, 'pool', 'required'],
    ['a pool that is not', { name: 'fast', type: 'zfspool', pool: 'tank' }, 422, 'pool', 'not_found'],
    ['no group', { name: 'thin', type: 'lvmthin', thin_pool: 'data' }, 422, 'volume_group', 'required'],
    ['what it cannot hold', { name: 'z', type: 'zfspool', pool: 'rpool', content: ['iso'] }, 422, 'name', 'too_small'],
    [
      'what it cannot hold',
      { name: 'zz', type: 'zfspool', pool: 'rpool', content: ['iso'] },
      422,
      'content',
      'not_acceptable',
    ],
    ['a path that is none', { name: 'scr', type: 'dir', path: 'data' }, 422, 'path', 'not_acceptable'],
    [
      'an export that is none',
      { name: 'nas2', type: 'nfs', server: 'n', export: 'x' },
      422,
      'export',
      'not_acceptable',
    ],
    [
      'a server that is none',
      { name: 'nas2', type: 'nfs', server: '!!', export: '/x' },
      422,
      'server',
      'not_acceptable',
    ],
    [
      'a server of a folder',
      { name: 'scr', type: 'dir', path: '/d', server: '10.0.0.1' },
      422,
      'server',
      'not_acceptable',
    ],
    ['a path of a pool', { name: 'zz', type: 'zfspool', pool: 'rpool', path: '/x' }, 422, 'path', 'not_acceptable'],
    ['a group that is not', { name: 'vg', type: 'lvm', volume_group: 'nix' }, 422, 'volume_group', 'not_found'],
    [
      'a thin pool of no such name',
      { name: 'thin', type: 'lvmthin', volume_group: 'vg', thin_pool: '-' },
      422,
      'thin_pool',
      'not_acceptable',
    ],
    [
      'a fingerprint that is none',
      { name: 'pbs', type: 'pbs', server: 'b', datastore: 'd', username: 'u@pbs', fingerprint: 'ab' },
      422,
      'fingerprint',
      'not_acceptable',
    ],
    [
      'two rules at once',
      { name: 'scr', type: 'dir', path: '/d', retention: { keep_all: true, keep_last: 2 } },
      422,
      'retention.keep_all',
      'not_acceptable',
    ],
    [
      'a rule for no backups',
      { name: 'zz', type: 'zfspool', pool: 'rpool', retention: { keep_last: 2 } },
      422,
      'retention',
      'not_acceptable',
    ],
    ['two lines', { name: 'scr', type: 'dir', path: '/d\nnodes x' }, 422, 'path', 'invalid_format'],
    ['a node that is not', { name: 'scr', type: 'dir', path: '/d', nodes: ['mars'] }, 422, 'nodes', 'not_found'],
    ['a name that is none', { name: '-x-', type: 'dir', path: '/d' }, 422, 'name', 'not_acceptable'],
    ['a type that is not', { name: 'scr', type: 'floppy' }, 422, 'type', 'must_be_one_of'],
    [
      'an unknown field',
      { name: 'scr', type: 'dir', path: '/d', preallocation: 'full' },
      422,
      'preallocation',
      'unknown_field',
    ],
  ];
  test.each(refused)('%s is refused', async (_name, body, status, field, reason) => {
    const got = await lab.send('POST /v1/storage', token, body);
    expect({ status: got.status, details: got.at('error.details') }).toEqual({
      status,
      details: expect.objectContaining({ field, reason }),
    });
  });
});

describe('PUT /v1/storage/ID', () => {
  test('changes content, nodes and whether it is on, as one', async () => {
    const body = { content: ['iso', 'backup', 'snippets'], nodes: ['pve-node02', 'pve-node03'] };
    expect(await done(await lab.send('PUT /v1/storage/scratch', token, body))).toBe('verified');
    expect(await done(await lab.send('PUT /v1/storage/scratch', token, { enabled: false }))).toBe('verified');
    const off = await lab.send('GET /v1/storage/scratch', token);
    expect(off.at('data.storage')).toMatchObject({ status: 'disabled', enabled: false, total_gb: null });
    expect(off.list('data.storage.content')).toHaveLength(3);
    expect(await done(await lab.send('PUT /v1/storage/scratch', token, { enabled: true, nodes: [] }))).toBe('verified');
    const on = await lab.send('GET /v1/storage/scratch', token);
    expect(on.at('data.storage')).toMatchObject({ status: 'available', configuration: { limited_to: [] } });
    const again = await lab.send('PUT /v1/storage/scratch', token, { enabled: true });
    expect(again).toMatchObject({ status: 200, body: { data: { status: 'unchanged' } } });
  });

  test('changes which backups are kept, beside all else', async () => {
    const retention = async (): Promise<unknown> =>
      (await lab.send('GET /v1/storage/scratch', token)).at('data.storage.configuration.retention');
    const body = { retention: { keep_daily: 7, keep_weekly: 4 } };
    expect(await done(await lab.send('PUT /v1/storage/scratch', token, body))).toBe('verified');
    expect(await retention()).toBe('keep-daily=7,keep-weekly=4');
    expect(await lab.send('PUT /v1/storage/scratch', token, body)).toMatchObject({
      status: 200,
      body: { data: { status: 'unchanged' } },
    });
    const all = { retention: { keep_all: true }, content: ['backup', 'iso'] };
    expect(await done(await lab.send('PUT /v1/storage/scratch', token, all))).toBe('verified');
    expect(await retention()).toBe('keep-all=1');
  });

  test.each([
    ['nfs-backup', { retention: {} }, 422, 'retention'],
    ['nfs-backup', { retention: { keep_daily: 0 } }, 422, 'retention.keep_daily'],
    ['nfs-backup', { retention: { keep_all: true, keep_daily: 7 } }, 422, 'retention.keep_all'],
    ['nfs-backup', { retention: { keep_all: false } }, 422, 'retention.keep_all'],
    ['nfs-backup', { retention: { keep_forever: 1 } }, 422, 'retention.keep_forever'],
    ['local-zfs', { retention: { keep_daily: 7 } }, 422, 'retention'],
    ['nothing', { enabled: true }, 404, 'id'],
    ['local-zfs', { content: ['iso'] }, 422, 'content'],
    ['local-zfs', { content: [] }, 422, 'content'],
    ['local', { nodes: ['mars'] }, 422, 'nodes'],
    ['local', { path: '/x' }, 422, 'path'],
    ['local', {}, 422, ''],
  ])('%s %j is %d', async (id, body, status, field) => {
    const got = await lab.send(`PUT /v1/storage/${id}`, token, body);
    expect(got).toMatchObject({ status, body: { error: { details: { field } } } });
  });
});

describe('DELETE /v1/storage/ID', () => {
  test('removes the definition', async () => {
    expect(await done(await lab.send('DELETE /v1/storage/scratch', token))).toBe('verified');
    expect((await lab.send('GET /v1/storage/scratch', token)).status).toBe(404);
  });

  test.each([
    ['local-zfs', 409, /Guests lie on storage local-zfs/],
    ['nfs-backup', 409, /Backup job backup-02 writes to nfs-backup/],
    ['nothing', 404, /There is no storage nothing/],
  ])('%s is %d', async (id, status, says) => {
    const got = await lab.send(`DELETE /v1/storage/${id}`, token);
    expect(got).toMatchObject({ status, body: { error: { message: expect.stringMatching(says) } } });
  });

  test('needs the scope', async () => {
    const reader = await lab.token(['storage:read']);
    for (const line of ['DELETE /v1/storage/smb', 'PUT /v1/storage/smb', 'POST /v1/storage']) {
      expect((await lab.send(line, reader, line.startsWith('D') ? undefined : {})).status).toBe(403);
    }
  });
});
