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
  sizeText,
  statusFact,
} from '../kit/index.ts';
import { diskOf, type GuestDisk, isDisk, placeFor } from './disks.ts';
import { snapshotNames } from './in-snapshots.ts';

/** What keeps Proxmox from moving a disk (qemu-server Qemu.pm, move_vm_disk; pve-container LXC.pm, move_volume). */
async function inTheWay(
  planning: Planning,
  guest: GuestNow,
  disk: GuestDisk,
  of: { to: string; keep: boolean },
): Promise<Refusal[]> {
  const found: Refusal[] = [];
  const { title, vmid } = guest;
  const next = 'Name another storage.';
  if (disk.storage === of.to) found.push({ why: `${disk.key} of ${title} lies on ${of.to} already.`, next });
  if (guest.isTemplate)
    found.push({ why: `${title} is a template: its disks stay where they are.`, next: 'Clone it.' });
  if (guest.type === 'lxc' && guest.status !== 'stopped') {
    const say = `shut down ${vmid}`;
    const why = `${title} is running: the volumes of a container can only be moved while it is stopped.`;
    found.push({ why, next: `Shut it down first: “${say}”.`, say });
  }
  if (disk.key.startsWith('tpmstate') && guest.status !== 'stopped')
    found.push({ why: `The TPM state of ${title} cannot be moved while it runs.`, next: 'Shut it down first.' });
  const snapshots = of.keep ? [] : await snapshotNames(planning, guest);
  if (snapshots.length > 0) {
    const say = `move ${disk.key} of ${vmid} to ${of.to} and keep the source`;
    const why = `${title} has snapshots (${snapshots.join(', ')}), which stay on ${disk.storage} and need the disk there.`;
    found.push({ why, next: `Delete them first, or keep the source: “${say}”.`, say });
  }
  return found;
}

function moveStep(guest: GuestNow, disk: GuestDisk, of: { to: string; keep: boolean }): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid };
  const more = { storage: of.to, ...(of.keep ? {} : { delete: true }), digest: guest.digest };
  const says = `Move ${disk.key} of ${guest.title} from ${disk.storage} to ${of.to}`;
  // The key is one of the guest's own configuration.
  const step =
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/move_disk', { ...at, disk: disk.key as 'scsi0', ...more }, says)
      : call('POST', '/nodes/{node}/lxc/{vmid}/move_volume', { ...at, volume: disk.key as 'rootfs', ...more }, says);
  return {
    ...step,
    node: guest.node,
    tasks: [{ type: guest.type === 'qemu' ? 'qmmove' : 'move_volume', id: String(guest.vmid) }],
    limitSeconds: 24 * 3_600,
    relies: [sameConfig(guest), statusFact(guest, 'lock', guest.lock ?? null)],
    // The copy gets a name of its own there.
    expects: [
      { ...configFact(guest, disk.key, disk.value), how: 'not' },
      { ...configFact(guest, disk.key, ''), how: 'known' },
    ],
  };
}

export const moveDisk = action({
  id: 'guest.move_disk',
  verb: 'move a disk of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '(move|migrate|relocate|transfer|shift) {disk} (of|from|on) {on} (to|onto|into) [storage] {to} {*}',
    '(move|migrate|relocate|transfer|shift) {on} {disk} (to|onto|into) [storage] {to} {*}',
    '(move|migrate|relocate|transfer) (storage|disk storage) of {on} (to|onto) [storage] {to} {*}',
    '(move|migrate|relocate|transfer|shift) {on} (to|onto|into) storage {to} {*}',
  ],
  input: {
    disk: { kind: 'disk', say: ['disk {}', '{}'] },
    to: { kind: 'storage', say: ['(to|onto) [storage] {}'], ask: 'To which storage?' },
    keep: {
      kind: 'flag',
      say: [
        '[and] (keep|keeping) (source|the source|the old one|the original|the old disk|a copy|old copy)',
        'without deleting (source|the source|the old one|the original)',
        '[but] do not delete (source|the source|the old one|the original)',
      ],
      no: ['[and] (delete|deleting|remove) (source|the source|the old one|the original|the old disk)'],
    },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { to = '', keep = false } = input;
    const found = diskOf(guest, input.disk);
    if (!isDisk(found)) return found;
    const { disk, assumptions } = found;
    const wrong = [...(await inTheWay(planning, guest, disk, { to, keep })), ...locked(guest)];
    if (wrong.length > 0) return refused(...wrong);
    const content = guest.type === 'qemu' ? 'images' : 'rootdir';
    const place = await placeFor(planning, { node: guest.node, content, named: to, bytes: disk.size ?? 0 });
    if ('refusals' in place) return refused(...place.refusals);
    const step = moveStep(guest, disk, { to, keep });
    const size = disk.size === undefined ? '' : `, ${sizeText(disk.size)}`;
    return piece({
      says: step.says,
      steps: [step],
      assumptions: [
        ...assumptions,
        ...(input.keep === undefined
          ? [`What lies on ${disk.storage} is deleted once it is copied: “and keep the source” leaves it`]
          : []),
      ],
      warnings: [
        ...(keep ? [`The old volume ${disk.volume} stays as an unused disk, and takes its room.`] : []),
        ...(guest.status === 'stopped' ? [] : [`${guest.title} goes on running; until it is done it may be slower.`]),
      ],
      changes: [{ about: guest.title, key: disk.key, before: `${disk.storage}${size}`, after: `${to}${size}` }],
      undo: { action: 'guest.move_disk', input: { disk: disk.key, to: disk.storage } },
    });
  },
  examples: [
    { say: 'move the disk of build-agent to local-zfs', sends: 'clarification' },
    { say: 'move scsi0 of app-server-prod to nfs-backup', sends: 'clarification' },
    { say: 'move rootfs of nginx-proxy to backup-pool and keep the source', sends: 'clarification' },
  ],
});
