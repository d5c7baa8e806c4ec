import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['node:read', 'node:write']);
});
afterAll(() => lab.close());

test('GET /v1/ha tells the manager, what it looks after, and its rules', async () => {
  const got = await lab.send('GET /v1/ha', token);
  expect(got.at('data.ha')).toMatchObject({
    connection: 'home',
    quorate: true,
    master: 'pve-node02',
    rules: [
      { name: 'ha-group1', kind: 'node-affinity', strict: false, enabled: true },
      { name: 'ha-group2', kind: 'node-affinity', resources: ['vm:102'] },
    ],
  });
  expect(got.list('data.ha.nodes').map(({ node }) => node)).toEqual(['pve-node01', 'pve-node02', 'pve-node03']);
  expect(got.at('data.ha.resources.1')).toEqual({
    id: 'vm-100',
    sid: 'vm:100',
    state: 'started',
    requested_state: 'started',
    manager_state: 'started',
    node: 'pve-node01',
    rules: ['ha-group1'],
    max_restart: 3,
    max_relocate: 1,
    failback: true,
    comment: null,
  });
});

describe('an HA resource', () => {
  test('is made, changed and taken out, each proven', async () => {
    const made = await lab.send('POST /v1/ha/resources', token, { id: 'vm-103', state: 'started', max_restart: 3 });
    expect(made).toMatchObject({ status: 202, body: { data: { status: 'pending' } } });
    expect(await lab.ended(made.text('data.job_id'))).toMatchObject({ proof: { outcome: 'verified' } });
    expect((await lab.send('GET /v1/ha/resources/vm-103', token)).at('data.resource')).toMatchObject({
      id: 'vm-103',
      max_restart: 3,
    });
    const changed = await lab.send('PUT /v1/ha/resources/vm-103', token, { max_relocate: 2, failback: false });
    await lab.ended(changed.text('data.job_id'));
    expect((await lab.send('GET /v1/ha/resources/vm-103', token)).at('data.resource')).toMatchObject({
      max_relocate: 2,
      failback: false,
    });
    const again = await lab.send('PUT /v1/ha/resources/vm-103', token, { max_relocate: 2 });
    expect(again).toMatchObject({ status: 200, body: { data: { status: 'unchanged' } } });
    const removed = await lab.send('DELETE /v1/ha/resources/vm-103', token);
    await lab.ended(removed.text('data.job_id'));
    expect((await lab.send('GET /v1/ha/resources/vm-103', token)).status).toBe(404);
  });

  const refused: [line: string, body: object | undefined, status: number, details: object][] = [
    ['POST /v1/ha/resources', { id: 'vm-999' }, 422, { field: 'id', reason: 'not_found' }],
    ['POST /v1/ha/resources', { id: 'vm-9000' }, 422, { field: 'id', reason: 'not_acceptable' }],
    ['POST /v1/ha/resources', { id: '101' }, 422, { field: 'id', reason: 'not_found' }],
    ['POST /v1/ha/resources', { id: 'vm-103', state: 'asleep' }, 422, { field: 'state' }],
    ['POST /v1/ha/resources', { id: 'vm-103', max_restart: 11 }, 422, { field: 'max_restart', reason: 'too_big' }],
    ['PUT /v1/ha/resources/vm-104', { state: 'started' }, 404, { provided_value: 'vm-104' }],
    ['PUT /v1/ha/resources/vm-101', {}, 422, {}],
    ['DELETE /v1/ha/resources/vm-104', undefined, 404, { provided_value: 'vm-104' }],
    ['GET /v1/ha?connection=mars', undefined, 422, { field: 'connection' }],
  ];
  test.each(refused)('%s %j is refused', async (line, body, status, details) => {
    const got = await lab.send(line, token, body);
    expect({ status: got.status, details: got.at('error.details') }).toMatchObject({ status, details });
  });

  test('is not for who only reads', async () => {
    const reader = await lab.token(['node:read']);
    expect((await lab.send('DELETE /v1/ha/resources/vm-101', reader)).status).toBe(403);
  });
});

test('what a release before 9 has in a group, and not of a guest, is a fault of its field', async () => {
  const old = await Lab.start({ pve: '8.4' });
  const own = await old.token(['node:read', 'node:write']);
  const got = await old.send('PUT /v1/ha/resources/vm-101', own, { failback: false });
  await old.close();
  expect(got).toMatchObject({
    status: 422,
    body: { error: { details: { field: 'failback', reason: 'not_acceptable', provided_value: false } } },
  });
});
