import { all, same } from '../http/filter.ts';
import { Cells } from '../http/cells.ts';
import { lookAt } from '../http/look.ts';
import { notFound, Problem } from '../http/problem.ts';
import { type GuestId, noGuest } from './ids.ts';
import type { Snapshot } from './snapshots-schema.ts';

const COLUMNS = ['name', 'taken', 'vmstate', 'parent', 'newest', 'description'];

/** The snapshots of a guest, oldest first. Two calls to Proxmox. @throws Problem 404, 503 */
export async function snapshotsOf(id: GuestId): Promise<Snapshot[]> {
  const isIt = all(same('vmid', id.vmid), same('type', id.kind === 'vm' ? 'qemu' : 'lxc'));
  const seen = await lookAt(id.cluster, [
    { dataset: 'guests', where: isIt, columns: ['vmid'] },
    { dataset: 'snapshots', where: same('guest', id.guest), columns: COLUMNS },
  ]);
  const [guests, snapshots] = seen.views;
  if (guests?.rows.length === 0) throw noGuest(id.kind, id.text);
  const [lack] = seen.lacks;
  // None that could be read is not the same as none.
  if (lack !== undefined) throw new Problem(503, 'CLUSTER_UNAVAILABLE', lack.why, { field: 'snapshots' });
  return (snapshots?.rows ?? []).map((row) => snapshotOf(new Cells(row)));
}

/** That a guest has the snapshot that a path names. @throws Problem 404, 503 */
export async function knownSnapshot(id: GuestId, name: string): Promise<void> {
  const found = await snapshotsOf(id);
  if (found.every((each) => each.name !== name)) throw notFound('snapshot', name);
}

function snapshotOf(cells: Cells): Snapshot {
  const parent = cells.text('parent');
  const name = cells.text('name') ?? '';
  return {
    id: name,
    name,
    description: cells.text('description'),
    created_at: cells.time('taken'),
    include_memory: cells.flag('vmstate'),
    parent: parent === 'none' ? null : parent,
    current: cells.flag('newest'),
    size_gb: null,
  };
}
