import { expect, it } from 'vitest';
import { indexBehaviours, rootIndex } from './behaviours/indexes.ts';
import type { RouteId } from '@pxa/pve/facts';
import type { Call } from './behaviour.ts';

const indexes = indexBehaviours();
/** An index looks at nothing of the call. */
const list = (id: string): unknown => indexes[id as RouteId]?.({} as Call);
const named = (key: string, ...names: string[]): object[] => names.map((name) => ({ [key]: name }));

it.each([
  ['GET /cluster/ha', named('id', 'groups', 'resources', 'rules', 'status')],
  ['GET /cluster/ha/status', named('name', 'arm-ha', 'current', 'disarm-ha', 'manager_status')],
  [
    'GET /nodes/{node}/qemu/{vmid}/status',
    named('subdir', 'current', 'reboot', 'reset', 'resume', 'shutdown', 'start', 'stop', 'suspend'),
  ],
  ['GET /nodes/{node}/tasks/{upid}', named('name', 'log', 'status')],
  ['GET /nodes/{node}/apt', named('id', 'changelog', 'repositories', 'update', 'versions')],
  ['GET /nodes/{node}/hardware', named('type', 'pci', 'usb')],
])('%s lists what is below it', (id, rows) => {
  expect(list(id)).toEqual(rows);
});

it.each([
  'GET /nodes',
  'GET /nodes/{node}/qemu',
  'GET /access/users',
  'GET /cluster/resources',
  'GET /storage',
  'GET /pools',
])('%s is a list of things, not an index', (id) => {
  expect(list(id)).toBeUndefined();
});

it('GET / lists the areas', () => {
  expect(rootIndex().map(({ subdir }) => subdir)).toContain('cluster');
});
