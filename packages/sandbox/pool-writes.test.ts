import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, expected: unknown];

const having = (row: object): unknown => expect.objectContaining(row);
const without = (rows: unknown[]): unknown => expect.not.arrayContaining(rows);
const holding = (row: object): unknown => expect.arrayContaining([having(row)]);

const STORIES: Record<string, Step[]> = {
  'a pool is made, filled, emptied and removed': [
    ['POST /pools', { poolid: 'test', comment: 'tries' }, null],
    ['POST /pools', { poolid: 'test' }, "create pool failed: pool 'test' already exists"],
    ['GET /pools', undefined, holding({ poolid: 'test', comment: 'tries' })],
    ['PUT /pools/test', { vms: '111', storage: 'local,nfs-backup' }, null],
    ['GET /pools/test', undefined, { comment: 'tries', members: expect.anything() }],
    ['PUT /pools/test', { comment: '' }, null],
    ['PUT /pools/test', { storage: 'local' }, "update pools failed: Storage 'local' is already a pool member"],
    ['DELETE /pools/test', undefined, /^delete pool failed: pool 'test' is not empty \(contains (?:VM 111|storage)/],
    ['PUT /pools/test', { storage: 'local,nfs-backup', delete: true }, null],
    [
      'PUT /pools/test',
      { storage: 'local', delete: true },
      "update pools failed: Storage 'local' is not a pool member",
    ],
    ['PUT /pools/test', { vms: '103', delete: true }, 'update pools failed: VM 103 is not a pool member'],
    ['PUT /access/acl', { path: '/pool/test', users: 'ben@pve', roles: 'PVEVMUser' }, null],
    ['PUT /pools', { poolid: 'test', vms: '103', delete: 1 }, 'update pools failed: VM 103 is not a pool member'],
  ],
  'a guest is in one pool': [
    ['POST /pools', { poolid: 'other' }, null],
    ['PUT /pools/other', { vms: '100' }, /^update pools failed: VM 100 belongs already to pool 'production'/],
    ['PUT /pools', { poolid: 'other', vms: '100', 'allow-move': true }, null],
    ['PUT /pools', { poolid: 'other', vms: '100' }, 'update pools failed: VM 100 is already a pool member'],
    ['GET /cluster/resources?type=vm', undefined, holding({ vmid: 100, pool: 'other' })],
    ['DELETE /pools?poolid=other', undefined, "delete pool failed: pool 'other' is not empty (contains VM 100)"],
    ['PUT /pools', { poolid: 'other', vms: '100', delete: true }, null],
    ['PUT /access/acl', { path: '/pool/other', users: 'ben@pve', roles: 'PVEVMUser' }, null],
    ['DELETE /pools?poolid=other', undefined, null],
    ['GET /access/acl', undefined, without([having({ path: '/pool/other' })])],
    ['GET /pools/other', undefined, /pool 'other' does not exist/],
  ],
  'pools within pools': [
    ['POST /pools', { poolid: 'a/b' }, "create pool failed: parent 'a' of pool 'a/b' does not exist"],
    ['POST /pools', { poolid: 'a' }, null],
    ['POST /pools', { poolid: 'a/b' }, null],
    ['POST /pools', { poolid: 'a/b/c/d' }, having({ poolid: expect.anything() })],
    ['DELETE /pools?poolid=a', undefined, "delete pool failed: pool 'a' is not empty (contains pool 'a/b')"],
    ['PUT /pools', { poolid: 'a/b', vms: '112,104', 'allow-move': true }, null],
    ['DELETE /pools?poolid=a/b', undefined, "delete pool failed: pool 'a/b' is not empty (contains VM 104)"],
    ['PUT /pools', { poolid: 'a/b', vms: '104,112', delete: true }, null],
    ['DELETE /pools?poolid=a/b', undefined, null],
    ['DELETE /pools?poolid=a', undefined, null],
    ['PUT /pools', { poolid: 'a', comment: 'x' }, "update pools failed: pool 'a' does not exist"],
  ],
};

describe('pools:', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    if (_name.startsWith('a pool')) lab.sandbox.state.access = withoutMember(111);
    for (const [line, params, expected] of steps) {
      const outcome = await lab.call(line, params);
      if (expected instanceof RegExp) expect(outcome).toMatch(expected);
      else expect([line, outcome]).toEqual([line, expected]);
    }
  });
});

function withoutMember(vmid: number): Changing['sandbox']['state']['access'] {
  const { access } = lab.sandbox.state;
  return { ...access, pools: access.pools.map((pool) => ({ ...pool, vms: pool.vms.filter((id) => id !== vmid) })) };
}
