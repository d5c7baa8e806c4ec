import { expect, test } from 'vitest';
import { Nodes, type Peer } from './nodes.ts';
import type { Trust } from './trust.ts';

const PIN = (byte: string): string => Array.from({ length: 32 }, () => byte).join(':');
const STATUS = [
  { type: 'cluster', name: 'c', quorate: 1 },
  { type: 'node', name: 'a', ip: '10.0.0.1', local: 1, online: 1 },
  { type: 'node', name: 'b', ip: '10.0.0.2', local: '0' },
  { type: 'node', name: 'off', ip: '10.0.0.9', online: 0 },
  { type: 'node', name: 'c', ip: 'fe80::3' },
  { type: 'node', name: 'without-address' },
];

function nodesOf(trust: Trust): { nodes: Nodes; given: Peer } {
  const given: Peer = { address: { host: 'pve.example.com', port: 8443 }, trust };
  return { nodes: new Nodes(given), given };
}

test('the pinned certificate vouches for the given node only', () => {
  const { nodes, given } = nodesOf({ kind: 'pin', fingerprint: PIN('AA') });
  nodes.learnStatus(STATUS, given.address);
  expect(nodes.candidates(0)).toEqual([given]);
  nodes.learnFingerprints([
    { node: 'b', ssl_fingerprint: PIN('BB') },
    { node: 'c', ssl_fingerprint: 'nonsense' },
    null,
  ]);
  expect(nodes.candidates(0).slice(1)).toEqual([
    { address: { host: '10.0.0.2', port: 8443 }, trust: { kind: 'pin', fingerprint: PIN('BB') }, name: 'b' },
  ]);
});

test('an authority vouches for all, a learnt certificate for one', () => {
  const { nodes, given } = nodesOf({ kind: 'system' });
  nodes.learnFingerprints([{ node: 'c', ssl_fingerprint: PIN('CC') }]);
  nodes.learnStatus(STATUS, given.address);
  expect(nodes.candidates(0).map(({ name, trust }) => [name, trust.kind])).toEqual([
    [undefined, 'system'],
    ['c', 'pin'],
    ['b', 'system'],
    ['off', 'system'],
  ]);
});

test('a node that is down is asked last, and first again after a while', () => {
  const { nodes, given } = nodesOf({ kind: 'system' });
  nodes.learnStatus(STATUS, given.address);
  nodes.markDown(given, 0);
  expect(nodes.candidates(1).at(-1)).toBe(given);
  expect(nodes.candidates(31_000)[0]).toBe(given);
  nodes.markDown(given, 31_000);
  nodes.markUp(given);
  expect(nodes.candidates(31_001)[0]).toBe(given);
});

test('the given node is known by its name; one that is down is not asked directly', () => {
  const { nodes, given } = nodesOf({ kind: 'system' });
  nodes.learnStatus(STATUS, given.address);
  expect(nodes.byName('a', 0)).toBe(given);
  const b = nodes.byName('b', 0);
  expect(b?.address.host).toBe('10.0.0.2');
  if (b !== undefined) nodes.markDown(b, 0);
  expect(nodes.byName('b', 1)).toBeUndefined();
  expect(nodes.byName('nobody', 0)).toBeUndefined();
});

test.each([null, 'text', [1, 2], [{ type: 'node' }], { type: 'node' }])('%j teaches nothing', (data) => {
  const { nodes, given } = nodesOf({ kind: 'system' });
  nodes.learnStatus(data, given.address);
  nodes.learnFingerprints(data);
  expect(nodes.candidates(0)).toEqual([given]);
});
