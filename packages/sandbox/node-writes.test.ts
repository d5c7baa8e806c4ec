import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

/** A call and its end (that of its task, where it begins one), and what the task's log must hold. */
type Step = [line: string, params: object | undefined, end: unknown, log?: RegExp];

const TWO = '/nodes/pve-node02';
const having = (row: object): unknown => expect.objectContaining(row);
const lacking = (row: object): unknown => expect.not.objectContaining(row);
const holding = (row: object): unknown => expect.arrayContaining([having(row)]);
const CHANGED = 'detected modified configuration - file changed by other user? Try again.';
const WORKERS = "either 'maxworkers' parameter or max_workers in datacenter.cfg must be set!";

const STORIES: Record<string, Step[]> = {
  'services stop, start and reload': [
    [`POST ${TWO}/services/chrony/stop`, {}, 'OK'],
    [`GET ${TWO}/services/chrony/state`, undefined, having({ state: 'dead', 'active-state': 'inactive' })],
    [`POST ${TWO}/services/chrony/reload`, {}, "command 'systemctl reload chrony' failed: exit code 1"],
    [`POST ${TWO}/services/chrony/start`, {}, 'OK'],
    [`POST ${TWO}/services/pvedaemon/stop`, {}, /^invalid service cmd 'pvedaemon stop': refusing to stop essential/],
    [`POST ${TWO}/services/pvedaemon/restart`, {}, 'OK'],
    [`GET ${TWO}/services/pvedaemon/state`, undefined, having({ state: 'running' })],
    [`POST ${TWO}/services/lxcfs/start`, {}, "command 'systemctl start lxcfs' failed: exit code 5", /not found/],
    [`POST ${TWO}/services/nothing/start`, {}, having({ service: expect.anything() })],
  ],
  'changelogs, with the errors of those that are not there': [
    [
      `GET /nodes/pve-node03/apt/changelog?name=openssl`,
      undefined,
      expect.stringMatching(/^openssl \(3\.5\.4-1~deb13u2\).*CVE-2025-15467.*\n\nopenssl \(3\.5\.4-1~deb13u1\)/s),
    ],
    [
      `GET /nodes/pve-node03/apt/changelog?name=libssl3t64&version=3.5.4-1~deb13u1`,
      undefined,
      expect.stringMatching(/^openssl \(3\.5\.4-1~deb13u1\)/),
    ],
    [`GET /nodes/pve-node03/apt/changelog?name=nothing`, undefined, 'E: Unable to locate package nothing\nRC: 100'],
    [
      `GET /nodes/pve-node03/apt/changelog?name=curl&version=1`,
      undefined,
      "E: Version '1' for 'curl' was not found\nRC: 100",
    ],
  ],
  'names, time, hosts and notes': [
    [`PUT ${TWO}/dns`, { search: 'example.org', dns1: '192.0.2.53' }, null],
    [`GET ${TWO}/dns`, undefined, { search: 'example.org', dns1: '192.0.2.53' }],
    [`PUT ${TWO}/dns`, { search: 'example.org', dns1: 'nothing' }, having({ dns1: expect.anything() })],
    [`PUT ${TWO}/time`, { timezone: 'Europe/Zurich' }, null],
    [`GET ${TWO}/time`, undefined, having({ timezone: 'Europe/Zurich', localtime: 1_771_840_800 + 3600 })],
    [`PUT ${TWO}/time`, { timezone: 'Europe/Nowhere' }, 'No such timezone.'],
    [`POST ${TWO}/hosts`, { data: '127.0.0.1 localhost\n', digest: 'a'.repeat(40) }, CHANGED],
    [`POST ${TWO}/hosts`, { data: '127.0.0.1 localhost\n' }, null],
    [`GET ${TWO}/hosts`, undefined, having({ data: '127.0.0.1 localhost\n' })],
    [
      `PUT ${TWO}/config`,
      { description: 'left rack', wakeonlan: 'BC:24:11:00:00:02', 'startall-onboot-delay': 5 },
      null,
    ],
    [`GET ${TWO}/config`, undefined, having({ description: 'left rack', 'startall-onboot-delay': 5 })],
    [`PUT ${TWO}/config`, { delete: 'description', digest: 'a'.repeat(40) }, CHANGED],
    [`PUT ${TWO}/config`, { delete: 'description' }, null],
    [`GET ${TWO}/config`, undefined, lacking({ description: expect.anything() })],
  ],
  "the datacenter's options": [
    ['PUT /cluster/options', { max_workers: 4, keyboard: 'de-ch', migration: 'insecure,network=10.0.0.0/24' }, null],
    [
      'GET /cluster/options',
      undefined,
      having({ max_workers: 4, keyboard: 'de-ch', migration: { type: 'insecure', network: '10.0.0.0/24' } }),
    ],
    [
      'PUT /cluster/options',
      { 'next-id': 'lower=500,upper=600', 'registered-tags': 'a;b', bwlimit: 'move=1000' },
      null,
    ],
    [
      'GET /cluster/options',
      undefined,
      having({ 'next-id': { lower: 500, upper: 600 }, 'registered-tags': ['a', 'b'] }),
    ],
    ['GET /cluster/nextid', undefined, '500'],
    ['PUT /cluster/options', { delete: 'keyboard,next-id' }, null],
    ['GET /cluster/nextid', undefined, '106'],
    ['PUT /cluster/options', { keyboard: 'klingon' }, having({ keyboard: expect.anything() })],
  ],
  'all guests of a node': [
    [`POST ${TWO}/stopall`, {}, 'OK', /Stopping VM 110 \(timeout = 180 seconds\)/],
    [`GET ${TWO}/qemu/110/status/current`, undefined, having({ status: 'stopped' })],
    [`POST ${TWO}/startall`, { vms: '110', force: true }, 'OK', /^Starting VM 110$/m],
    [`GET ${TWO}/qemu/110/status/current`, undefined, having({ status: 'running' })],
    [`POST ${TWO}/startall`, { vms: '104' }, 'OK', /^TASK OK$/],
    [`GET ${TWO}/qemu/104/status/current`, undefined, having({ status: 'stopped' })],
    [`POST ${TWO}/startall`, { vms: '104', force: true }, 'OK', /^Starting VM 104$/m],
    [`POST ${TWO}/suspendall`, { vms: '104' }, 'OK', /Suspending VM 104/],
    [`GET ${TWO}/qemu/104/status/current`, undefined, having({ status: 'stopped', lock: 'suspended' })],
    [`POST ${TWO}/migrateall`, { target: 'pve-node02', maxworkers: 1 }, { target: 'target is local node.' }],
    [`POST ${TWO}/migrateall`, { target: 'nowhere', maxworkers: 1 }, "no such cluster node 'nowhere'"],
    [`POST ${TWO}/migrateall`, { target: 'pve-node01' }, WORKERS],
    [
      `POST ${TWO}/migrateall`,
      { target: 'pve-node01', vms: '110', maxworkers: 2 },
      'OK',
      /skip VM 110 - precondition check failed:\n {2}Has local disks: /,
    ],
    [`POST ${TWO}/migrateall`, { target: 'pve-node01', vms: '203', maxworkers: 2 }, 'OK', /^Migrating CT 203$/m],
    ['GET /nodes/pve-node01/lxc/203/status/current', undefined, having({ status: 'stopped' })],
  ],
  'waking a node': [
    ['POST /nodes/pve-node01/wakeonlan', {}, "'pve-node01' is local node, cannot wake my self!"],
    ['POST /nodes/nowhere/wakeonlan', {}, "no such cluster node 'nowhere'"],
    [`POST ${TWO}/wakeonlan`, {}, "No wake on LAN MAC address defined for 'pve-node02'!"],
    [`PUT ${TWO}/config`, { wakeonlan: 'BC:24:11:00:00:02' }, null],
    [`POST ${TWO}/wakeonlan`, {}, 'BC:24:11:00:00:02'],
  ],
};

