import { describe, expect, it } from 'vitest';
import type { State } from '../state/model.ts';
import { reading } from './asking.ts';
import { demoState } from './demo.ts';
import { exportWorld } from './export.ts';
import { generateState } from './generate.ts';
import { loadWorld } from './load.ts';

const clock = { now: () => Date.parse('2026-02-23T10:00:00Z') };

const CLUSTERS: [string, () => State][] = [
  ['the demo cluster', () => demoState(clock)],
  ['one in trouble', troubled],
  ['a generated one', () => generateState({ seed: 3, nodes: 2, guests: 14, clock })],
  ['a node on its own', () => generateState({ seed: 4, nodes: 1, guests: 3, clock })],
];

/** A lost node, a storage that does not answer, a paused and a locked guest, a service in error, a silent LRM. */
function troubled(): State {
  const state = demoState(clock);
  const [first, second, third] = [...state.nodes.values()];
  const [paused, locked] = [state.guests.get(105), state.guests.get(110)];
  if (!first || !second || !third || !paused || !locked) throw new Error('the demo cluster has changed');
  third.offlineSince = (state.start - 86_400) * 1000;
  second.storages.set('nfs-backup', {
    active: 0,
    enabled: 1,
    pool: { total: 0, base: 0, growthPerDay: 0, volumes: [] },
  });
  paused.qmpstatus = 'paused';
  locked.config = { ...locked.config, lock: 'backup' };
  const [service] = state.ha.services;
  if (service) Object.assign(service, { state: 'error', crm_state: 'error', status: 'vm:100 (pve-node01, error)' });
  state.ha.lrm = state.ha.lrm.map((sign) => (sign.node === third.name ? { ...sign, at: state.start - 86_400 } : sign));
  return state;
}

/** Where two reads differ: the path, and what stands there in both. Keys may be in another order. */
function difference(was: unknown, is: unknown, path = ''): string[] {
  // as text, since comparing whole series otherwise takes long
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (typeof was !== 'object' || typeof is !== 'object' || was === null || is === null) {
    return [`${path}: ${JSON.stringify(was)} became ${JSON.stringify(is)}`];
  }
  const [one, other] = [was as Record<string, unknown>, is as Record<string, unknown>];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => difference(one[key], other[key], `${path}.${key}`));
}

describe.each(CLUSTERS)('%s, exported and loaded again', (_name, make) => {
  it('gives the same export, without secrets', async () => {
    const state = make();
    const history = state.guests.size < 5;
    const first = await exportWorld(reading({ state }), state.start, { history });
    const text = JSON.stringify(first);
    const copy = loadWorld(JSON.parse(text));
    const second = await exportWorld(reading({ state: copy }), copy.start, { history });
    expect(difference(first, second)).toEqual([]);
    expect(text).not.toMatch(/"(?:password|cipassword|encryption-key|keys?)":/);
  });
});
