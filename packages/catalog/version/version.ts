import { asNumber } from '@pxa/pve/values';
import { dataset, draft, given, is, type RowsReader, text, type Rec } from '../kit/index.ts';

/** What the server that answers runs. */
export const version = dataset({
  id: 'version',
  title: 'Proxmox VE version',
  counted: 'count',
  nouns: [
    {
      words:
        'proxmox version|pve version|proxmox ve version|api version|version of proxmox|version of proxmox ve|version of pve|proxmox release|pve release',
      title: 'Proxmox VE version',
    },
    { words: 'proxmox|pve|proxmox ve|version|release', title: 'Proxmox VE version', weak: true },
  ],
  rows: async (reading) => {
    const got = await reading.read('/version', {});
    if (!got.ok) {
      reading.lacks('the version', got.why, got.nextStep);
      return [];
    }
    // One object; the facts leave its fields open.
    const rec: Rec = { data: got.data as unknown as Record<string, unknown>, at: got.at };
    return [draft('version', rec)];
  },
  columns: {
    version: text('VERSION', 'version', { words: 'version|version number' }),
    release: text('RELEASE', 'release', { words: 'release|major version' }),
    repoid: text('REPOSITORY ID', 'repoid', { words: 'repository id|repoid|commit|build' }),
  },
  identity: ['version'],
  shown: ['version', 'release', 'repoid'],
  named: 'version',
  phrases: [
    {
      say: 'running|installed|in use|am i on|are we on|do we (run|have|use)',
      where: { op: 'known', column: 'version' },
    },
  ],
});

const nextRows: RowsReader = async (reading) => {
  const got = await reading.read('/cluster/nextid', {});
  if (!got.ok) {
    reading.lacks('the next free id', got.why, got.nextStep);
    return [];
  }
  const vmid = asNumber(got.data);
  if (vmid === null) {
    reading.lacks('the next free id', 'Proxmox did not answer with a number');
    return [];
  }
  // The answer is the number itself: the pointer ends at `data`.
  return [
    draft(
      'next-id',
      { data: { vmid }, at: got.at },
      { vmid: { value: vmid, at: got.at }, free: { value: true, at: got.at } },
    ),
  ];
};

/** The id that a new guest would get. */
export const nextId = dataset({
  id: 'next-id',
  title: 'Next free id',
  counted: 'count',
  nouns: [
    {
      words:
        'next free id|next free vm id|next free vmid|next vmid|next vm id|next id|next available id|next available vmid|next available vm id|free vmid|free vm id|next free guest id|next free ctid|next free container id|next free number|first free (vm|guest|ct)? id|first free (vmid|ctid|number)|(vm|guest|container|ct)? id (is|are)? free|(vmid|ctid) (is|are)? free|(first|lowest|smallest) (available|unused) (vmid|id|vm id)|id for a new (vm|container|guest)',
      title: 'Next free id',
    },
    { words: 'vm id|vmid|guest id|container id|ctid|id', title: 'Next free id', weak: true },
  ],
  rows: nextRows,
  columns: {
    vmid: given('NEXT FREE ID', 'vmid', 'number', 'count', { words: 'id|vmid|vm id|number' }),
    free: given('FREE', 'free', 'flag', 'yes_no', {
      yes: 'free next|next free|free|available next|next available|available|unused next|unused|next unused|next in line|next|to be used next|to take next',
    }),
  },
  identity: ['vmid'],
  shown: ['vmid'],
  named: 'vmid',
  phrases: [
    {
      say: 'would (a)? new (vm|container|guest|machine) get|for a new (vm|container|guest|machine)',
      where: is('free', true),
    },
  ],
});
