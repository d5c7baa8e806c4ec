import { expect, test } from 'vitest';
import type { Outcome } from './exchange.ts';
import type { Cause, Failure } from './failure.ts';
import { Nodes, type Peer } from './nodes.ts';
import { type Attempt, mostTelling, nextMove } from './retry.ts';

const PIN = (byte: string): string => Array.from({ length: 32 }, () => byte).join(':');
const GIVEN: Peer = { address: { host: '10.0.0.1', port: 8006 }, trust: { kind: 'pin', fingerprint: PIN('AA') } };

/** A cluster of three, of which the given node has told. */
function cluster(): Nodes {
  const nodes = new Nodes(GIVEN);
  const rows = [1, 2, 3].map((n) => ({ type: 'node', name: `pve${n}`, ip: `10.0.0.${n}`, local: n === 1 ? 1 : 0 }));
  nodes.learnStatus(rows, GIVEN.address);
  nodes.learnFingerprints(['AA', 'BB', 'CC'].map((byte, i) => ({ node: `pve${i + 1}`, ssl_fingerprint: PIN(byte) })));
  return nodes;
}

const status = (code: number): Outcome => ({ kind: 'answer', status: code, reason: '', headers: {}, body: '' });
const failed = (cause: Cause, stage: Failure['stage'] = 'unsent', reused = false): Outcome => ({
  kind: 'failure',
  failure: { cause, stage, reused, detail: cause },
});

/** Attempts as `1 refused`, at node 1; and the move that follows, as `again 2 after 0`. */
interface Case {
  name: string;
  attempts: [node: 1 | 2 | 3, outcome: Outcome][];
  alone?: true;
  target?: string;
  deadline?: number;
  cutOff?: string;
  down?: 1 | 2 | 3;
  move: string;
}

const CASES: Case[] = [
  { name: 'success', attempts: [[1, status(200)]], move: 'done' },
  { name: 'a 400', attempts: [[1, status(400)]], move: 'done' },
  { name: 'a 401', attempts: [[1, status(401)]], move: 'done' },
  { name: 'a 500 of Proxmox', attempts: [[1, status(500)]], move: 'done' },
  { name: 'a 501', attempts: [[1, status(501)]], move: 'done' },
  { name: 'a gateway 502', attempts: [[1, status(502)]], move: 'again 1 after 200' },
  {
    name: 'a second 502',
    attempts: [
      [1, status(502)],
      [1, status(502)],
    ],
    move: 'again 1 after 400',
  },
  {
    name: 'a third 502',
    attempts: [
      [1, status(502)],
      [1, status(502)],
      [1, status(502)],
    ],
    move: 'done',
  },
  { name: 'a 596', attempts: [[1, status(596)]], target: 'pve2', move: 'again 1 after 200' },
  { name: 'a 595 for a node that can be asked', attempts: [[1, status(595)]], target: 'pve2', move: 'again 2 after 0' },
  {
    name: 'a 595, then not there directly',
    attempts: [
      [1, status(595)],
      [2, failed('no_route')],
    ],
    target: 'pve2',
    move: 'again 3 after 0',
  },
  {
    name: 'a 595 for a node that is known as down',
    attempts: [[1, status(595)]],
    target: 'pve2',
    down: 2,
    move: 'again 1 after 200',
  },
  {
    name: 'a 595 for a node that was cut off before',
    attempts: [[1, status(595)]],
    target: 'pve2',
    cutOff: 'pve2',
    move: 'done',
  },
  {
    name: 'a 595 for a node of unknown address',
    attempts: [[1, status(595)]],
    target: 'pve9',
    move: 'again 1 after 200',
  },
  {
    name: 'two 595',
    attempts: [
      [1, status(595)],
      [1, status(595)],
    ],
    target: 'pve9',
    move: 'done',
  },
  { name: 'connection refused', attempts: [[1, failed('refused')]], move: 'again 2 after 0' },
  {
    name: 'refused by two',
    attempts: [
      [1, failed('refused')],
      [2, failed('refused')],
    ],
    move: 'again 3 after 0',
  },
  { name: 'refused by one that is alone', attempts: [[1, failed('refused')]], alone: true, move: 'again 1 after 200' },
  { name: 'no connection in time', attempts: [[1, failed('connect_timeout')]], move: 'again 2 after 0' },
  { name: 'no connection in time, alone', attempts: [[1, failed('connect_timeout')]], alone: true, move: 'done' },
  { name: 'unknown host, alone', attempts: [[1, failed('unknown_host')]], alone: true, move: 'done' },
  { name: 'dropped on a kept connection', attempts: [[1, failed('dropped', 'sent', true)]], move: 'again 1 after 0' },
  { name: 'dropped on a new connection', attempts: [[1, failed('dropped', 'sent')]], move: 'again 1 after 200' },
  { name: 'no answer in time', attempts: [[1, failed('timeout', 'sent')]], move: 'done' },
  { name: 'the given node shows another certificate', attempts: [[1, failed('certificate')]], move: 'done' },
  {
    name: 'one that stands in does',
    attempts: [
      [1, failed('refused')],
      [2, failed('certificate')],
    ],
    move: 'again 3 after 0',
  },
  { name: 'cancelled', attempts: [[1, failed('cancelled')]], move: 'done' },
  { name: 'too large', attempts: [[1, failed('too_large', 'sent')]], move: 'done' },
  { name: 'after the deadline', attempts: [[1, failed('refused')]], deadline: 1000, move: 'done' },
  { name: 'a pause past the deadline', attempts: [[1, status(502)]], deadline: 1100, move: 'done' },
];

