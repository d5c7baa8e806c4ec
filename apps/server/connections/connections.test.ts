import type { Assistant } from '@pxa/assistant';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

/** One service over three clusters, of which the last does not answer. */
let labs: Lab[];
let whole: Lab;
let token: string;
beforeAll(async () => {
  labs = await Promise.all(['home', 'east', 'gone'].map(() => Lab.start()));
  const [home, , gone] = labs;
  if (home === undefined || gone === undefined) throw new Error('there are three labs');
  const names = ['home', 'east', 'gone'];
  const clusters = labs.flatMap(({ service }, at) =>
    Array.from(service.clusters.values(), (cluster): [string, Assistant] => [names[at] ?? '', cluster]),
  );
  whole = await home.replica(new Map(clusters));
  await gone.sandbox.close();
  token = await home.token(['node:read', 'node:write', 'job:read', 'monitoring:read', 'vm:read']);
});
afterAll(async () => {
  await whole.app.close();
  for (const lab of labs) await lab.close();
});

describe('over several clusters', () => {
  test.each([
    ['GET /v1/nodes', 'data.nodes', 6],
    ['GET /v1/tasks?status=failed', 'data.tasks', 6],
    ['GET /v1/monitoring/metrics', 'data.metrics.clusters', 2],
  ])('%s tells all that answer, and which does not', async (line, path, count) => {
    const got = await whole.send(line, token);
    expect(got.status).toBe(200);
    expect(got.list(path)).toHaveLength(count);
    expect(got.at('meta.unavailable')).toEqual([{ field: 'gone', reason: expect.any(String) }]);
  });

  test('what is of another than the first is named with its connection, and found by that name', async () => {
    const nodes = await whole.send('GET /v1/nodes?connection=east', token);
    expect(nodes.list('data.nodes').map(({ id }) => id)).toEqual(
      ['pve-node01', 'pve-node02', 'pve-node03'].map((name) => `east:${name}`),
    );
    expect((await whole.send('GET /v1/nodes/east:pve-node02', token)).at('data.node')).toMatchObject({
      id: 'east:pve-node02',
      connection: 'east',
    });
    const tasks = await whole.send('GET /v1/tasks?connection=east&limit=1', token);
    const id = tasks.text('data.tasks.0.id');
    expect(id).toMatch(/^east:UPID:/);
    expect((await whole.send(`GET /v1/tasks/${id}`, token)).at('data.task.id')).toBe(id);
    expect((await whole.send('GET /v1/tasks?guest=east:vm-104&status=failed', token)).at('data.tasks.0.guest')).toBe(
      'east:vm-104',
    );
  });

  test('what is asked of the silent one alone is unavailable', async () => {
    for (const line of [
      'GET /v1/nodes?connection=gone',
      'GET /v1/cluster?connection=gone',
      'GET /v1/cluster/health?connection=gone',
      'GET /v1/nodes/gone:pve-node01',
    ])
      expect(await whole.send(line, token)).toMatchObject({
        status: 503,
        body: { error: { code: 'CLUSTER_UNAVAILABLE' } },
      });
    const got = await whole.send('GET /v1/connections', token);
    expect(
      got.list('data.connections').map(({ name, reachable, default: isFirst }) => [name, reachable, isFirst]),
    ).toEqual([
      ['home', true, true],
      ['east', true, false],
      ['gone', false, false],
    ]);
    expect(got.at('data.connections.2.problem')).toEqual(expect.any(String));
  });
});
