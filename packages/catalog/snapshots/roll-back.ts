import { asNumber } from '@pxa/pve/values';
import {
  action,
  call,
  type GuestNow,
  locked,
  piece,
  type Planned,
  type Planning,
  type Rec,
  refused,
  sameConfig,
} from '../kit/index.ts';
import { existing, snapshotFact, snapshotsOf } from './snapshots-now.ts';

/** On ZFS and LVM-thin's kin only the last snapshot can be gone back to; those after it would have to go first. */
function newerOnes(snapshots: readonly Rec[], name: string): string[] {
  const time = (each: Rec | undefined): number => asNumber(each?.data['snaptime']) ?? 0;
  const own = snapshots.find(({ data }) => data['name'] === name);
  return snapshots.filter((each) => time(each) > time(own)).map(({ data }) => String(data['name']));
}

async function onZfs(planning: Planning, guest: GuestNow): Promise<boolean> {
  const list = await planning.list('/nodes/{node}/storage', { node: guest.node });
  if (!list.ok) return false;
  const zfs = new Set(
    list.data.filter(({ data }) => data['type'] === 'zfspool').map(({ data }) => String(data['storage'])),
  );
  return Object.values(guest.config).some(
    (value) => typeof value === 'string' && zfs.has(value.slice(0, Math.max(0, value.indexOf(':')))),
  );
}

export const rollback = action({
  id: 'snapshot.rollback',
  verb: 'roll back',
  risk: 'destructive',
  on: { dataset: 'guests' },
  say: [
    '(roll back|rollback|revert|restore|reset) {on} to [snapshot|the snapshot] {name} {*}',
    '(roll|go) {on} back to [snapshot|the snapshot] {name} {*}',
    '(roll back|rollback|revert|restore|reset) {on} to [its|the] {which} snapshot {*}',
    'roll {on} back to [its|the] {which} snapshot {*}',
    '(roll back|rollback|revert) {on} {*}',
    '(roll|go) {on} back {*}',
    'go back to snapshot {name} (of|on) {on}',
    '(roll back|rollback|revert) to snapshot {name} (of|on) {on}',
  ],
  input: {
    name: { kind: 'word', say: [] },
    which: { kind: 'choice', say: [], values: { newest: 'last|latest|newest|most recent' } },
    start: { kind: 'flag', say: ['and start it [again|afterwards]', 'and start'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const snapshots = await snapshotsOf(planning, guest);
    const newest = snapshots.toSorted((a, b) => Number(b.data['snaptime']) - Number(a.data['snaptime']))[0];
    const said = input.which === undefined || newest === undefined ? input.name : String(newest.data['name']);
    const name = existing(guest, snapshots, said, (each) => `roll back ${guest.vmid} to ${each}`);
    if (typeof name !== 'string') return name;
    const newer = newerOnes(snapshots, name);
    const blocked = [...locked(guest)];
    if (newer.length > 0 && (await onZfs(planning, guest))) {
      blocked.push({
        why: `${guest.title} lies on ZFS, which goes back to the last snapshot only; after ${name} came ${newer.join(', ')}.`,
        next: 'Delete these first.',
      });
    }
    if (blocked.length > 0) return refused(...blocked);
    const at = { node: guest.node, vmid: guest.vmid, snapname: name, ...(input.start === true ? { start: true } : {}) };
    const says = `Roll ${guest.title} back to snapshot ${name}`;
    const step =
      guest.type === 'qemu'
        ? call('POST', '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback', at, says)
        : call('POST', '/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback', at, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          tasks: [{ type: guest.type === 'qemu' ? 'qmrollback' : 'vzrollback', id: String(guest.vmid) }],
          limitSeconds: 3_600,
          relies: [sameConfig(guest), snapshotFact(guest, name, name)],
          expects: [
            snapshotFact(guest, name, name),
            {
              about: `last snapshot of ${guest.title}`,
              read: { path: `/nodes/${guest.node}/${guest.id}/snapshot`, params: {} },
              at: ['[name=current]', 'parent'],
              is: name,
            },
          ],
        },
      ],
      warnings: guest.status === 'stopped' ? [] : [`${guest.title} is running: it is stopped for this.`],
      loses: [`everything that ${guest.title} wrote since snapshot ${name}, and the settings changed since`],
      changes: [{ about: guest.title, key: 'state', before: 'now', after: `as of ${name}` }],
      confirm: guest.name === '' ? String(guest.vmid) : guest.name,
    });
  },
  examples: [
    {
      say: 'roll back app-server-prod to release-4-2',
      sends: ['POST /nodes/pve-node01/qemu/101/snapshot/release-4-2/rollback'],
    },
    { say: 'revert app-server-prod to snapshot nightly', sends: 'clarification' },
    { say: 'roll back build-agent', sends: 'clarification' },
  ],
});
