import type { Fact } from '@pxa/contract';
import { type GuestNow, needed, type Planned, type Planning, type Rec, refused } from '../kit/index.ts';

/** The snapshots of a guest, the state of now left out. @throws CannotPlan */
export async function snapshotsOf(planning: Planning, guest: GuestNow): Promise<readonly Rec[]> {
  const at = { node: guest.node, vmid: guest.vmid };
  const got =
    guest.type === 'qemu'
      ? await planning.list('/nodes/{node}/qemu/{vmid}/snapshot', at)
      : await planning.list('/nodes/{node}/lxc/{vmid}/snapshot', at);
  return needed(got, `The snapshots of ${guest.title}`).filter(({ data }) => data['name'] !== 'current');
}

export const namesOf = (snapshots: readonly Rec[]): string[] => snapshots.map(({ data }) => String(data['name']));

/** A fact of a guest's snapshot: that there is one of the name, or none. */
export function snapshotFact(guest: GuestNow, name: string, is: string | null): Fact {
  return {
    about: `snapshot ${name} of ${guest.title}`,
    read: { path: `/nodes/${guest.node}/${guest.id}/snapshot`, params: {} },
    at: [`[name=${name}]`, 'name'],
    is,
  };
}

/** The snapshot that is meant, or what is to be told where there is none of that name. */
export function existing(
  guest: GuestNow,
  snapshots: readonly Rec[],
  name: string | undefined,
  say: (name: string) => string,
): string | Planned {
  const names = namesOf(snapshots);
  if (names.length === 0)
    return refused({ why: `${guest.title} has no snapshot.`, next: 'Nothing can be done with one.' });
  if (name === undefined || !names.includes(name)) {
    const lead =
      name === undefined ? `${guest.title} has ${names.length} snapshots.` : `${guest.title} has no snapshot ${name}.`;
    return {
      kind: 'ask',
      question: `${lead} Which one?`,
      options: names.map((each) => ({ label: each, say: say(each) })),
    };
  }
  return name;
}
