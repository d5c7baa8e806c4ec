import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';
import { outside } from '../testing/outside.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['backup:read', 'backup:write', 'vm:read']);
});
afterAll(() => lab.close());

/** That a change was begun, and how its job ended. */
async function done(got: Got): Promise<string | undefined> {
  expect(got).toMatchObject({ status: 202, body: { success: true, data: { status: 'pending' } } });
  const job = await lab.ended(got.text('data.job_id'));
  return job.proof?.outcome ?? job.result;
}

const newest = async (query: string): Promise<Got> => lab.send(`GET /v1/backups?limit=1&${query}`, token);
const OLD_103 = 'nfs-backup~backup~vzdump-qemu-103-2026_02_19-02_28_18.vma.zst';
const CT_203 = 'nfs-backup~backup~vzdump-lxc-203-2026_02_22-03_01_47.tar.zst';

/** The document's example: its encryption needs a backup server with a key. */
const EXAMPLE = {
  vm_id: 'vm-105',
  backup_type: 'full',
  compression: 'gzip',
  encryption: true,
  description: 'Monthly full backup',
};

describe('POST /v1/backups', () => {
  test('backs up as asked', async () => {
    const { encryption: _, ...body } = EXAMPLE;
    expect(await done(await lab.send('POST /v1/backups', token, { ...body, storage: 'nfs-backup' }))).toBe('verified');
    expect((await newest('vm_id=vm-105&storage=nfs-backup')).at('data.backups.0')).toMatchObject({
      vm_id: 'vm-105',
      taken: expect.stringMatching(/^2026-02-23T10:/),
      compression: 'gzip',
      encrypted: false,
      description: 'Monthly full backup',
    });
  });

  test('keeps lines and backslashes of a description', async () => {
    const body = { vm_id: 'ct-201', storage: 'nfs-backup', description: 'a\\nb\nsecond', compression: 'none' };
    expect(await done(await lab.send('POST /v1/backups', token, body))).toBe('verified');
    expect((await newest('vm_id=ct-201&storage=nfs-backup')).at('data.backups.0')).toMatchObject({
      compression: 'none',
      description: expect.stringMatching(/^a\\nb(\nsecond)?$/),
    });
  });

  test('encrypts on a backup server that has a key, and nowhere else', async () => {
    const pbs = { server: '10.0.0.6', datastore: 'main', username: 'b@pbs', password: 'geheim' };
    await outside(lab, 'POST /storage', { storage: 'vault', type: 'pbs', ...pbs, 'encryption-key': 'autogen' });
    expect(await done(await lab.send('POST /v1/backups', token, EXAMPLE))).toBe('verified');
    const got = await newest('vm_id=vm-105&storage=vault');
    expect(got.at('data.backups.0')).toMatchObject({ storage: 'vault', encrypted: true, compression: null });
    expect(got.text('data.backups.0.id')).toMatch(/^vault~backup~vm~105~2026-02-23T10:/);
    const elsewhere = await lab.send('POST /v1/backups', token, { ...EXAMPLE, storage: 'nfs-backup' });
    expect(elsewhere).toMatchObject({ status: 422, body: { error: { details: { field: 'encryption' } } } });
    await outside(lab, 'DELETE /storage/vault');
  });

  const refused: [name: string, body: object, status: number, field: string, reason: string][] = [
    ['the example without such a server', EXAMPLE, 422, 'encryption', 'not_acceptable'],
    ['an increment', { vm_id: 'vm-101', backup_type: 'incremental' }, 422, 'backup_type', 'not_supported'],
    ['a guest that is not', { vm_id: 'vm-999' }, 422, 'vm_id', 'not_found'],
    ['no id', { vm_id: '101' }, 422, 'vm_id', 'not_found'],
    ['no guest', {}, 422, 'vm_id', 'required'],
    ['a storage that is not', { vm_id: 'vm-101', storage: 'mars' }, 422, 'storage', 'not_found'],
    ['a storage for disks', { vm_id: 'vm-101', storage: 'local-zfs' }, 422, 'storage', 'not_acceptable'],
    ['another compression', { vm_id: 'vm-101', compression: 'rar' }, 422, 'compression', 'must_be_one_of'],
    ['a variable', { vm_id: 'vm-101', description: '{{guestname}}' }, 422, 'description', 'custom'],
    ['an unknown field', { vm_id: 'vm-101', speed: 9 }, 422, 'speed', 'unknown_field'],
  ];
  test.each(refused)('%s is refused', async (_name, body, status, field, reason) => {
    const got = await lab.send('POST /v1/backups', token, body);
    expect({ status: got.status, details: got.at('error.details') }).toEqual({
      status,
      details: expect.objectContaining({ field, reason }),
    });
  });
});

