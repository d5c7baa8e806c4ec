import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['storage:read', 'storage:write']);
});
afterAll(() => lab.close());

const ids = (got: Got): string[] => got.list('data.content').map(({ id }) => String(id));

/** How the job of a change ended. */
async function outcome(got: Got): Promise<string | undefined> {
  expect(got.status).toBe(202);
  return (await lab.ended(got.text('data.job_id'))).proof?.outcome;
}

describe('GET /v1/storage/ID/content', () => {
  test('lists what lies there', async () => {
    const got = await lab.send('GET /v1/storage/local/content?content=iso&node=pve-node02', token);
    expect(got.at('data.content.0')).toEqual({
      id: 'local@pve-node02~iso~debian-13.3.0-amd64-netinst.iso',
      volume: 'local:iso/debian-13.3.0-amd64-netinst.iso',
      name: 'debian-13.3.0-amd64-netinst.iso',
      content: 'iso',
      format: 'iso',
      size_gb: 0.74,
      created_at: expect.stringMatching(/^2026-01-/),
      vm_id: null,
      nodes: ['pve-node02'],
      protected: false,
      notes: null,
    });
  });

  test('by guest, by size, in pages', async () => {
    const disks = await lab.send('GET /v1/storage/local-zfs/content?vm_id=vm-101', token);
    expect(ids(disks)).toEqual(['local-zfs@pve-node01~vm-101-disk-0']);
    expect(ids(await lab.send('GET /v1/storage/local-zfs/content?vm_id=home:vm-101', token))).toEqual(ids(disks));
    const largest = await lab.send('GET /v1/storage/nfs-backup/content?sort=size_gb&order=desc&limit=2', token);
    expect(largest.list('data.content')).toHaveLength(2);
    expect(largest.at('data.pagination.has_next')).toBe(true);
  });

  test.each([
    ['GET /v1/storage/nothing/content', 404, 'id'],
    ['GET /v1/storage/local/content?content=dust', 422, 'content'],
    ['GET /v1/storage/local/content?vm_id=101', 422, 'vm_id'],
  ])('%s is %d', async (line, status, field) => {
    expect(await lab.send(line, token)).toMatchObject({ status, body: { error: { details: { field } } } });
  });
});

describe('DELETE /v1/storage/ID/content/VOLUME', () => {
  test('deletes an image, on that node alone', async () => {
    const id = 'local@pve-node02~iso~debian-13.3.0-amd64-netinst.iso';
    expect(await outcome(await lab.send(`DELETE /v1/storage/local/content/${id}`, token))).toBe('verified');
    const left = await lab.send('GET /v1/storage/local/content?content=iso', token);
    expect(ids(left)).not.toContain(id);
    expect(ids(left)).toContain('local@pve-node01~iso~debian-13.3.0-amd64-netinst.iso');
    expect((await lab.send(`DELETE /v1/storage/local/content/${id}`, token)).status).toBe(404);
  });

  test.each([
    ['local-zfs', 'local-zfs@pve-node01~vm-101-disk-0', 409, /uses vm-101-disk-0 as scsi0/],
    [
      'nfs-backup',
      'nfs-backup~backup~vzdump-qemu-103-2026_02_23-02_28_18.vma.zst',
      409,
      /delete it by DELETE \/v1\/backups\/nfs-backup~backup~vzdump-qemu-103/,
    ],
    ['local', 'local-zfs@pve-node01~vm-101-disk-0', 404, /There is no volume/],
    ['local', '..~..~etc~passwd', 404, /There is no volume/],
    ['local', 'local~iso~none.iso', 404, /There is no volume/],
  ])('%s %s is %d', async (storage, id, status, says) => {
    const got = await lab.send(`DELETE /v1/storage/${storage}/content/${id}`, token);
    expect(got).toMatchObject({ status, body: { error: { message: expect.stringMatching(says) } } });
  });
});

