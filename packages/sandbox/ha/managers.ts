import { isOnline } from '../behaviours/common.ts';
import type { HaState, State } from '../state/model.ts';
import { isMasterGone, noteMaster } from './fencing.ts';
import type { World } from './world.ts';

/** Seconds since the last sign of life of a manager that works. */
const AGE_S = 3;

/** Whether there is a master that acts; one that is lost is followed by another when its lock has run out. */
export function electMaster(world: World): boolean {
  const { state } = world;
  const current = state.nodes.get(state.ha.master?.node ?? '');
  if (current && isOnline(current)) return true;
  if (current && !isMasterGone(world)) return false;
  const candidates = [...state.nodes.values()].filter(isOnline).map(({ name }) => name);
  const next = candidates.includes(state.localNode) ? state.localNode : candidates.sort()[0];
  if (next === undefined) return false;
  state.ha.master = { node: next, word: 'active', age: AGE_S };
  introduce(world, next);
  if (current) noteMaster(world);
  return true;
}

/** What status/current shows from the first resource on: a local manager for each node; from 9.2 on, fencing. */
function introduce({ state, version }: World, master: string): void {
  const { ha } = state;
  const known = new Set(ha.lrm.map(({ node }) => node));
  const missing = [...state.nodes.keys()].filter((node) => !known.has(node));
  ha.lrm = [...ha.lrm, ...missing.map((node): HaState['lrm'][number] => ({ node, word: 'idle', age: AGE_S }))];
  if (version.major < 9) return;
  const fencing = ha.others.find((row) => row['type'] === 'fencing') ?? {
    id: 'fencing',
    type: 'fencing',
    status: 'armed',
    'armed-state': 'armed',
  };
  ha.others = [...ha.others.filter((row) => row['type'] !== 'fencing'), { ...fencing, node: master }];
}

/** A node that carries services has its local manager at work and its watchdog armed. */
export function markActive({ ha }: State, node: string): void {
  ha.lrm = ha.lrm.map((sign) => (sign.node === node && sign.word === 'idle' ? { ...sign, word: 'active' } : sign));
}