describe('a node:', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end, log] of steps) {
      const outcome = await lab.done(line, params);
      if (end instanceof RegExp) expect(outcome).toMatch(end);
      else expect([line, outcome]).toEqual([line, end]);
      if (log) expect(lab.log().join('\n')).toMatch(log);
    }
  });

  it('reboots: its guests are shut down, it goes and comes back, and starts what is to be there', async () => {
    const { state, clock, tasks } = lab.sandbox;
    const onboot = [...state.guests.values()].filter((one) => one.node === 'pve-node03' && one.status === 'running');
    for (const guest of onboot) guest.config = { ...guest.config, onboot: 1 };
    expect(onboot.length).toBeGreaterThan(0);
    expect(await lab.call('POST /nodes/pve-node03/status', { command: 'reboot' })).toBe(null);
    expect(await lab.call('GET /nodes/pve-node03/status')).toMatchObject({ uptime: expect.any(Number) });
    for (let step = 0; step < 60 && state.nodes.get('pve-node03')?.offlineSince === undefined; step++) {
      await clock.advance(10_000);
    }
    expect(onboot.map(({ status }) => status)).toEqual(onboot.map(() => 'stopped'));
    expect(await lab.call('GET /nodes')).toEqual(holding({ node: 'pve-node03', status: 'offline' }));
    await clock.advance(600_000);
    expect(await lab.call('GET /nodes')).toEqual(holding({ node: 'pve-node03', status: 'online' }));
    expect(onboot.map(({ status }) => status)).toEqual(onboot.map(() => 'running'));
    const own = tasks.all().filter(({ node, user }) => node === 'pve-node03' && user === 'root@pam');
    expect(own.map(({ type }) => type)).toEqual(expect.arrayContaining(['stopall', 'startall']));
  });

  it('that is shut down stays off until it is woken', async () => {
    const { clock } = lab.sandbox;
    await lab.call('PUT /nodes/pve-node03/config', { wakeonlan: 'BC:24:11:00:00:03' });
    await lab.call('POST /nodes/pve-node03/status', { command: 'shutdown' });
    await clock.advance(3_600_000);
    expect(await lab.call('GET /nodes')).toEqual(holding({ node: 'pve-node03', status: 'offline' }));
    expect(await lab.call('POST /nodes/pve-node03/wakeonlan', {})).toBe('BC:24:11:00:00:03');
    await clock.advance(120_000);
    expect(await lab.call('GET /nodes')).toEqual(holding({ node: 'pve-node03', status: 'online' }));
  });

  it('with services under HA keeps them on a reboot, and gives them away when it is shut down', async () => {
    const { state, clock } = lab.sandbox;
    const zfs = state.storages.get('local-zfs');
    if (zfs) zfs['shared'] = 1;
    await lab.call('POST /cluster/ha/resources', { sid: '104' });
    await clock.advance(60_000);
    await lab.call('POST /nodes/pve-node02/status', { command: 'reboot' });
    await clock.advance(30_000);
    expect(state.ha.services.find(({ sid }) => sid === 'vm:104')).toMatchObject({ crm_state: 'freeze' });
    await clock.advance(900_000);
    expect(state.guests.get(104)).toMatchObject({ node: 'pve-node02', status: 'running' });
    await lab.call('POST /nodes/pve-node02/status', { command: 'shutdown' });
    await clock.advance(1_200_000);
    expect(state.guests.get(104)).toMatchObject({ node: 'pve-node03', status: 'running' });
  });
});
