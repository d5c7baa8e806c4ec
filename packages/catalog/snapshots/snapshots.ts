import { askedGuests, guestCells } from '../guests/asked.ts';
import { asText, asTime } from '@pxa/pve/values';
import {
  all,
  compare,
  dataset,
  type Draft,
  draft,
  flag,
  given,
  is,
  pointer,
  type RowsReader,
  text,
  time,
} from '../kit/index.ts';

/** The snapshots of the guests that the question is about: one call a guest, since no call lists them all. */
const rows: RowsReader = async (reading) => {
  const guests = (await askedGuests(reading, 'snapshots')).filter(({ template }) => !template);
  const lists = await reading.each(guests, async (guest): Promise<Draft[]> => {
    const { node, vmid } = guest;
    const got =
      guest.type === 'qemu'
        ? await reading.list('/nodes/{node}/qemu/{vmid}/snapshot', { node, vmid })
        : await reading.list('/nodes/{node}/lxc/{vmid}/snapshot', { node, vmid });
    if (!got.ok) {
      reading.lacks(`snapshots of ${guest.id}`, got.why, got.nextStep);
      return [];
    }
    const current = got.data.find(({ data }) => data['name'] === 'current');
    // `current` is not a snapshot: it is the guest's present state, and its parent is the snapshot that it goes on from.
    return got.data
      .filter((rec) => rec !== current)
      .map((rec) => {
        const taken = asTime(rec.data['snaptime']);
        return draft(`snapshot/${guest.id}/${String(rec.data['name'])}`, rec, {
          ...guestCells(guest),
          guest_type: { value: guest.type, at: pointer(guest.rec.at, 'type') },
          status: { value: asText(guest.rec.data['status']), at: pointer(guest.rec.at, 'status') },
          newest: {
            value: current?.data['parent'] === rec.data['name'],
            at: current ? pointer(current.at, 'parent') : got.at,
          },
          ...(taken === null
            ? {}
            : {
                age: { value: Math.max(0, reading.now - taken), at: `now − snaptime: ${pointer(rec.at, 'snaptime')}` },
              }),
        });
      });
  });
  return lists.flat();
};

/** Snapshots of virtual machines and containers. */
export const snapshots = dataset({
  id: 'snapshots',
  title: 'Snapshots',
  counted: 'count',
  nouns: [{ words: 'snapshot|snap|vm snapshot|container snapshot|guest snapshot|restore point', title: 'Snapshots' }],
  rows,
  columns: {
    guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
    vmid: given('VMID', 'vmid', 'number', 'count', { words: 'vmid|vm id|guest id' }),
    guest_name: given('GUEST', 'guest_name', 'text', 'text', { words: 'guest|guest name|vm|vm name' }),
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    guest_type: given('GUEST TYPE', 'guest_type', 'text', 'text', {
      words: 'guest type',
      values: { qemu: 'of (the|all)? (vms|virtual machines)', lxc: 'of (the|all)? (containers|cts)' },
    }),
    status: given('GUEST STATUS', 'status', 'text', 'text', { words: 'guest status' }),
    name: text('SNAPSHOT', 'name', { words: 'name|snapshot name' }),
    taken: time('TAKEN', 'snaptime', { words: 'date|time|taken|made|created|creation time|creation date' }),
    age: given('AGE', 'age', 'number', 'seconds', { words: 'age' }),
    vmstate: flag('WITH RAM', 'vmstate', {
      absent: false,
      words: 'ram|memory|vm state',
      yes: 'with ram|with memory|including ram|including memory|with vm state|with the vm state|including the vm state|with memory state|live',
      no: 'without ram|without memory|without vm state|disk only',
    }),
    parent: text('PARENT', 'parent', { words: 'parent|parent snapshot', absent: 'none' }),
    newest: given('CURRENT PARENT', 'newest', 'flag', 'yes_no', { yes: 'the guest goes on from|current parent' }),
    description: text('DESCRIPTION', 'description', { words: 'description|comment|note', absent: '' }),
  },
  identity: ['vmid', 'guest_name', 'name'],
  shown: ['vmid', 'guest_name', 'name', 'taken', 'age', 'vmstate', 'description'],
  named: 'name',
  scopes: { guest: 'guest', node: 'node' },
  time: 'taken',
  quantities: [{ words: 'age|aged', plain: 'age' }],
  grades: [
    {
      words: 'old|stale|ancient|forgotten',
      column: 'taken',
      dir: 'asc',
      where: compare('taken', '<', { ago: 30 * 86_400 }),
    },
    { words: 'new|recent|young|fresh|last|late', column: 'taken', dir: 'desc' },
  ],
  phrases: [
    { say: 'without (a)? (description|comment|note)', where: is('description', ''), focus: ['description'] },
    ...['running', 'stopped'].flatMap((status) => [
      { say: `of (the|all)? ${status} (guests|machines)`, where: is('status', status) },
      {
        say: `of (the|all)? ${status} (vms|virtual machines)`,
        where: all(is('status', status), is('guest_type', 'qemu')),
      },
      { say: `of (the|all)? ${status} (containers|cts)`, where: all(is('status', status), is('guest_type', 'lxc')) },
    ]),
  ],
  order: [
    { column: 'vmid', dir: 'asc' },
    { column: 'taken', dir: 'asc' },
  ],
  summary: (all) => {
    const guests = new Set(all.map((row) => row('vmid'))).size;
    return `${all.length} snapshot${all.length === 1 ? '' : 's'} of ${guests} guest${guests === 1 ? '' : 's'}`;
  },
  findings: [
    {
      code: 'snapshot.old',
      severity: 'info',
      needs: ['age', 'name', 'vmid', 'guest_name'],
      check: (value, { snapshotDays }) => {
        const age = value('age');
        if (typeof age !== 'number' || age < snapshotDays * 86_400) return undefined;
        return {
          text: `Snapshot ${String(value('name'))} of ${String(value('vmid'))} (${String(value('guest_name'))}) is ${Math.floor(age / 86_400)} days old; it grows with every change of the guest.`,
          next_step: 'Delete it if nobody needs to go back to it.',
        };
      },
    },
  ],
});