describe('PUT and DELETE /v1/backups/ID', () => {
  test('protects, and deletes what is not protected', async () => {
    expect(await done(await lab.send(`PUT /v1/backups/${OLD_103}`, token, { protected: true }))).toBe('verified');
    expect((await lab.send(`GET /v1/backups/${OLD_103}`, token)).at('data.backup.protected')).toBe(true);
    const kept = await lab.send(`DELETE /v1/backups/${OLD_103}`, token);
    expect(kept).toMatchObject({ status: 409, body: { error: { message: expect.stringMatching(/is protected/) } } });
    expect(await done(await lab.send(`PUT /v1/backups/${OLD_103}`, token, { protected: false }))).toBe('verified');
    expect(await done(await lab.send(`DELETE /v1/backups/${OLD_103}`, token))).toBe('verified');
    expect((await lab.send(`DELETE /v1/backups/${OLD_103}`, token)).status).toBe(404);
  });

  test('need the scope, and a person where the token asks for one', async () => {
    const reader = await lab.token(['backup:read']);
    expect((await lab.send(`DELETE /v1/backups/${CT_203}`, reader)).status).toBe(403);
    expect((await lab.send(`POST /v1/backups/${CT_203}/restore`, reader)).status).toBe(403);
    const careful = await lab.token(['backup:write'], { approval: 'required' });
    expect(await lab.send(`DELETE /v1/backups/${CT_203}`, careful)).toMatchObject({
      status: 202,
      body: { data: { status: 'pending_approval', job_id: null } },
    });
  });
});

describe('POST /v1/backups/ID/restore', () => {
  test('without a body makes a new guest', async () => {
    const got = await lab.send(`POST /v1/backups/${CT_203}/restore`, token);
    expect(got.at('data.vm')).toEqual({ id: 'ct-106', status: 'restoring' });
    expect(await done(got)).toBe('verified');
  });

  test('as the guest that is named', async () => {
    const id = (await newest('vm_id=vm-105')).text('data.backups.0.id');
    const body = { vm_id: 'vm-150', name: 'copy', start: false };
    const got = await lab.send(`POST /v1/backups/${id}/restore`, token, body);
    expect(got.at('data.vm.id')).toBe('vm-150');
    expect(await done(got)).toBe('verified');
    const vm = await lab.send('GET /v1/vms?status=stopped', token);
    expect(vm.list('data.vms').map(({ id: each, name }) => [each, name])).toContainEqual(['vm-150', 'copy']);
    const again = await lab.send(`POST /v1/backups/${id}/restore`, token, body);
    expect(again).toMatchObject({ status: 409, body: { error: { details: { field: 'vm_id', reason: 'exists' } } } });
  });

  test('over the original where its name is typed', async () => {
    const path = `POST /v1/backups/${CT_203}/restore`;
    const unsaid = await lab.send(path, token, { target: 'original' });
    expect(unsaid).toMatchObject({
      status: 422,
      body: { error: { details: { field: 'confirm', reason: 'required' } } },
    });
    const wrong = await lab.send(path, token, { target: 'original', confirm: 'sandbox' });
    expect(wrong).toMatchObject({ status: 422, body: { error: { details: { reason: 'does_not_match' } } } });
    const right = await lab.send(path, token, { target: 'original', confirm: 'dev-sandbox' });
    expect(right.at('data.vm.id')).toBe('ct-203');
    expect(await done(right)).toBe('verified');
  });

  test('not over one that runs', async () => {
    const id = (await newest('vm_id=vm-103')).text('data.backups.0.id');
    const got = await lab.send(`POST /v1/backups/${id}/restore`, token, {
      target: 'original',
      confirm: 'docker-host-01',
    });
    expect(got).toMatchObject({ status: 409, body: { error: { message: expect.stringMatching(/is running/) } } });
  });

  test.each([
    [{ target: 'elsewhere' }, 422, 'target'],
    [{ vm_id: '150' }, 422, 'vm_id'],
    [{ storage: 'mars' }, 422, 'storage'],
    [{ name: 'no name!' }, 422, 'name'],
    [{ node: 'mars' }, 422, 'node'],
    [{ vm_id: 'vm-150' }, 422, 'vm_id'],
    [{ target: 'original', confirm: 'dev-sandbox', node: 'pve-node01' }, 422, 'node'],
    [{ colour: 'red' }, 422, 'colour'],
  ])('%j is %d', async (body, status, field) => {
    const got = await lab.send(`POST /v1/backups/${CT_203}/restore`, token, body);
    expect(got).toMatchObject({ status, body: { error: { details: { field } } } });
  });

  test('on a node that cannot read it', async () => {
    const id = (await newest('storage=backup-pool')).text('data.backups.0.id');
    const got = await lab.send(`POST /v1/backups/${id}/restore`, token, { node: 'pve-node03' });
    expect(got).toMatchObject({
      status: 422,
      body: { error: { details: { field: 'node', reason: 'not_acceptable', provided_value: 'pve-node03' } } },
    });
  });

  test('of one that there is not', async () => {
    expect((await lab.send('POST /v1/backups/nfs-backup~backup~none/restore', token)).status).toBe(404);
  });
});
