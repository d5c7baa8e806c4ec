import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start();
});
afterAll(() => lab.close());

test('what a backup server does not tell of a backup is named', async () => {
  const token = await lab.token(['storage:write', 'backup:write', 'backup:read']);
  const done = async (line: string, body: object): Promise<void> => {
    const begun = await lab.send(line, token, body);
    expect((await lab.ended(begun.text('data.job_id'))).proof?.outcome).toBe('verified');
  };
  await done('POST /v1/storage', {
    name: 'vault',
    type: 'pbs',
    server: '10.0.0.9',
    datastore: 'main',
    username: 'pxa@pbs',
    password: 'geheim-1',
    fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
  });
  await done('POST /v1/backups', { vm_id: 'vm-105', storage: 'vault' });
  const got = await lab.send('GET /v1/backups?storage=vault', token);
  expect(got.list('data.backups')).toMatchObject([{ vm_id: 'vm-105', compression: null, storage: 'vault' }]);
  const reason = 'A backup server compresses by itself, and does not tell how.';
  expect(got.at('meta.unavailable')).toEqual([{ field: 'compression', reason }]);
  const one = await lab.send(`GET /v1/backups/${got.text('data.backups.0.id')}`, token);
  expect(one.at('meta.unavailable')).toEqual([{ field: 'compression', reason }]);
  expect((await lab.send('GET /v1/backups?storage=nfs-backup', token)).at('meta.unavailable')).toBeUndefined();
});
