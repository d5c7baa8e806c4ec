import type { Instant } from '@pxa/contract';
import {
  action,
  already,
  call,
  type GuestNow,
  locked,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Rec,
  refused,
} from '../kit/index.ts';
import { existing, namesOf, snapshotFact, snapshotsOf } from './snapshots-now.ts';

function removeStep(guest: GuestNow, name: string): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid, snapname: name };
  const says = `Delete snapshot ${name} of ${guest.title}`;
  const step =
    guest.type === 'qemu'
      ? call('DELETE', '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}', at, says)
      : call('DELETE', '/nodes/{node}/lxc/{vmid}/snapshot/{snapname}', at, says);
  return {
    ...step,
    node: guest.node,
    tasks: [{ type: guest.type === 'qemu' ? 'qmdelsnapshot' : 'vzdelsnapshot', id: String(guest.vmid) }],
    limitSeconds: 6 * 3_600,
    relies: [snapshotFact(guest, name, name)],
    expects: [snapshotFact(guest, name, null)],
  };
}

interface ChosenBy {
  readonly which?: string | undefined;
  readonly olderThan?: Instant | undefined;
  readonly but?: readonly string[] | undefined;
}

/** Of a guest's snapshots those from before some time, and of these the newest or the oldest. */
async function chosenOf(
  planning: Planning,
  snapshots: readonly Rec[],
  { which, olderThan, but = [] }: ChosenBy,
): Promise<readonly Rec[]> {
  const before = olderThan === undefined ? Infinity : await planning.instant(olderThan);
  const fitting = snapshots
    .filter(({ data }) => Number(data['snaptime']) < before && !but.includes(String(data['name'])))
    .toSorted((a, b) => Number(a.data['snaptime']) - Number(b.data['snaptime']));
  if (which === undefined) return fitting;
  return which === 'newest' ? fitting.slice(-1) : fitting.slice(0, 1);
}

/** More at once are hardly looked through before they are approved. */
const mostAtOnce = 20;

export const remove = action({
  id: 'snapshot.delete',
  verb: 'delete a snapshot of',
  risk: 'destructive',
  on: { dataset: 'guests', templates: true },
  say: [
    '(delete|remove|drop|destroy) snapshot {name} (of|from|on) {on}',
    '(delete|remove|drop|destroy) {on} snapshot {name}',
    '(delete|remove|drop|destroy) {*} snapshot (of|from|on) {on}',
    '(delete|remove|drop|destroy|prune) {*} snapshot {+} [of|from|on] {on}',
  ],
  input: {
    name: { kind: 'word', say: [] },
    all: { kind: 'flag', say: ['all [of]', 'every', 'each'] },
    but: { kind: 'words', say: ['(except|except for|but|but not|excluding|save) [snapshot|the snapshot|for] {}'] },
    which: {
      kind: 'choice',
      say: ['{}'],
      values: { newest: 'newest|latest|last|most recent', oldest: 'oldest|first|earliest' },
    },
    olderThan: {
      kind: 'time',
      say: ['older than {}', '(that|which) are older than {}', '[from|made|taken|created] before {}'],
    },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const snapshots = await snapshotsOf(planning, guest);
    const say = (each: string): string => `delete snapshot ${each} of ${guest.vmid}`;
    const strange = (input.but ?? []).filter((name) => !namesOf(snapshots).includes(name));
    // A slip in what is to stay would have it deleted.
    if (strange.length > 0)
      return refused({
        why: `${guest.title} has no snapshot ${strange.join(', ')} that could stay.`,
        next: `It has ${namesOf(snapshots).join(', ') || 'none'}.`,
      });
    const isChosen = input.all === true || input.olderThan !== undefined || input.which !== undefined;
    const one = isChosen ? undefined : existing(guest, snapshots, input.name, say);
    if (one !== undefined && typeof one !== 'string') return one;
    const names = one === undefined ? namesOf(await chosenOf(planning, snapshots, input)) : [one];
    if (names.length === 0)
      return already(`${guest.title} has no snapshot${snapshots.length === 0 ? '' : ' that this is about'}.`);
    const blocked = locked(guest);
    if (names.length > mostAtOnce)
      blocked.push({ why: `${guest.title} has ${names.length} snapshots.`, next: 'Delete them by their names.' });
    if (blocked.length > 0) return refused(...blocked);
    return piece({
      says:
        one === undefined
          ? `Delete ${names.length} snapshots of ${guest.title}`
          : `Delete snapshot ${one} of ${guest.title}`,
      steps: names.map((name) => removeStep(guest, name)),
      loses: names.map((name) => `snapshot ${name} of ${guest.title}: it cannot be gone back to any more`),
      changes: names.map((name) => ({ about: guest.title, key: 'snapshot', before: name, after: null })),
      confirm: one ?? guest.name,
    });
  },
  examples: [
    {
      say: 'delete snapshot release-4-1 of app-server-prod',
      sends: ['DELETE /nodes/pve-node01/qemu/101/snapshot/release-4-1'],
    },
    {
      say: 'delete all snapshots of app-server-prod',
      sends: [
        'DELETE /nodes/pve-node01/qemu/101/snapshot/release-4-1',
        'DELETE /nodes/pve-node01/qemu/101/snapshot/release-4-2',
      ],
    },
    {
      say: 'delete snapshots of app-server-prod older than 10 days',
      sends: ['DELETE /nodes/pve-node01/qemu/101/snapshot/release-4-1'],
    },
    {
      say: 'delete the newest snapshot of app-server-prod',
      sends: ['DELETE /nodes/pve-node01/qemu/101/snapshot/release-4-2'],
    },
    { say: 'delete the snapshots of app-server-prod from before last March', sends: 'answer' },
    {
      say: 'delete all snapshots of app-server-prod except release-4-2',
      sends: ['DELETE /nodes/pve-node01/qemu/101/snapshot/release-4-1'],
    },
    { say: 'delete all snapshots of app-server-prod except release-42', sends: 'clarification' },
    { say: 'remove the snapshot nightly of app-server-prod', sends: 'clarification' },
  ],
});
