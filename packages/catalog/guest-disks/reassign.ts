import {
  action,
  call,
  configFact,
  type GuestNow,
  locked,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sameConfig,
} from '../kit/index.ts';
import { diskOf, type GuestDisk, isDisk, storagesOf } from './disks.ts';
import { snapshotsWith } from './in-snapshots.ts';
import { freeSlot, freeUnused } from './slots.ts';

/** Storage types that can give a volume another name (pve-storage, the feature `rename`). */
const renaming = /^(dir|nfs|cifs|cephfs|btrfs|zfspool|lvm|lvmthin|rbd)$/;

/** What keeps Proxmox from giving a disk away (qemu-server Qemu.pm and pve-container LXC.pm, reassign). */
async function inTheWay(planning: Planning, guest: GuestNow, disk: GuestDisk, other: GuestNow): Promise<Refusal[]> {
  const found = [...locked(guest), ...locked(other)];
  const { title, vmid } = guest;
  if (other.id === guest.id) found.push({ why: `That is ${title} itself.`, next: 'Name another guest.' });
  if (other.type !== guest.type)
    found.push({
      why: `${title} and ${other.title} are of two kinds: no disk fits both.`,
      next: 'Name one of its kind.',
    });
  if (other.node !== guest.node) {
    const say = `migrate ${other.vmid} to ${guest.node}`;
    const why = `${title} is on ${guest.node}, ${other.title} on ${other.node}: they have to be on one node.`;
    found.push({ why, next: `Move one of them first: “${say}”.`, say });
  }
  if (guest.isTemplate || other.isTemplate)
    found.push({ why: 'Disks of templates stay with them.', next: 'Name guests that are none.' });
  if (disk.key === 'rootfs') found.push({ why: `${title} cannot do without its rootfs.`, next: 'Name a mount point.' });
  if (guest.status !== 'stopped' && !disk.key.startsWith('unused')) {
    const say = `detach ${disk.key} from ${vmid}`;
    found.push({
      why: `${title} is running and uses ${disk.key}.`,
      next: `Detach it first: “${say}”; or shut it down.`,
      say,
    });
  }
  const held = await snapshotsWith(planning, guest, disk.volume);
  if (held.length > 0)
    found.push({
      why: `${disk.key} of ${title} is part of the snapshots ${held.join(', ')}.`,
      next: 'Delete these first.',
    });
  const type = (await storagesOf(planning, guest.node)).find(({ storage }) => storage === disk.storage)?.type;
  if (type !== undefined && !renaming.test(type))
    found.push({
      why: `${disk.storage} (${type}) cannot hand a volume over.`,
      next: 'Move the disk to another storage.',
    });
  return found;
}

function stepOf(guest: GuestNow, disk: GuestDisk, other: GuestNow, key: string): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid, 'target-vmid': other.vmid };
  const digests = { digest: guest.digest, 'target-digest': other.digest };
  const says = `Give ${disk.key} of ${guest.title} to ${other.title} as ${key}`;
  // Both keys are those of drives: the one is in the configuration, the other made by freeSlot.
  const step =
    guest.type === 'qemu'
      ? call(
          'POST',
          '/nodes/{node}/qemu/{vmid}/move_disk',
          { ...at, disk: disk.key as 'scsi0', 'target-disk': key as 'scsi1', ...digests },
          says,
        )
      : call(
          'POST',
          '/nodes/{node}/lxc/{vmid}/move_volume',
          { ...at, volume: disk.key as 'mp0', 'target-volume': key as 'mp1', ...digests },
          says,
        );
  return {
    ...step,
    node: guest.node,
    tasks: [
      { type: guest.type === 'qemu' ? 'qmmove' : 'move_volume', id: `${guest.vmid}-${disk.key}>${other.vmid}-${key}` },
    ],
    limitSeconds: 600,
    relies: [sameConfig(guest), sameConfig(other)],
    expects: [configFact(guest, disk.key, null), { ...configFact(other, key, ''), how: 'known' }],
  };
}

/** The same bus; an unused one stays so in a container, and takes a place on the bus of a VM's first disk. */
function keyFor(other: GuestNow, { key }: GuestDisk): string | undefined {
  if (key.startsWith('unused')) return freeUnused(other);
  return freeSlot(other, key.replace(/\d+$/, ''));
}

export const reassignDisk = action({
  id: 'guest.reassign_disk',
  verb: 'give a disk to another guest from',
  risk: 'disruptive',
  on: { dataset: 'guests' },
  say: [
    '(reassign|give|hand over|move|transfer|attach) {disk} (of|from) {on} to [guest|vm|container|ct] {to}',
    '(reassign|give|hand over|move|transfer) {on} {disk} to [guest|vm|container|ct] {to}',
  ],
  input: { disk: { kind: 'disk', say: [] }, to: { kind: 'guest', say: [], ask: 'To which guest?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const found = diskOf(guest, input.disk);
    if (!isDisk(found)) return found;
    const { disk, assumptions } = found;
    const other = await planning.guest(input.to ?? '');
    const key = keyFor(other, disk);
    const wrong = await inTheWay(planning, guest, disk, other);
    if (key === undefined)
      wrong.push({ why: `${other.title} has no place left.`, next: 'Take a disk out of it first.' });
    if (wrong.length > 0 || key === undefined) return refused(...wrong);
    const step = stepOf(guest, disk, other, key);
    return piece({
      says: step.says,
      steps: [step],
      assumptions: [...assumptions, `Disk ${key}: the next free one of ${other.title}`],
      warnings: [`${guest.title} no longer has what is on ${disk.key}; ${other.title} has it then.`],
      changes: [
        { about: guest.title, key: disk.key, before: disk.value, after: null },
        { about: other.title, key, before: null, after: `the volume that ${guest.title} has as ${disk.key}` },
      ],
    });
  },
  examples: [
    {
      say: 'reassign scsi0 of build-agent to k8s-worker-01',
      sends: ['POST /nodes/pve-node02/qemu/104/move_disk disk=scsi0 target-vmid=110 target-disk=scsi1'],
    },
    { say: 'give scsi0 of build-agent to docker-host-01', sends: 'clarification' },
    { say: 'reassign scsi0 of docker-host-01 to app-server-prod', sends: 'clarification' },
  ],
});
