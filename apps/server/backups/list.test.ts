import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['backup:read']);
});
afterAll(() => lab.close());

const NEWEST = {
  id: 'nfs-backup~backup~vzdump-qemu-103-2026_02_23-02_28_18.vma.zst',
  vm_id: 'vm-103',
  vm_name: 'docker-host-01',
  orphaned: false,
  backup_type: 'full',
  taken: '2026-02-23T02:28:18.000Z',
  size_gb: expect.any(Number),
  storage: 'nfs-backup',
  nodes: ['pve-node01', 'pve-node02', 'pve-node03'],
  file: 'vzdump-qemu-103-2026_02_23-02_28_18.vma.zst',
  compression: 'zstd',
  encrypted: false,
  verified: 'no',
  protected: false,
  description: expect.toSatisfy((text) => text === null || typeof text === 'string'),
};

describe('GET /v1/backups', () => {
  test('lists the archives of all storages, newest first', async () => {
    const got = await lab.send('GET /v1/backups?limit=200', token);
    const taken = got.list('data.backups').map((each) => String(each['taken']));
    expect(taken).toEqual(taken.toSorted().toReversed());
    expect(new Set(got.list('data.backups').map((each) => each['storage']))).toEqual(
      new Set(['backup-pool', 'nfs-backup']),
    );
    expect(got.at('data.pagination.total')).toBe(taken.length);
  });

  test('of one guest', async () => {
    const got = await lab.send('GET /v1/backups?vm_id=vm-103&storage=nfs-backup', token);
    expect(got.at('data.backups.0')).toEqual(NEWEST);
    expect(new Set(got.list('data.backups').map((each) => each['vm_id']))).toEqual(new Set(['vm-103']));
  });

  test('pages by cursors', async () => {
    const first = await lab.send('GET /v1/backups?limit=2', token);
    const next = await lab.send(`GET /v1/backups?limit=2&cursor=${first.text('data.pagination.next_cursor')}`, token);
    const back = await lab.send(
      `GET /v1/backups?limit=2&cursor=${next.text('data.pagination.previous_cursor')}`,
      token,
    );
    expect(next.at('data.backups.0.id')).not.toBe(first.at('data.backups.0.id'));
    expect(back.at('data.backups')).toEqual(first.at('data.backups'));
  });

  test.each([
    ['GET /v1/backups?vm_id=103', 422, 'vm_id'],
    ['GET /v1/backups?limit=x', 400, 'limit'],
    ['GET /v1/backups/none', 404, 'id'],
    ['GET /v1/backups/nfs-backup~backup~none.vma', 404, 'id'],
    ['GET /v1/backups/nfs-backup%3Abackup%2Fnone', 404, 'id'],
  ])('%s is %d', async (line, status, field) => {
    expect(await lab.send(line, token)).toMatchObject({ status, body: { error: { details: { field } } } });
  });

  test('needs the scope', async () => {
    expect((await lab.send('GET /v1/backups', await lab.token(['vm:read']))).status).toBe(403);
  });
});

test('GET /v1/backups/ID shows the one that the list names', async () => {
  expect((await lab.send(`GET /v1/backups/${NEWEST.id}`, token)).at('data.backup')).toEqual(NEWEST);
  const listed = await lab.send('GET /v1/backups?storage=backup-pool&limit=1', token);
  const id = listed.text('data.backups.0.id');
  expect(id).toMatch(/^backup-pool@pve-node01~backup~vzdump-/);
  expect((await lab.send(`GET /v1/backups/${id}`, token)).at('data.backup')).toEqual(listed.at('data.backups.0'));
});
