import { halt } from '../guests/boot.ts';
import { disksOf } from '../guests/disks.ts';
import { switchReplication } from '../guests/switch-replication.ts';
import { findVolume, isSharedStorage, volumeOwner } from '../guests/volumes.ts';
import { changeConfig } from '../guests/work.ts';
import type { Guest, State } from '../state/model.ts';
import type { World } from './world.ts';

/** Locks that a node's end leaves behind and that do no harm (PVE::HA::Manager, fence_recovery_cleanup). */
const LEFT_OVER = ['backup', 'mounted'];

/** A fenced node's guest becomes another node's: its configuration moves, its memory is lost. */
export function stealGuest(world: World, guest: Guest, target: string): void {
  const { state, clock } = world;
  const from = guest.node;
  halt(state, clock, guest);
  if (LEFT_OVER.includes(String(guest.config['lock']))) changeConfig(guest, { lock: undefined });
  if (isReplicatedTo(state, guest, target)) takeReplicas(state, guest, target);
  guest.node = target;
  switchReplication(world, guest, from);
}

function isReplicatedTo(state: State, guest: Guest, target: string): boolean {
  const isOwn = (row: Record<string, unknown>): boolean =>
    Number(row['guest']) === guest.vmid && row['target'] === target && Number(row['last_sync'] ?? 0) > 0;
  return state.nodes.get(guest.node)?.replication.some(isOwn) ?? false;
}

/** The volumes are on the target already, as they were at the last sync. */
function takeReplicas(state: State, guest: Guest, target: string): void {
  for (const { volid, storage } of disksOf(guest.config)) {
    const [source, own] = [guest.node, target].map((node) => state.nodes.get(node)?.storages.get(storage)?.pool);
    const volume = findVolume(state, guest.node, volid);
    if (!source || !own || !volume || isSharedStorage(state, storage) || volumeOwner(volid) !== guest.vmid) continue;
    source.volumes = source.volumes.filter((one) => one !== volume);
    if (!findVolume(state, target, volid)) own.volumes = [...own.volumes, volume];
  }
}
