import { SandboxClock, demoState, openTwin, type Twin } from '@pxa/sandbox';
import { beforeEach, expect, test } from 'vitest';
import { type Permit, type WriteCall, mintPermits, permitToRehearse } from './gate.ts';
import type { Cluster } from './index.ts';
import { PermitRefused } from './permit.ts';
import { connectTwin } from './twin.ts';
import { writerOf } from './writer.ts';

const NOW_MS = Date.parse('2026-02-23T10:00:00Z');
const START: WriteCall = { method: 'POST', path: '/nodes/pve-node02/qemu/104/status/start', params: {} };

let twin: Twin;
let cluster: Cluster;

beforeEach(() => {
  const clock = new SandboxClock(NOW_MS, 0);
  twin = openTwin({ state: demoState(clock), clock, as: 'root@pam!assistant', privileges: { '/': EVERYTHING } });
  cluster = open(twin);
});

const EVERYTHING = { 'VM.Audit': 1, 'VM.PowerMgmt': 1, 'Sys.Audit': 1 } as const;

function open({ answer, clock }: Twin): Cluster {
  return connectTwin({
    answer,
    as: 'root@pam!assistant',
    now: () => clock.now(),
    random: () => 0.5,
    sleep: (ms) => clock.advance(ms),
  });
}

function approved(call: WriteCall): Permit | undefined {
  const plan = { id: 'plan_1', hash: 'sha256:1', expires_at: '2026-02-23T10:15:00Z', steps: [call] };
  const by = { approved_hash: plan.hash, approved_by: 'anna', approved_at: '2026-02-23T10:00:00Z' };
  return mintPermits({ plan, ...by })[0];
}

test('a twin is read as a cluster is', async () => {
  const session = cluster.session();
  const read = await session.reader.get('/nodes/{node}/qemu/{vmid}/status/current', { node: 'pve-node02', vmid: 104 });
  expect(read).toMatchObject({ ok: true, data: { status: 'stopped', name: 'build-agent' } });
  expect(read.ok && read.serverTime * 1000).toBe(NOW_MS);
  expect(session.calls.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
    'GET /api2/json/nodes/pve-node02/qemu/104/status/current 200',
  ]);
});

test('what is not there is told in the words of a cluster', async () => {
  const read = await cluster.session().reader.getRaw('/nodes/pve-node02/qemu/999/config');
  expect(read).toMatchObject({ ok: false, problem: { kind: 'not_found' } });
});

test('it is changed with a permit for a rehearsal, and its task runs in its own time', async () => {
  const permit = permitToRehearse(START);
  const session = cluster.session();
  const written = await writerOf(session).writeCall(permit, START);
  expect(written).toMatchObject({ ok: true });
  await twin.clock.advance(60_000);
  expect(twin.state.guests.get(104)?.status).toBe('running');
});

test.each([
  ['a permit that a person approved for the cluster', () => approved(START)],
  ['no permit', () => undefined],
  ['a permit for another call', () => permitToRehearse({ ...START, params: { timeout: 3 } })],
])('%s does not hold on it', async (_name, make) => {
  const session = cluster.session();
  // The point is what happens to code that goes round the types.
  await expect(writerOf(session).writeCall(make() as Permit, START)).rejects.toThrow(PermitRefused);
  expect(session.calls).toEqual([]);
  expect(twin.state.guests.get(104)?.status).toBe('stopped');
});

test('it learns no address, whatever it tells of its nodes', async () => {
  for (const node of twin.state.nodes.values()) node.fingerprint = Array(32).fill('AB').join(':');
  expect(await cluster.learnNodes()).toBe(1);
  expect(await cluster.learnNodes()).toBe(1);
});

test('a privilege that the caller was told not to have is missing on it', async () => {
  const { state, clock } = twin;
  const bare = openTwin({ state, clock, as: 'root@pam!assistant', privileges: { '/vms': { 'VM.Audit': 1 } } });
  const permit = permitToRehearse(START);
  const written = await writerOf(open(bare).session()).writeCall(permit, START);
  expect(written).toMatchObject({ ok: false, sent: 'refused', problem: { kind: 'forbidden' } });
});
