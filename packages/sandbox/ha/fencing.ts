import type { World } from './world.ts';

/** How long a node may be gone before it is to be fenced (PVE::HA::NodeStatus, fence_delay). */
const FENCE_DELAY_MS = 60_000;
/** How long a node's lock outlives it; whoever then gets the lock knows that its watchdog has ended it. */
const LOCK_MS = 120_000;

const mastersSince = new WeakMap<World['state'], number>();

/** A new master counts a node's absence from its own first look on. */
export function noteMaster(world: World): void {
  mastersSince.set(world.state, world.clock.now());
}

/** Whether a node has been gone for so long that its services are to be fenced. */
export function isLost({ state, clock }: World, node: string): boolean {
  const gone = state.nodes.get(node)?.offlineSince;
  if (gone === undefined) return !state.nodes.has(node);
  return clock.now() - Math.max(gone, mastersSince.get(state) ?? 0) >= FENCE_DELAY_MS;
}

/** Whether a node's watchdog is known to have ended it; one that has come back in between did so after a reset. */
export function isFenced({ state, clock }: World, node: string): boolean {
  const gone = state.nodes.get(node)?.offlineSince;
  return gone === undefined || clock.now() - gone >= LOCK_MS;
}

/** Whether a node's own watchdog has reset it meanwhile: it fires a minute after the cluster was lost. */
export function wasReset({ state, clock }: World, node: string, goneSince: number): boolean {
  const isArmed = state.ha.lrm.some((sign) => sign.node === node && sign.word === 'active');
  return isArmed && clock.now() - goneSince >= FENCE_DELAY_MS;
}

/** How long the master's lock outlives it. */
export function isMasterGone({ state, clock }: World): boolean {
  const gone = state.nodes.get(state.ha.master?.node ?? '')?.offlineSince;
  return gone !== undefined && clock.now() - gone >= LOCK_MS;
}
