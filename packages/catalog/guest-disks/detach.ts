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
import { setConfig } from '../guest-config/set-config.ts';
import { bootDisk, diskOf, disksOf, type GuestDisk, isDisk } from './disks.ts';
import { snapshotsWith } from './in-snapshots.ts';
import { freeUnused } from './slots.ts';

const unused = /^unused\d+$/;

/** The disk that is meant: with one that is not named, it is asked, since the guest may not start without it. */
function chosen(guest: GuestNow, named: string | undefined, say: (key: string) => string): GuestDisk | Planned {
  if (named !== undefined && named !== '') {
    const found = diskOf(guest, named);
    return isDisk(found) ? found.disk : found;
  }
  const disks = disksOf(guest);
  if (disks.length === 0) return refused({ why: `${guest.title} has no disk.`, next: 'There is nothing to take out.' });
  return {
    kind: 'ask',
    question: `Which disk of ${guest.title}?`,
    options: disks.map(({ key, volume, size }) => ({
      label: `${key} (${volume}${size === undefined ? '' : `, ${sizeText(size)}`})`,
      say: say(key),
    })),
  };
}

/** Whether Proxmox takes the disk out at once; else it does so when the guest is started anew (BEHAVIOUR 6, pending). */
function goesAtOnce(guest: GuestNow, key: string): boolean {
  return guest.status === 'stopped' || unused.test(key) || (guest.type === 'qemu' && /^(scsi|virtio)/.test(key));
}

function protectedRefusals(guest: GuestNow, key: string): Refusal[] {
  const { title, vmid } = guest;
  if (key === 'rootfs')
    return [
      {
        why: `rootfs is what ${title} is made of: it cannot do without.`,
        next: 'Delete the container, if that is meant.',
      },
    ];
  if (Number(guest.config['protection']) !== 1 || unused.test(key)) return [];
  const say = `turn off protection for ${vmid}`;
  return [
    {
      why: `${title} is protected: its disks cannot be taken out.`,
      next: `Take the protection away first: “${say}”.`,
      say,
    },
  ];
}

function bootWarnings(guest: GuestNow, key: string): string[] {
  if (bootDisk(guest)?.key !== key) return [];
  return [`${guest.title} starts from ${key}: without it, it will not start.`];
}

const nouns = '[disk|drive|volume|mount point|hard disk]';

export const detachDisk = action({
  id: 'guest.detach_disk',
  verb: 'detach a disk of',
  risk: 'disruptive',
  on: { dataset: 'guests', templates: true },
  say: [
    `(detach|disconnect|unplug|unmount) ${nouns} {disk} (of|from) {on}`,
    `(detach|disconnect|unplug) {on} ${nouns} {disk}`,
    '(detach|disconnect|unplug) [a] (disk|drive|hard disk) (of|from) {on}',
  ],
  input: { disk: { kind: 'disk', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const disk = chosen(guest, input.disk, (key) => `detach ${key} from ${guest.vmid}`);
    if ('kind' in disk) return disk;
    if (unused.test(disk.key)) return { kind: 'already', text: `${disk.key} of ${guest.title} is detached already.` };
    const wrong = protectedRefusals(guest, disk.key);
    if (wrong.length > 0) return refused(...wrong);
    return setConfig(
      guest,
      { [disk.key]: null },
      {
        says: `Detach ${disk.key} from ${guest.title}`,
        risk: guest.status === 'stopped' ? 'change' : 'disruptive',
        warnings: [
          ...bootWarnings(guest, disk.key),
          `Its volume ${disk.volume} is kept: it is listed as an unused disk of ${guest.title}.`,
        ],
      },
    );
  },
  examples: [
    { say: 'detach scsi0 from build-agent', sends: ['PUT /nodes/pve-node02/qemu/104/config delete=scsi0'] },
    { say: 'detach a disk from build-agent', sends: 'clarification' },
    { say: 'detach scsi0 from db-postgres-01', sends: 'clarification' },
  ],
});

async function lossRefusals(planning: Planning, guest: GuestNow, disk: GuestDisk): Promise<Refusal[]> {
  const found = [...protectedRefusals(guest, disk.key), ...locked(guest)];
  const { title, vmid } = guest;
  if (!goesAtOnce(guest, disk.key)) {
    const say = `shut down ${vmid}`;
    const why = `${title} is running: ${disk.key} is only let go when it stops.`;
    found.push({ why, next: `Shut it down first: “${say}”.`, say });
  }
  const held = await snapshotsWith(planning, guest, disk.volume);
  if (held.length > 0) {
    const say = `delete snapshot ${held[0] ?? ''} of ${vmid}`;
    const why = `${disk.key} of ${title} is part of the snapshots ${held.join(', ')}: Proxmox keeps it for them.`;
    found.push({ why, next: `Delete these first (“${say}”), or only detach it.`, say });
  }
  return found;
}

interface Out extends Pick<PieceStep, 'says' | 'relies' | 'expects'> {
  /** The configuration as it was read; the step after it finds another. */
  readonly digest?: string;
}

/** One call that takes a key out of the configuration. */
function takeOut(guest: GuestNow, key: string, { digest, ...more }: Out): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid, delete: key, ...(digest === undefined ? {} : { digest }) };
  const step =
    guest.type === 'qemu'
      ? call('PUT', '/nodes/{node}/qemu/{vmid}/config', at, more.says)
      : call('PUT', '/nodes/{node}/lxc/{vmid}/config', at, more.says);
  return { ...step, ...more, node: guest.node, limitSeconds: 120 };
}

