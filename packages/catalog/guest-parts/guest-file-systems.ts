import { agentEnabled } from '@pxa/pve/property-string';
import { asNumber, asObject, asText } from '@pxa/pve/values';
import {
  bytes,
  type Cell,
  computed,
  dataset,
  type Draft,
  given,
  isUnknown,
  pointer,
  type Reading,
  text,
} from '../kit/index.ts';
import { configOf, guestParams, isVm, runs } from '../guests/rows.ts';
import { askedGuests, nameOf, part } from './asked-guests.ts';
import { byGuest, guestColumns, guestScopes } from './guest-columns.ts';

/** The file systems inside of VMs, as their guest agents tell them: Proxmox itself only sees the disks under them. */
export const guestFileSystems = dataset({
  id: 'guest-file-systems',
  title: 'File systems of guests',
  counted: 'count',
  weight: 3,
  nouns: [
    {
      words:
        'guest file system|guest filesystem|file system of a guest|file system of a vm|vm file system|vm filesystem',
      title: 'File systems of guests',
    },
    { words: 'file system|filesystem|mounted file system', title: 'File systems of guests', weak: true },
  ],
  rows: fileSystemRows,
  columns: {
    ...guestColumns,
    mountpoint: text('MOUNTED AT', 'mountpoint', { words: 'mount path|mounted at|path' }),
    type: text('TYPE', 'type', { words: 'type|kind' }),
    used: bytes('USED', 'used-bytes'),
    total: bytes('SIZE', 'total-bytes'),
    share: computed(
      'USED %',
      ['used', 'total'],
      { unit: 'fraction', formula: 'used / total' },
      (used: number, total: number) => (total > 0 ? used / total : null),
    ),
    disks: given('DISKS', 'disks', 'list', 'text', { words: 'disk' }),
  },
  identity: ['vmid', 'guest_name', 'mountpoint'],
  shown: ['vmid', 'guest_name', 'mountpoint', 'type', 'used', 'total', 'share'],
  named: 'mountpoint',
  scopes: guestScopes,
  quantities: [{ words: 'size|space|disk space', plain: 'used', used: 'used', total: 'total', share: 'share' }],
  grades: [
    { words: 'full', column: 'share', dir: 'desc' },
    { words: 'big|large', column: 'total', dir: 'desc' },
  ],
  order: byGuest,
});

/** One call a VM that runs and has an agent; its configuration tells whether it has. */
async function fileSystemRows(reading: Reading): Promise<Draft[]> {
  const asked = (await askedGuests(reading)).filter((guest) => isVm(guest) && runs(guest));
  const lists = await reading.each(asked, (guest) => ofGuest(reading, guest));
  return lists.flat();
}

async function ofGuest(reading: Reading, guest: Draft): Promise<Draft[]> {
  const lacks = (why: string, next = 'Install and enable the QEMU guest agent in it.'): Draft[] => {
    reading.lacks(`file systems of ${nameOf(guest)}`, why, next);
    return [];
  };
  const config = await configOf(reading, guest);
  if (isUnknown(config)) return lacks(config.unknown);
  if (!agentEnabled(String(config.data['agent'] ?? ''))) return lacks('it has no guest agent, which alone could tell');
  const got = await reading.read('/nodes/{node}/qemu/{vmid}/agent/get-fsinfo', guestParams(guest));
  if (!got.ok) return lacks(got.why, got.nextStep);
  const result = asObject(got.data)?.['result'];
  const found: readonly unknown[] = Array.isArray(result) ? result : [];
  return found.flatMap((each, index) => {
    const data = asObject(each);
    const at = pointer(got.at, 'result', index);
    const path = asText(data?.['mountpoint']);
    if (data === null || path === null) return [];
    const disks: Cell = { value: disksUnder(data), at: pointer(at, 'disk') };
    return [part(`${guest.id}/fs/${path}`, { data, at }, guest, { disks })];
  });
}

/** The disks that a file system lies on, by their keys, as far as the agent's words lead to one. */
function disksUnder(data: Readonly<Record<string, unknown>>): string[] {
  const list: readonly unknown[] = Array.isArray(data['disk']) ? data['disk'] : [];
  return list.flatMap((each) => {
    const disk = asObject(each);
    const [bus, target, unit] = ['bus-type', 'target', 'unit'].map((key) => disk?.[key]);
    // VirtIO SCSI counts its disks by LUN, all of target 0 (qemu-server QemuServer.pm, print_drivedevice_full).
    return bus === 'scsi' && asNumber(target) === 0 ? [`scsi${String(unit)}`] : [];
  });
}
