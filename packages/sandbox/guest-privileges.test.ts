import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessFor } from './access.ts';
import type { Call } from './behaviour.ts';
import { PveError } from './behaviour.ts';
import { modelled } from './registry.ts';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

/** What the code itself says to a caller who has passed the route's own check, with one role on one guest. */
async function refusal(roleid: string, route: keyof ReturnType<typeof modelled>, params: object): Promise<string> {
  const { state, clock, tasks } = lab.sandbox;
  const acl = [{ path: '/vms/104', type: 'user' as const, ugid: 'ben@pve', roleid, propagate: 1 }];
  const users = [...state.access.users.filter(({ userid }) => userid !== 'ben@pve'), { userid: 'ben@pve', enable: 1 }];
  const access = accessFor({ ...state.access, users, groups: [], acl }, 'ben@pve');
  const call: Call = {
    route,
    params: { node: 'pve-node02', vmid: 104, ...params },
    node: 'pve-node02',
    caller: { userid: 'ben@pve', authid: 'ben@pve' },
    access,
    state,
    clock,
    tasks,
    version: { major: 9, release: '9.2' },
  };
  try {
    await modelled()[route]?.(call);
    return 'OK';
  } catch (error) {
    if (error instanceof PveError) return error.errors ? JSON.stringify(error.errors) : error.message.trimEnd();
    throw error;
  }
}

const PUT = 'PUT /nodes/{node}/qemu/{vmid}/config';
const START = 'POST /nodes/{node}/qemu/{vmid}/status/start';
const USER = 'PVEVMUser';
const ADMIN = 'PVEVMAdmin';

describe('what the code asks for beyond the route', () => {
  it.each([
    [USER, PUT, { cores: 2 }, 'Permission check failed (/vms/104, VM.Config.CPU)'],
    [USER, PUT, { memory: '2048' }, 'Permission check failed (/vms/104, VM.Config.Memory)'],
    [USER, PUT, { delete: 'net0' }, 'Permission check failed (/vms/104, VM.Config.Network)'],
    [USER, PUT, { ciuser: 'x' }, 'OK'],
    [ADMIN, PUT, { cores: 2 }, 'OK'],
    [ADMIN, PUT, { args: '-x' }, "only root can set 'args' config"],
    [ADMIN, PUT, { scsi1: 'local-zfs:4' }, 'Permission check failed (/storage/local-zfs, Datastore.AllocateSpace)'],
    [ADMIN, START, { skiplock: 1 }, '{"skiplock":"Only root may use this option."}'],
    [
      ADMIN,
      'POST /nodes/{node}/qemu/{vmid}/migrate',
      { target: 'pve-node01', force: 1 },
      '{"force":"Only root may use this option."}',
    ],
    [
      ADMIN,
      'POST /nodes/{node}/qemu/{vmid}/clone',
      { newid: 106 },
      'Permission check failed (/storage/local-zfs, Datastore.AllocateSpace)',
    ],
    [ADMIN, 'POST /nodes/{node}/qemu', { vmid: 106 }, 'Permission check failed'],
    [USER, 'POST /nodes/{node}/startall', {}, 'Permission check failed (/, VM.PowerMgmt)'],
    [USER, 'POST /nodes/{node}/stopall', { vms: '104,110' }, 'Permission check failed (/vms/110, VM.PowerMgmt)'],
    [USER, 'POST /nodes/{node}/suspendall', { vms: '104' }, 'OK'],
    [USER, 'POST /nodes/{node}/migrateall', { vms: '104' }, 'Permission check failed (/vms/104, VM.Migrate)'],
    [
      USER,
      'PUT /pools',
      { poolid: 'kubernetes', vms: '104' },
      'update pools failed: 403 Permission check failed (/vms/104, Permissions.Modify|VM.Allocate)',
    ],
    [
      ADMIN,
      'PUT /pools',
      { poolid: 'kubernetes', vms: '104', 'allow-move': 1 },
      'update pools failed: 403 Permission check failed (/pool/development, Pool.Allocate)',
    ],
  ] as const)('%s, %s %j: %s', async (role, route, params, expected) => {
    expect(await refusal(role, route, params)).toBe(expected);
  });
});