/** Detached first, which makes it an unused one; freed then, where the unused one is the volume that is meant. */
function removeSteps(guest: GuestNow, disk: GuestDisk): PieceStep[] {
  const key = unused.test(disk.key) ? disk.key : freeUnused(guest);
  const kept = { ...configFact(guest, key, disk.volume), about: `volume of ${key} of ${guest.title}` };
  const free = takeOut(guest, key, {
    says: `Delete ${disk.volume} of ${guest.title}`,
    relies: unused.test(disk.key) ? [sameConfig(guest)] : [kept],
    ...(unused.test(disk.key) ? { digest: guest.digest } : {}),
    expects: [configFact(guest, key, null), goneFact(guest, disk)],
  });
  if (unused.test(disk.key)) return [free];
  const detach = takeOut(guest, disk.key, {
    says: `Detach ${disk.key} from ${guest.title}`,
    digest: guest.digest,
    relies: [sameConfig(guest), statusFact(guest, 'lock', guest.lock ?? null)],
    expects: [configFact(guest, disk.key, null), kept],
  });
  return [detach, free];
}

const goneFact = (guest: GuestNow, { storage, volume }: GuestDisk): NonNullable<PieceStep['expects']>[number] => ({
  about: `volume ${volume}`,
  read: { path: `/nodes/${guest.node}/storage/${storage}/content`, params: {} },
  at: [`[volid=${volume}]`, 'volid'],
  is: null,
});

export const removeDisk = action({
  id: 'guest.remove_disk',
  verb: 'remove a disk of',
  risk: 'destructive',
  on: { dataset: 'guests', templates: true },
  say: [
    `(remove|delete|destroy|erase|drop|wipe) ${nouns} {disk} (of|from) {on}`,
    `(remove|delete|destroy|erase|drop) {on} ${nouns} {disk}`,
    '(remove|delete|destroy|erase|drop) [a|virtual] (disk|drive|hard disk|mount point) (of|from) {on}',
  ],
  input: { disk: { kind: 'disk', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const disk = chosen(guest, input.disk, (key) => `remove ${key} from ${guest.vmid}`);
    if ('kind' in disk) return disk;
    const wrong = await lossRefusals(planning, guest, disk);
    if (wrong.length > 0) return refused(...wrong);
    const size = disk.size === undefined ? '' : `, ${sizeText(disk.size)}`;
    return piece({
      says: `Remove ${disk.key} of ${guest.title} and delete its volume`,
      steps: removeSteps(guest, disk),
      warnings: bootWarnings(guest, disk.key),
      loses: [`${disk.key} of ${guest.title} (${disk.volume}${size}), with everything on it`],
      changes: [{ about: guest.title, key: disk.key, before: disk.value, after: null }],
      confirm: guest.name === '' ? String(guest.vmid) : guest.name,
    });
  },
  examples: [
    {
      say: 'delete disk scsi0 of build-agent',
      sends: [
        'PUT /nodes/pve-node02/qemu/104/config delete=scsi0',
        'PUT /nodes/pve-node02/qemu/104/config delete=unused0',
      ],
    },
    { say: 'remove scsi0 from app-server-prod', sends: 'clarification' },
    { say: 'remove rootfs from dev-sandbox', sends: 'clarification' },
    { say: 'delete the disk of build-agent', sends: 'clarification' },
  ],
});
