import type { Behaviours } from '../behaviour.ts';
import type { Guest, Row } from '../state/model.ts';
import { guestOf } from './common.ts';
import { digestOf } from './guest-config.ts';

/** A guest's snapshots and, last, its present state: PVE::AbstractConfig::snapshot_list. */
export const snapshots: Behaviours = {
  'GET /nodes/{node}/qemu/{vmid}/snapshot': (call) => list(guestOf(call, 'qemu')),
  'GET /nodes/{node}/lxc/{vmid}/snapshot': (call) => list(guestOf(call, 'lxc')),
};

function list(guest: Guest): Row[] {
  const taken = guest.snapshots.filter(({ name }) => name !== 'current');
  const now = guest.snapshots.find(({ name }) => name === 'current');
  const parent = now?.parent;
  const rows = taken.map((snapshot) => ({
    name: snapshot.name,
    snaptime: snapshot.snaptime,
    description: snapshot.description,
    ...(guest.type === 'qemu' ? { vmstate: snapshot.vmstate ?? 0 } : {}),
    ...(snapshot.parent === undefined ? {} : { parent: snapshot.parent }),
  }));
  const current = {
    name: 'current',
    description: 'You are here!',
    running: guest.status === 'running' ? 1 : 0,
    digest: digestOf(guest),
    ...(parent === undefined ? {} : { parent }),
  };
  return [...rows, current];
}