test.each(CASES)('after $name: $move', ({ attempts, alone, target, deadline = 60_000, cutOff, down, move }) => {
  const nodes = alone ? new Nodes(GIVEN) : cluster();
  const now = 1000;
  const peers = nodes.candidates(now);
  const peer = (n: number): Peer => peers[n - 1] ?? GIVEN;
  if (cutOff !== undefined) nodes.noteReach(cutOff, false, now);
  if (down !== undefined) nodes.markDown(peer(down), now);
  const made: Attempt[] = attempts.map(([n, outcome]) => ({ peer: peer(n), outcome }));
  const next = nextMove(made, { nodes, target, now, deadline, random: () => 1 });
  const where = next.kind === 'again' ? peers.findIndex((p) => p.address.host === next.peer.address.host) + 1 : 0;
  expect(next.kind === 'done' ? 'done' : `again ${where} after ${next.waitMs}`).toBe(move);
});

test('however it goes, a read ends after a few attempts', () => {
  for (const outcome of [status(503), status(595), failed('refused'), failed('dropped', 'sent', true)]) {
    const nodes = cluster();
    const made: Attempt[] = [{ peer: GIVEN, outcome }];
    for (;;) {
      const next = nextMove(made, { nodes, target: 'pve3', now: 0, deadline: Infinity, random: () => 0.5 });
      if (next.kind === 'done') break;
      made.push({ peer: next.peer, outcome });
    }
    expect(made.length).toBeLessThanOrEqual(5);
  }
});

test('an answer tells more than a failure, and the given node more than another', () => {
  const at = (outcome: Outcome): Attempt => ({ peer: GIVEN, outcome });
  expect(mostTelling([at(status(595)), at(failed('refused'))])).toBe(0);
  expect(mostTelling([at(failed('refused')), at(status(200))])).toBe(1);
  const other: Peer = { ...GIVEN, address: { host: '10.0.0.2', port: 8006 } };
  const elsewhere = { peer: other, outcome: failed('certificate') };
  expect(mostTelling([at(failed('refused')), elsewhere])).toBe(0);
  expect(mostTelling([at(failed('dropped')), at(failed('refused')), elsewhere])).toBe(1);
});
