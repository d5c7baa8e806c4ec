import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['backup:read', 'backup:write']);
});
afterAll(() => lab.close());

/** That a change was begun, and how its job ended. */
async function done(got: Got): Promise<string | undefined> {
  expect(got).toMatchObject({ status: 202, body: { success: true, data: { status: 'pending' } } });
  const job = await lab.ended(got.text('data.job_id'));
  return job.proof?.outcome ?? job.result;
}

describe('GET /v1/backup-jobs', () => {
  test('lists them', async () => {
    const got = await lab.send('GET /v1/backup-jobs', token);
    expect(got.at('data.backup_jobs.0')).toEqual({
      id: 'backup-01',
      schedule: 'daily 01:00',
      storage: 'backup-pool',
      enabled: true,
      next_run: '2026-02-24T01:00:00.000Z',
      mode: 'snapshot',
      selection: expect.any(String),
      vm_ids: expect.arrayContaining(['vm-100', 'ct-200']),
      pool: null,
      node: 'pve-node01',
      compression: 'zstd',
      retention: 'keep-daily=7',
      comment: 'node01, every night',
    });
    expect(got.list('data.backup_jobs').map(({ id }) => id)).toEqual(['backup-01', 'backup-02', 'backup-03']);
  });

  test.each([
    ['?storage=nfs-backup&sort=next_run', ['backup-02', 'backup-03']],
    ['?vm_id=ct-204', ['backup-03']],
    ['?limit=1&order=desc', ['backup-03']],
  ])('%s', async (query, ids) => {
    const got = await lab.send(`GET /v1/backup-jobs${query}`, token);
    expect(got.list('data.backup_jobs').map(({ id }) => id)).toEqual(ids);
  });

  test('shows one with how it went', async () => {
    const got = await lab.send('GET /v1/backup-jobs/backup-02', token);
    expect(got.at('data.backup_job')).toMatchObject({
      id: 'backup-02',
      last_run: '2026-02-23T02:47:10.000Z',
      last_status: expect.any(String),
      failed_runs: expect.any(Number),
    });
    expect((await lab.send('GET /v1/backup-jobs/none', token)).status).toBe(404);
  });
});

describe('POST /v1/backup-jobs', () => {
  test('schedules backups, by a calendar event or in cron’s words', async () => {
    const body = { schedule: '30 2 * * 1-5', storage: 'nfs-backup', vm_ids: ['vm-104', 'ct-203'], comment: 'dev' };
    const made = await lab.send('POST /v1/backup-jobs', token, {
      ...body,
      retention: { keep_last: 3, keep_weekly: 4 },
    });
    expect(await done(made)).toBe('verified');
    const id = made.text('data.backup_job.id');
    const got = await lab.send(`GET /v1/backup-jobs/${id}`, token);
    expect(got.at('data.backup_job')).toMatchObject({
      id,
      schedule: 'mon..fri 02:30',
      storage: 'nfs-backup',
      vm_ids: ['vm-104', 'ct-203'],
      retention: expect.stringMatching(/^(?=.*keep-last=3)(?=.*keep-weekly=4)/),
      comment: 'dev',
      enabled: true,
    });
    const again = await lab.send('POST /v1/backup-jobs', token, body);
    expect(again).toMatchObject({ status: 200, body: { data: { status: 'unchanged', backup_job: { id: null } } } });
  });

  const usual = { schedule: '03:00', storage: 'nfs-backup', all: true };
  const refused: [name: string, body: object, status: number, field: string, reason: string][] = [
    ['nothing to back up', { ...usual, all: undefined }, 422, 'vm_ids', 'required'],
    ['two selections', { ...usual, pool: 'production' }, 422, 'vm_ids', 'only_one_of'],
    ['no time of day', { ...usual, schedule: 'daily' }, 422, 'schedule', 'not_acceptable'],
    ['a schedule of another kind', { ...usual, schedule: '0 2 1 * 1' }, 422, 'schedule', 'not_acceptable'],
    ['a command', { ...usual, schedule: '02:00;reboot' }, 422, 'schedule', 'invalid_format'],
    ['an hour that is none', { ...usual, schedule: '24:00' }, 422, 'schedule', 'not_acceptable'],
    ['no schedule at all', { ...usual, schedule: 'now and then' }, 422, 'schedule', 'not_acceptable'],
    ['a pool that is not', { ...usual, all: undefined, pool: 'mars' }, 422, 'pool', 'not_found'],
    ['a storage that is not', { ...usual, storage: 'mars' }, 422, 'storage', 'not_found'],
    ['a storage for disks', { ...usual, storage: 'local-zfs' }, 422, 'storage', 'not_acceptable'],
    ['a guest that is not', { ...usual, all: undefined, vm_ids: ['vm-101', 'vm-999'] }, 422, 'vm_ids', 'not_found'],
    ['no retention', { ...usual, retention: { keep_last: 0 } }, 422, 'retention.keep_last', 'must_be_positive_integer'],
    [
      'two rules at once',
      { ...usual, retention: { keep_all: true, keep_last: 2 } },
      422,
      'retention.keep_all',
      'not_acceptable',
    ],
    ['an unknown field', { ...usual, speed: 1 }, 422, 'speed', 'unknown_field'],
  ];
  test.each(refused)('%s is refused', async (_name, body, status, field, reason) => {
    const got = await lab.send('POST /v1/backup-jobs', token, body);
    expect({ status: got.status, details: got.at('error.details') }).toEqual({
      status,
      details: expect.objectContaining({ field, reason }),
    });
  });
});