describe('DELETE /v1/storage/ID/content/VOLUME of a storage that nodes have each', () => {
  const NAME = 'ubuntu-22.04.5-live-server-amd64.iso';
  const path = `DELETE /v1/storage/local/content/local~iso~${NAME}`;
  beforeAll(() => {
    const pool = lab.sandbox.state.nodes.get('pve-node02')?.storages.get('local')?.pool;
    if (pool !== undefined) pool.volumes = pool.volumes.filter(({ volid }) => volid !== `local:iso/${NAME}`);
  });

  const refused: [line: string, status: number, details: object][] = [
    [path, 422, { field: 'node', reason: 'ambiguous', nodes: ['pve-node01', 'pve-node03'] }],
    [`${path}?node=mars`, 422, { field: 'node', reason: 'not_found', provided_value: 'mars' }],
    [`${path}?node=pve-node02`, 422, { field: 'node', reason: 'not_found', nodes: ['pve-node01', 'pve-node03'] }],
    [`${path}?node=a/b`, 422, { field: 'node', reason: 'invalid_format' }],
    [`${path}?nodes=pve-node01`, 422, { field: 'nodes', reason: 'unknown_field' }],
    [
      `DELETE /v1/storage/local/content/local@pve-node01~iso~${NAME}?node=pve-node03`,
      422,
      { field: 'node', reason: 'not_that_of_id' },
    ],
  ];
  test.each(refused)('%s is %d', async (line, status, details) => {
    const got = await lab.send(line, token);
    expect({ status: got.status, details: got.at('error.details') }).toMatchObject({ status, details });
  });

  test('is not deleted by a guess while a node is silent', async () => {
    lab.sandbox.faults.add({ fault: 'node_down', node: 'pve-node03' });
    const got = await lab.send(path, token);
    lab.sandbox.faults.clear();
    expect(got).toMatchObject({ status: 409, body: { error: { details: { field: 'node', reason: 'node_silent' } } } });
  });

  test('is deleted on the node that is named, and then on the one that is left', async () => {
    const there = async (): Promise<unknown[]> => {
      const got = await lab.send('GET /v1/storage/local/content?content=iso', token);
      return got.list('data.content').flatMap(({ name, nodes }) => (name === NAME ? [nodes] : []));
    };
    expect(await outcome(await lab.send(`${path}?node=pve-node03`, token))).toBe('verified');
    expect(await there()).toEqual([['pve-node01']]);
    expect(await outcome(await lab.send(path, token))).toBe('verified');
    expect(await there()).toEqual([]);
  });
});

describe('POST /v1/storage/ID/download', () => {
  test('has a node fetch an image', async () => {
    const body = { url: 'https://93.184.215.14/images/talos-1.9.iso', node: 'pve-node02', checksum: 'ab'.repeat(32) };
    expect(await outcome(await lab.send('POST /v1/storage/local/download', token, body))).toBe('verified');
    const got = await lab.send('GET /v1/storage/local/content?content=iso&node=pve-node02', token);
    expect(ids(got)).toContain('local@pve-node02~iso~talos-1.9.iso');
    expect(await lab.send('POST /v1/storage/local/download', token, body)).toMatchObject({
      status: 409,
      body: { error: { details: { field: 'filename', reason: 'exists' } } },
    });
  });

  test('has a node fetch a template that Proxmox offers', async () => {
    const body = { template: 'debian-13', node: 'pve-node02' };
    expect(await outcome(await lab.send('POST /v1/storage/local/download', token, body))).toBe('verified');
  });

  const refused: [body: object, status: number, field: string, reason: string][] = [
    [{}, 422, 'url', 'required'],
    [{ url: 'http://169.254.169.254/latest/x.iso' }, 422, 'url', 'private_address'],
    [{ url: 'http://127.0.0.1:8006/x.iso' }, 422, 'url', 'private_address'],
    [{ url: 'http://[::ffff:10.0.0.1]/x.iso' }, 422, 'url', 'private_address'],
    [{ url: 'file:///etc/passwd' }, 422, 'url', 'not_http'],
    [{ url: 'https://a:b@93.184.215.14/x.iso' }, 422, 'url', 'has_credentials'],
    [{ url: 'https://93.184.215.14/index.html' }, 422, 'filename', 'not_acceptable'],
    [{ url: 'https://93.184.215.14/x.iso', filename: '../x.iso' }, 422, 'filename', 'invalid_format'],
    [{ url: 'https://93.184.215.14/x.iso', checksum: 'abc' }, 422, 'checksum', 'not_acceptable'],
    [{ url: 'https://93.184.215.14/x.iso', node: 'mars' }, 422, 'node', 'not_found'],
    [{ template: 'debian-13', node: 'mars' }, 422, 'node', 'not_found'],
    [{ template: 'beos' }, 422, 'template', 'not_found'],
    [{ template: 'debian-13', url: 'https://93.184.215.14/x.iso' }, 422, 'url', 'not_with_template'],
    [{ template: 'debian-13', checksum: 'ab'.repeat(32) }, 422, 'checksum', 'not_with_template'],
  ];
  test.each(refused)('%j is refused', async (body, status, field, reason) => {
    const got = await lab.send('POST /v1/storage/local/download', token, body);
    expect({ status: got.status, details: got.at('error.details') }).toEqual({
      status,
      details: expect.objectContaining({ field, reason }),
    });
  });

  test('to a storage that takes none', async () => {
    const body = { url: 'https://93.184.215.14/x.iso' };
    expect((await lab.send('POST /v1/storage/local-zfs/download', token, body)).status).toBe(422);
    expect((await lab.send('POST /v1/storage/nothing/download', token, body)).status).toBe(404);
  });
});
