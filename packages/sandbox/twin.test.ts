import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessFor } from './access.ts';
import { givenAccess } from './access/given.ts';
import { SandboxClock } from './clock.ts';
import { demoState, generateState } from './state.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';
import { ask } from './testing/raw.ts';
import { openTwin, type Twin } from './twin.ts';

const NOW_MS = Date.parse('2026-02-23T10:00:00Z');

let sandbox: Sandbox;
let twin: Twin;
beforeAll(async () => {
  const clock = new SandboxClock(NOW_MS, 0);
  sandbox = await startSandbox({ clock });
  twin = openTwin({ state: demoState(clock), clock, as: sandbox.tokenId });
});
afterAll(() => sandbox.close());

describe('within the process all is answered as over the wire', () => {
  const CALLS: [line: string, body?: string][] = [
    ['GET /version'],
    ['GET /cluster/resources?type=vm'],
    ['GET /nodes/pve-node01/qemu/100/config?current=1'],
    ['GET /nodes/pve-node01/storage/local-zfs/content?vmid=100'],
    ['GET /nodes/pve-node02/qemu/999/config'],
    ['GET /nodes/nowhere/status'],
    ['GET /no/such/call'],
    ['GET /nodes/%E0%A4%A/status'],
    ['GET /nodes/pve-node01/qemu/1/config'],
    ['GET /access/permissions'],
    ['PUT /nodes/pve-node01/qemu/100/config', 'cores=none'],
    ['PUT /nodes/pve-node01/qemu/100/config', 'digest=0000000000000000000000000000000000000000&cores=2'],
    ['POST /nodes/pve-node01/qemu/100/status/start', 'skiplock=1'],
    ['DELETE /nodes/pve-node01/qemu/102?purge=1'],
    ['POST /nodes/pve-node02/qemu/104/migrate', 'target=pve-node02'],
    ['PUT /nodes/pve-node02/qemu/104/config', 'description=one%2Btwo+three'],
    ['GET /nodes/pve-node02/qemu/104/config'],
    ['POST /nodes/pve-node02/qemu/104/status/start'],
  ];

  test.each(CALLS)('%s %s', async (line, body) => {
    const [method = '', path = ''] = line.split(' ');
    const headers = {
      Authorization: `PVEAPIToken=${sandbox.tokenId}=${sandbox.tokenSecret}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
    };
    const over = await ask(sandbox.url, `${method} /api2/json${path}`, headers, body);
    const within = await twin.answer({ method, path: `/api2/json${path}`, ...(body === undefined ? {} : { body }) });
    expect(`${within.status} ${within.reason}`).toBe(`${over.status} ${over.reason}`);
    expect(within.body).toBe(over.body);
    expect(within.headers['content-type']).toBe(over.headers['content-type']);
  });
});

test('a call that the sandbox breaks at is an answer, too, and says so', async () => {
  const clock = new SandboxClock(NOW_MS, 0);
  const state = demoState(clock);
  const other = openTwin({ state, clock, as: 'root@pam' });
  // @ts-expect-error -- a state that cannot be
  state.nodes.get('pve-node01').storages = undefined;
  const reply = await other.answer({ method: 'GET', path: '/api2/json/nodes/pve-node01/storage' });
  expect(reply).toMatchObject({ status: 500, broken: expect.any(String) });
});

test('a token that is made on a twin does not depend on chance', async () => {
  const make = async (): Promise<string> => {
    const clock = new SandboxClock(NOW_MS, 0);
    const other = openTwin({ state: demoState(clock), clock, as: 'root@pam' });
    const path = '/api2/json/access/users/root@pam/token/made';
    return (await other.answer({ method: 'POST', path, body: '' })).body;
  };
  const [first, second] = [await make(), await make()];
  expect(first).toContain('"value"');
  expect(second).toBe(first);
});

describe('privileges that a caller was told of hold as those of the ACL do', () => {
  const clock = new SandboxClock(NOW_MS, 0);
  const { access, guests, storages, nodes } = generateState({ seed: 5, nodes: 3, guests: 40, clock });
  const demo = demoState(clock);
  const PATHS = [
    ...[...guests.keys(), ...demo.guests.keys(), 987].map((vmid) => `/vms/${vmid}`),
    ...[...storages.keys(), ...demo.storages.keys(), 'nowhere'].map((id) => `/storage/${id}`),
    ...[...nodes.keys(), ...demo.nodes.keys(), 'nowhere'].map((name) => `/nodes/${name}`),
    ...['/', '/access', '/pool', '/pool/production', '/sdn/zones/localnetwork/vmbr0', '/mapping/pci/gpu'],
  ];
  const CONFIGS = [access, demo.access];
  const callers = CONFIGS.flatMap((config) =>
    [...config.users.map(({ userid }) => userid), ...config.tokens.map(({ tokenid }) => tokenid)]
      .filter((authid) => authid !== 'root@pam')
      .map((authid) => ({ authid, config })),
  );

  test.each(callers)('$authid', ({ authid, config }) => {
    const own = accessFor(config, authid);
    const given = givenAccess(authid, own.paths())({ ...config, acl: [], groups: [] }, authid);
    const names = (path: string, of: typeof own): string[] => Object.keys(of.privileges(path)).toSorted();
    for (const path of PATHS) expect([path, names(path, given)]).toEqual([path, names(path, own)]);
  });
});
