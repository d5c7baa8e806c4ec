import { formatSize } from '@pxa/pve/size';
import {
  action,
  call,
  configFact,
  type GuestNow,
  locked,
  piece,
  type PieceStep,
  type Planned,
  refused,
  type Refusal,
  sameConfig,
  sizeText,
} from '../kit/index.ts';
import { diskOf, type GuestDisk, isDisk, storagesOf } from './disks.ts';
import { changeBy, setTo } from '../guest-config/wording.ts';

/** One PB: more is a slip of the finger, which the storage would refuse only in the task. */
const MOST = 2 ** 50;
const GiB = 2 ** 30;

function wrongSize(guest: GuestNow, { key, size }: GuestDisk, wanted: number): Refusal[] {
  const say = `increase disk ${key} of ${guest.vmid} by 10 GB`;
  if (!Number.isFinite(wanted) || wanted <= 0 || wanted >= MOST) {
    const reason = wanted >= MOST ? 'too_big' : 'too_small';
    return [{ why: `${sizeText(wanted)} is no size for a disk.`, next: 'Name another.', say, input: 'to', reason }];
  }
  if (size !== undefined && wanted < size) {
    const why = `${key} of ${guest.title} has ${sizeText(size)}: Proxmox cannot shrink a disk to ${sizeText(wanted)}.`;
    return [
      {
        why,
        next: 'Name a greater size; or make a new, smaller disk and copy what is needed inside the guest.',
        say,
        input: 'to',
        reason: 'too_small',
      },
    ];
  }
  return [];
}

export const resize = action({
  id: 'guest.resize',
  verb: 'resize a disk of',
  risk: 'change',
  on: { dataset: 'guests', templates: false },
  say: [
    ...['(disk|hard disk|drive|storage|root disk|rootfs)', '{disk}', 'disk {disk}'].flatMap((noun) => [
      ...setTo(`${noun} [size]`, '{to}'),
      ...changeBy(noun, '{more}', '{less}', '{to}').filter((say) => !/^\(add\|give\)|^give/.test(say)),
      `(resize|grow|expand|enlarge|extend|shrink) ${noun} (of|on|for) {on} to {to}`,
      `(resize|grow|expand|enlarge|extend) ${noun} (of|on|for) {on} by {more}`,
      `(resize|grow|expand|enlarge|extend|shrink) {on} ${noun} to {to}`,
      `(resize|grow|expand|enlarge|extend) {on} ${noun} by {more}`,
      `make ${noun} (of|on) {on} {more} (bigger|larger)`,
      `make {on} ${noun} {more} (bigger|larger)`,
    ]),
    'shrink (disk|drive) (of|on) {on} by {less}',
    '(resize|grow|expand|enlarge|extend) {on} by {more}',
    'give {on} {more} (more|additional|extra) [of] (disk|disk space|storage|space)',
    'add {more} [of] (disk space|storage|space) to {on}',
    'add {more} (more|of|more of) disk to {on}',
    'add {more} to (disk|drive) of {on}',
    'add {more} to {disk} of {on}',
  ],
  input: {
    disk: { kind: 'disk', say: [] },
    to: { kind: 'size', say: [] },
    more: { kind: 'size', say: [] },
    less: { kind: 'size', say: [] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const found = diskOf(guest, input.disk);
    if (!isDisk(found)) return found;
    const { disk, assumptions } = found;
    if (disk.size === undefined) {
      return refused({
        why: `The configuration does not tell how large ${disk.key} of ${guest.title} is.`,
        next: 'Rescan it on its node: `qm rescan`.',
      });
    }
    const wanted = input.to ?? (input.more === undefined ? disk.size - (input.less ?? 0) : disk.size + input.more);
    const inTheWay = [...wrongSize(guest, disk, wanted), ...locked(guest)];
    if (inTheWay.length > 0) return refused(...inTheWay);
    if (wanted === disk.size)
      return { kind: 'already', text: `${disk.key} of ${guest.title} has ${sizeText(wanted)} already.` };
    const grows = wanted - disk.size;
    const room = (await storagesOf(planning, guest.node)).find(({ storage }) => storage === disk.storage);
    if (room !== undefined && grows > room.free) {
      return refused({
        why: `${disk.storage} has ${sizeText(room.free)} free: ${sizeText(grows)} more do not fit.`,
        next: 'Name a smaller size, or move the disk to another storage.',
        input: 'to',
        reason: 'too_big',
      });
    }
    return piece({
      says: `Grow ${disk.key} of ${guest.title} from ${sizeText(disk.size)} to ${sizeText(wanted)}`,
      steps: [
        resizeStep(
          guest,
          disk,
          wanted,
          input.more !== undefined && grows % GiB === 0 ? `+${grows / GiB}G` : formatSize(wanted),
        ),
      ],
      assumptions,
      warnings: ['A disk cannot be made smaller again. The file system inside the guest has to be grown there.'],
      changes: [{ about: guest.title, key: disk.key, before: sizeText(disk.size), after: sizeText(wanted) }],
    });
  },
  examples: [
    {
      say: 'increase the disk of build-agent by 20 GB',
      sends: ['PUT /nodes/pve-node02/qemu/104/resize disk=scsi0 size=+20G'],
    },
    {
      say: 'resize the disk of build-agent to 200 GB',
      sends: ['PUT /nodes/pve-node02/qemu/104/resize disk=scsi0 size=200G'],
    },
    { say: 'grow rootfs of dev-sandbox by 4 GB', sends: ['PUT /nodes/pve-node02/lxc/203/resize disk=rootfs size=+4G'] },
    { say: 'shrink the disk of build-agent to 10 GB', sends: 'clarification' },
    { say: 'increase the disk of build-agent by 800 TB', sends: 'clarification' },
  ],
});

function resizeStep(guest: GuestNow, disk: GuestDisk, wanted: number, size: string): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid, size, digest: guest.digest };
  const says = `Grow ${disk.key} of ${guest.title} to ${sizeText(wanted)}`;
  const step =
    guest.type === 'qemu'
      ? call('PUT', '/nodes/{node}/qemu/{vmid}/resize', { ...at, disk: disk.key as 'scsi0' }, says)
      : call('PUT', '/nodes/{node}/lxc/{vmid}/resize', { ...at, disk: disk.key as 'rootfs' }, says);
  return {
    ...step,
    node: guest.node,
    tasks: [{ type: 'resize', id: String(guest.vmid) }],
    limitSeconds: 600,
    relies: [sameConfig(guest)],
    expects: [{ ...configFact(guest, disk.key, `size=${formatSize(wanted)}`), how: 'parts' }],
  };
}
