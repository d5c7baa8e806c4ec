import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServer, type App } from '../server.ts';
import type { Service } from '../service.ts';
import { Got, Lab } from '../testing/lab.ts';

let west: Lab;
let east: Lab;
let app: App;
let token: string;
beforeAll(async () => {
  [west, east] = await Promise.all([Lab.start(), Lab.start()]);
  const [second] = east.service.clusters.values();
  const clusters = new Map([...west.service.clusters, ...(second === undefined ? [] : [['east', second] as const])]);
  const service: Service = { ...west.service, clusters };
  app = await createServer(service);
  token = await west.token(['network:read', 'storage:read', 'backup:read', 'job:read']);
});
afterAll(async () => {
  await app.close();
  await Promise.all([west.close(), east.close()]);
});

async function get(url: string): Promise<Got> {
  const answered = await app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } });
  return new Got(answered.statusCode, answered.headers, answered.json());
}

const ids = (got: Got, list: string): unknown[] => got.list(`data.${list}`).map(({ id }) => id);

describe('things of several clusters', () => {
  test('are told apart by their connection', async () => {
    expect(ids(await get('/v1/networks'), 'networks')).toEqual(['bond0', 'east:bond0', 'east:vmbr0', 'vmbr0']);
    expect(ids(await get('/v1/storage?type=nfs'), 'storage')).toEqual(['east:nfs-backup', 'nfs-backup']);
    expect(ids(await get('/v1/backup-jobs?connection=east&limit=1'), 'backup_jobs')).toEqual(['east:backup-01']);
    const jobs = await get('/v1/backup-jobs?storage=east:nfs-backup');
    expect(ids(jobs, 'backup_jobs')).toEqual(['east:backup-02', 'east:backup-03']);
    expect(jobs.at('data.backup_jobs.0.storage')).toBe('east:nfs-backup');
    const [id] = ids(await get('/v1/backups?vm_id=east:vm-103&limit=1'), 'backups');
    expect(id).toMatch(/^east:nfs-backup~backup~vzdump-qemu-103-/);
    expect((await get(`/v1/backups/${String(id)}`)).at('data.backup')).toMatchObject({
      id,
      vm_id: 'east:vm-103',
      storage: 'east:nfs-backup',
    });
    const [first] = ids(await get('/v1/backups?vm_id=home:vm-103&limit=1'), 'backups');
    expect((await get(`/v1/backups/home:${String(first)}`)).at('data.backup.id')).toBe(first);
    const eastern = await get('/v1/backups?storage=east:nfs-backup&limit=200');
    expect(new Set(eastern.list('data.backups').map(({ storage }) => storage))).toEqual(new Set(['east:nfs-backup']));
    const [volume] = ids(await get('/v1/storage/east:local/content?content=iso&limit=1'), 'content');
    expect(volume).toMatch(/^east:local@pve-node01~iso~/);
  });

  test('of a guest are those of its own cluster', async () => {
    const clusters = async (guest: string): Promise<Set<unknown>> =>
      new Set((await get(`/v1/tasks?guest=${guest}`)).list('data.tasks').map(({ connection }) => connection));
    expect(await clusters('east:vm-104')).toEqual(new Set(['east']));
    expect(await clusters('vm-104')).toEqual(new Set(['home']));
  });

  test('are told without those of one that is silent, which is named', async () => {
    east.sandbox.faults.add({ fault: 'error', method: 'GET', status: 500 });
    const got = await get('/v1/networks?type=bridge');
    expect({ status: got.status, ids: ids(got, 'networks') }).toEqual({ status: 200, ids: ['vmbr0'] });
    expect(got.list('meta.unavailable').map(({ field }) => field)).toContain('east');
    expect((await get('/v1/networks/east:vmbr0')).status).toBe(503);
    expect((await get('/v1/storage?connection=east')).status).toBe(503);
    east.sandbox.faults.clear();
  });
});
