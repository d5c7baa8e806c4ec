import { request } from 'node:https';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { compare } from './compare.ts';
import { turnsOf } from './alerts.ts';
import { Watcher } from './watcher.ts';

let lab: Lab;
let watcher: Watcher;
beforeEach(async () => {
  lab = await Lab.start();
  watcher = another();
});
afterEach(() => lab.close());

/** A replica that watches the same cluster. */
function another(): Watcher {
  const [[name, cluster] = expect.fail()] = lab.service.clusters;
  return new Watcher(name, cluster, lab.service);
}

/** Looks as often as a leader would in so many seconds; for long times, at every minute alone. */
async function watched(seconds: number, every = seconds > 300 ? 60 : 5): Promise<void> {
  for (let passed = 0; passed < seconds; passed += every) {
    await watcher.step();
    await lab.later(every);
  }
  await watcher.step();
}

/** What has been told, without what no test names. */
async function told(): Promise<unknown[]> {
  const events = await lab.service.kept.eventsAfter({ after: 0, limit: 100 });
  return events.map(({ type, data }) => ({ event: type, ...data }));
}

/** Somebody does something past the service. */
async function outside(line: string, params: Record<string, string> = {}): Promise<void> {
  const [method, path = ''] = line.split(' ');
  const { url, tokenId, tokenSecret, certificate: ca } = lab.sandbox;
  const headers = { authorization: `PVEAPIToken=${tokenId}=${tokenSecret}` };
  const status = await new Promise((resolve, reject) => {
    const query = new URLSearchParams(params).toString();
    const sent = request(`${url}/api2/json${path}?${query}`, { method, headers, ca, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject).end();
  });
  expect(status).toBe(200);
}

const NODE2 = '/nodes/pve-node02';

describe('what happens on the cluster is told,', () => {
  beforeEach(() => watched(5));

  test('but nothing of what was there at the first look', async () => {
    await watched(120);
    expect(await told()).toEqual([]);
  });

  test('a VM that somebody starts', async () => {
    await outside(`POST ${NODE2}/qemu/104/status/start`);
    await watched(30);
    const vm = { id: 'vm-104', name: 'build-agent', status: 'running', previous_status: 'stopped' };
    expect(await told()).toEqual([{ event: 'vm.status_changed', vm }]);
  });

  test('a VM that somebody pauses, though the list goes on saying that it runs, and that it goes on', async () => {
    await outside('POST /nodes/pve-node01/qemu/101/status/suspend');
    await watched(180);
    const vm = { id: 'vm-101', name: 'app-server-prod' };
    const paused = { ...vm, status: 'paused', previous_status: 'running' };
    expect(await told()).toEqual([{ event: 'vm.status_changed', vm: paused }]);
    await outside('POST /nodes/pve-node01/qemu/101/status/resume');
    await watched(120);
    const goesOn = { ...vm, status: 'running', previous_status: 'paused' };
    expect((await told()).slice(1)).toEqual([{ event: 'vm.status_changed', vm: goesOn }]);
  });

  test('but nothing of a paused VM whose node does not answer', async () => {
    await outside('POST /nodes/pve-node01/qemu/101/status/suspend');
    await watched(60);
    lab.sandbox.faults.add({ fault: 'error', status: 595, path: '/nodes/pve-node01/**' });
    await watched(180);
    lab.sandbox.faults.clear();
    await watched(180);
    expect(await told()).toMatchObject([{ event: 'vm.status_changed', vm: { status: 'paused' } }]);
  });

  test('a guest that stops from inside, of which no task tells, within a minute', async () => {
    for (const vmid of [102, 200]) {
      const guest = lab.sandbox.state.guests.get(vmid);
      if (guest !== undefined) guest.status = 'stopped';
    }
    await watched(80);
    const was = { status: 'stopped', previous_status: 'running' };
    expect(await told()).toEqual([
      { event: 'vm.status_changed', vm: { id: 'vm-102', name: 'db-postgres-01', ...was } },
      { event: 'container.status_changed', container: { id: 'ct-200', name: 'nginx-proxy', ...was } },
    ]);
  });

  test('a VM that is cloned, once that is done, and deleted', async () => {
    await outside(`POST ${NODE2}/qemu/9000/clone`, { newid: '150', name: 'copy', full: '1' });
    await watched(5);
    expect(await told()).toEqual([]);
    await watched(600);
    expect(await told()).toEqual([{ event: 'vm.created', vm: { id: 'vm-150', name: 'copy', status: 'stopped' } }]);
    await outside(`DELETE ${NODE2}/qemu/150`);
    await watched(60);
    expect((await told()).slice(1)).toEqual([
      { event: 'vm.deleted', vm: { id: 'vm-150', name: 'copy', status: 'deleted' } },
    ]);
  });

  test('a backup, with how it ended', async () => {
    await outside(`POST ${NODE2}/vzdump`, { vmid: '104', storage: 'nfs-backup', mode: 'stop' });
    await watched(1_800);
    const backup = { vm_id: 'vm-104', status: 'completed', node: 'pve-node02', message: 'OK' };
    expect(await told()).toMatchObject([{ event: 'backup.completed', backup }]);
  });

  test('a node that is gone, once, and that it is back', async () => {
    lab.sandbox.faults.add({ fault: 'node_down', node: 'pve-node03' });
    await watched(400);
    const alert = { severity: 'critical', code: 'node.offline', about: 'node/pve-node03', connection: 'home' };
    expect(await told()).toMatchObject([{ event: 'system.alert', alert: { ...alert, state: 'raised' } }]);
    lab.sandbox.faults.clear();
    await watched(300);
    expect((await told()).slice(1)).toMatchObject([
      { event: 'system.alert', alert: { ...alert, severity: 'info', state: 'cleared' } },
    ]);
  });

  test('a cluster that does not answer, once, and that it does again', async () => {
    lab.sandbox.faults.add({ fault: 'error', status: 503 });
    await watched(200, 40);
    expect(await told()).toMatchObject([
      { event: 'system.alert', alert: { state: 'raised', code: 'cluster.unreachable', about: 'connection/home' } },
    ]);
    lab.sandbox.faults.clear();
    await watched(200, 40);
    expect((await told()).slice(1)).toMatchObject([{ event: 'system.alert', alert: { state: 'cleared' } }]);
  });

  test('and nothing of guests that a token may not see any more', async () => {
    lab.sandbox.faults.add({ fault: 'revoked_privilege', privilege: 'VM.Audit' });
    await watched(120);
    lab.sandbox.faults.clear();
    await watched(120);
    expect(await told()).toEqual([]);
  });

  test('once, whichever replica looks', async () => {
    const others = [watcher, another(), another()];
    await outside(`POST ${NODE2}/qemu/104/status/start`);
    for (let turn = 0; turn < 8; turn++) {
      await Promise.all(others.map((each) => each.step()));
      await lab.later(5);
    }
    expect(await told()).toMatchObject([{ event: 'vm.status_changed' }]);
  });
});

test('a look is one light call, and the list of the cluster when something ended or a minute has passed', async () => {
  const [cluster = expect.fail()] = lab.service.clusters.values();
  const paths: string[] = [];
  const look: typeof cluster.look = async (queries, hooks) => {
    const looked = await cluster.look(queries, hooks);
    if (looked.ok) paths.push(...looked.calls.map(({ path }) => path.replace('/api2/json', '')));
    return looked;
  };
  watcher = new Watcher('home', { ...cluster, look }, lab.service);
  await watched(5);
  paths.length = 0;
  await watched(120);
  const count = (path: string): number => paths.filter((each) => each === path).length;
  expect(count('/cluster/tasks')).toBe(25);
  expect(count('/cluster/resources')).toBe(2);
  expect(paths).toHaveLength(27);
});

describe('of guests,', () => {
  const idOf = (guest: string): string => guest;
  const guest = fc.record({
    guest: fc.constantFrom('qemu/100', 'qemu/101', 'lxc/200'),
    name: fc.constantFrom('a', 'b', null),
    status: fc.constantFrom('running', 'stopped', 'unknown', 'template'),
  });
  const look = fc.uniqueArray(guest, { selector: ({ guest: id }) => id });

  test('what is kept after a look is what it showed, and the same look again is no news', () => {
    fc.assert(
      fc.property(look, look, (first, second) => {
        const now = second.map((each) => ({ ...each, vmid: 100, isBeingMade: false }));
        const { are, gone, news } = compare({ before: first, now, destroyed: new Set(['100', '101', '200']) }, idOf);
        const kept = new Map([...first, ...are].map((each) => [each.guest, each]));
        for (const id of gone) kept.delete(id);
        expect([...kept.keys()].toSorted()).toEqual(second.map(({ guest: id }) => id).toSorted());
        const again = compare({ before: [...kept.values()], now, destroyed: new Set() }, idOf);
        expect(again.news).toEqual([]);
        expect(new Set(news.map(({ type, guest: id }) => `${type} ${id}`)).size).toBe(news.length);
      }),
    );
  });

  test('the first look is no news', () => {
    const now = [{ guest: 'qemu/100', name: 'a', status: 'running', vmid: 100, isBeingMade: false }];
    expect(compare({ before: undefined, now, destroyed: new Set() }, idOf)).toMatchObject({ news: [], are: [{}] });
  });
});

test('trouble on the edge is told of once', () => {
  const trouble = { severity: 'warning', code: 'storage.high', about: 'storage/a', text: 'full' } as const;
  const found = new Map([['storage.high storage/a', trouble]]);
  let alerts: ReturnType<typeof turnsOf>['alerts'] = {};
  const turns: string[] = [];
  for (const [nowMs, isFound] of [
    [0, 1],
    [60, 0],
    [120, 1],
    [180, 0],
    [240, 0],
    [300, 0],
    [360, 1],
  ] as const) {
    const next = turnsOf(alerts, isFound === 1 ? found : new Map(), nowMs * 1_000);
    alerts = next.alerts;
    turns.push(...next.turns.map(({ state }) => `${nowMs} ${state}`));
  }
  expect(turns).toEqual(['0 raised', '240 cleared', '360 raised']);
});
