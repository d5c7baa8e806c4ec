import type { Sandbox } from '@pxa/sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cluster, Session } from './index.ts';
import { LAB_NOW_MS, connectTo, labWorld, startLab } from './testing/lab.ts';

/** Two nodes of one cluster, each behind an address of its own; 127.0.0.2 is this machine as well. */
let one: Sandbox;
let two: Sandbox;
let cluster: Cluster;
let nowMs = LAB_NOW_MS;

beforeEach(async () => {
  nowMs = LAB_NOW_MS;
  one = await startLab();
  two = await startLab({ world: labWorld('pve2'), host: '127.0.0.2', port: Number(new URL(one.url).port) });
  vouch(two.fingerprint);
  cluster = connectTo(one, undefined, { now: () => nowMs });
});
afterEach(async () => {
  await cluster.close();
  await Promise.all([one.close(), two.close()]);
});

/** Lets the first node tell that the second one's certificate has this fingerprint. */
function vouch(fingerprint: string): void {
  const node = one.state.nodes.get('pve2');
  if (node !== undefined) node.fingerprint = fingerprint;
}

/** Which node answers: the one that calls itself local. */
async function answering(session: Session): Promise<string> {
  const read = await session.reader.get('/cluster/status', {});
  if (!read.ok) return read.problem.kind;
  const rows: { local?: unknown; name?: unknown }[] = read.data;
  return String(rows.find((row) => row.local === 1)?.name);
}

const statuses = ({ calls }: Session): number[] => calls.map(({ status }) => status);

test('another node stands in for the given one, known by the certificate that was learnt, until that is back', async () => {
  expect(await cluster.learnNodes()).toBe(2);
  await one.close();
  const session = cluster.session();
  expect(await answering(session)).toBe('pve2');
  const made = session.calls.length;
  expect(statuses(session).slice(-2)).toEqual([0, 200]);
  // The next read goes there at once.
  expect(await answering(session)).toBe('pve2');
  expect(statuses(session).slice(made)).toEqual([200]);
  const back = await startLab({ port: Number(new URL(one.url).port) });
  nowMs += 31_000;
  const later = cluster.session();
  // It is asked again, but shows another certificate than the pinned one: that is for a person to look at.
  expect(await answering(later)).toBe('certificate');
  await back.close();
});

test('a node whose certificate is not the one that was told of is not talked to', async () => {
  vouch(one.fingerprint);
  await cluster.learnNodes();
  await one.close();
  const session = cluster.session();
  expect(await answering(session)).toBe('unreachable');
  expect(session.calls.every(({ status }) => status === 0)).toBe(true);
});

test('a node of which no certificate was told is not tried at all', async () => {
  vouch('');
  expect(await cluster.learnNodes()).toBe(1);
  await one.close();
  const session = cluster.session();
  expect(await answering(session)).toBe('unreachable');
  expect(session.calls.every(({ status }) => status === 0)).toBe(true);
});

test('without having learnt of others there is nobody to stand in', async () => {
  await one.close();
  expect(await answering(cluster.session())).toBe('unreachable');
});

test('reads that pass by teach, too; and a second session learns by itself', async () => {
  const first = cluster.session();
  await first.reader.get('/cluster/status', {});
  await first.reader.get('/nodes', {});
  expect(first.calls).toHaveLength(2);
  await one.close();
  expect(await answering(cluster.session())).toBe('pve2');
});

test('a node that the given one cannot reach is asked directly', async () => {
  await cluster.learnNodes();
  one.faults.add({ fault: 'error', status: 595, message: 'No route to host', path: '/nodes/pve2/**' });
  const session = cluster.session();
  expect(await session.reader.get('/nodes/{node}/status', { node: 'pve2' })).toMatchObject({ ok: true, call: 1 });
  expect(statuses(session)).toEqual([595, 200]);
});

test('a ticket of one node is good at the other, and the login may go to either', async () => {
  await cluster.close();
  const auth = { kind: 'password', username: 'root@pam', password: 'sandbox' } as const;
  cluster = connectTo(one, auth, { now: () => nowMs });
  await cluster.learnNodes();
  await one.close();
  nowMs += 3 * 3_600_000;
  const session = cluster.session();
  expect(await answering(session)).toBe('pve2');
  expect(session.calls.map(({ method, status }) => `${method} ${status}`)).toEqual(['POST 0', 'POST 200', 'GET 200']);
});
