import { action, call, locked, piece, type Planned, refused } from '../kit/index.ts';
import { existing, snapshotFact, snapshotsOf } from './snapshots-now.ts';

export const remove = action({
  id: 'snapshot.delete',
  verb: 'delete a snapshot of',
  risk: 'destructive',
  on: { dataset: 'guests', templates: true },
  say: [
    '(delete|remove|drop|destroy) snapshot {name} (of|from|on) {on}',
    '(delete|remove|drop|destroy) {on} snapshot {name}',
    '(delete|remove|drop|destroy) snapshot (of|from) {on}',
  ],
  input: { name: { kind: 'word', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const name = existing(
      guest,
      await snapshotsOf(planning, guest),
      input.name,
      (each) => `delete snapshot ${each} of ${guest.vmid}`,
    );
    if (typeof name !== 'string') return name;
    const blocked = locked(guest);
    if (blocked.length > 0) return refused(...blocked);
    const at = { node: guest.node, vmid: guest.vmid, snapname: name };
    const says = `Delete snapshot ${name} of ${guest.title}`;
    const step =
      guest.type === 'qemu'
        ? call('DELETE', '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}', at, says)
        : call('DELETE', '/nodes/{node}/lxc/{vmid}/snapshot/{snapname}', at, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          tasks: [{ type: guest.type === 'qemu' ? 'qmdelsnapshot' : 'vzdelsnapshot', id: String(guest.vmid) }],
          limitSeconds: 6 * 3_600,
          relies: [snapshotFact(guest, name, name)],
          expects: [snapshotFact(guest, name, null)],
        },
      ],
      loses: [`snapshot ${name} of ${guest.title}: it cannot be gone back to any more`],
      changes: [{ about: guest.title, key: 'snapshot', before: name, after: null }],
      confirm: name,
    });
  },
  examples: [
    {
      say: 'delete snapshot release-4-1 of app-server-prod',
      sends: ['DELETE /nodes/pve-node01/qemu/101/snapshot/release-4-1'],
    },
    { say: 'remove the snapshot nightly of app-server-prod', sends: 'clarification' },
  ],
});