describe('PUT, run and DELETE /v1/backup-jobs/ID', () => {
  test('change it, as one', async () => {
    const body = {
      schedule: 'sun 04:15',
      retention: { keep_daily: 7, keep_monthly: 6 },
      vm_ids: ['ct-201', 'ct-203'],
      enabled: false,
    };
    expect(await done(await lab.send('PUT /v1/backup-jobs/backup-02', token, body))).toBe('verified');
    const got = await lab.send('GET /v1/backup-jobs/backup-02', token);
    expect(got.at('data.backup_job')).toMatchObject({
      schedule: expect.stringMatching(/Sun.* 04:15/i),
      retention: expect.stringMatching(/^(?=.*keep-daily=7)(?=.*keep-monthly=6)/),
      vm_ids: ['ct-201', 'ct-203'],
      enabled: false,
    });
    const all = { retention: { keep_all: true } };
    expect(await done(await lab.send('PUT /v1/backup-jobs/backup-02', token, all))).toBe('verified');
    const again = await lab.send('PUT /v1/backup-jobs/backup-02', token, { ...all, enabled: false });
    expect(again).toMatchObject({ status: 200, body: { data: { status: 'unchanged' } } });
  });

  test('run it now', async () => {
    const begun = await lab.send('POST /v1/backup-jobs/backup-02/run', token);
    expect(await done(begun)).toBe('verified');
    const got = await lab.send('GET /v1/backups?vm_id=ct-203&storage=nfs-backup&limit=1', token);
    expect(got.text('data.backups.0.taken')).toMatch(/^2026-02-23T10:/);
  });

  test('delete it', async () => {
    expect(await done(await lab.send('DELETE /v1/backup-jobs/backup-02', token))).toBe('verified');
    expect((await lab.send('DELETE /v1/backup-jobs/backup-02', token)).status).toBe(404);
  });

  test.each([
    ['PUT /v1/backup-jobs/none', { enabled: true }, 404, 'id'],
    ['PUT /v1/backup-jobs/backup-01', {}, 422, ''],
    ['PUT /v1/backup-jobs/backup-01', { storage: 'local-zfs' }, 422, 'storage'],
    ['PUT /v1/backup-jobs/backup-01', { storage: 'mars' }, 422, 'storage'],
    ['PUT /v1/backup-jobs/backup-01', { schedule: 'sun 3:60' }, 422, 'schedule'],
    ['PUT /v1/backup-jobs/backup-01', { vm_ids: ['vm-999'] }, 422, 'vm_ids'],
    ['POST /v1/backup-jobs/none/run', undefined, 404, 'id'],
  ])('%s %j is %d', async (line, body, status, field) => {
    const got = await lab.send(line, token, body);
    expect(got).toMatchObject({ status, body: { error: { details: { field } } } });
  });

  test('need the scope', async () => {
    const reader = await lab.token(['backup:read']);
    expect((await lab.send('DELETE /v1/backup-jobs/backup-01', reader)).status).toBe(403);
  });
});
