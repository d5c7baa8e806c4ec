import { formatSize } from '@pxa/pve/size';
import {
  action,
  configFact,
  type Given,
  type GuestNow,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sizeText,
  template,
} from '../kit/index.ts';
import { options } from '../guests/config.ts';
import { setConfig } from '../guest-config/set-config.ts';
import { placeFor } from './disks.ts';
import { freeSlot, usualBus } from './slots.ts';

const GiB = 2 ** 30;
/** One PB: more is a slip of the finger. Less than 1 MB Proxmox cannot write down. */
const MOST = 2 ** 50;

const input = {
  size: {
    kind: 'size',
    say: ['(of|with|at) [size] {}', '{} (large|big|in size)', 'size {}'],
    ask: 'How large is it to be?',
  },
  storage: { kind: 'storage', say: ['(on|in|from|to|using) [storage] {}', 'storage {}'] },
  bus: {
    kind: 'choice',
    say: ['as {}', '(on|over|using|with) {} [bus]', 'as {} disk'],
    values: { scsi: 'scsi', virtio: 'virtio|virtio block', sata: 'sata', ide: 'ide' },
  },
  path: { kind: 'word', say: ['(at|under|mounted at|mounted on|mounted under|mounted to|path|with path) {}'] },
  backup: { kind: 'flag', say: ['[and] (back it up|include it in backups)', 'with backup', 'included in backups'] },
} as const;

type Told = Given<typeof input>;

function sizeRefusals(size: number): Refusal[] {
  if (Number.isFinite(size) && size >= 2 ** 20 && size < MOST) return [];
  return [{ why: `${sizeText(size)} is no size for a disk.`, next: 'Name another: “add a 32 GB disk to …”.' }];
}

/** pve-container takes whole paths without steps back (Config.pm, pve-lxc-mp-string). */
function pathRefusals(guest: GuestNow, path: string): Refusal[] {
  const taken = Object.entries(guest.config).find(
    ([key, value]) => /^mp\d+$/.test(key) && options(value)['mp']?.replace(/\/$/, '') === path.replace(/\/$/, ''),
  );
  if (taken !== undefined)
    return [{ why: `${taken[0]} of ${guest.title} is mounted at ${path} already.`, next: 'Name another path.' }];
  if (/^\/[^,\s]+$/.test(path) && !/(^|\/)\.{1,2}(\/|$)/.test(path)) return [];
  return [{ why: `“${path}” is no path to mount a disk at.`, next: 'Write a whole one: /data.' }];
}

/** What is added to the volume of a container: where it is seen inside, and whether backups take it along. */
function mountOptions({ path = '', backup }: Told): string {
  return `,mp=${path}${backup === true ? ',backup=1' : ''}`;
}

function mountWarnings(guest: GuestNow, { backup }: Told): string[] {
  if (guest.type === 'qemu' || backup === true) return [];
  return ['Backups of a container leave its mount points out: “and back it up” takes this one along.'];
}

async function planned(planning: Planning, guest: GuestNow, told: Told): Promise<Planned> {
  const { size = 0, storage: named, path } = told;
  const bus = told.bus ?? usualBus(guest);
  const key = freeSlot(guest, bus);
  const wrong = [
    ...template(guest, 'given a disk'),
    ...sizeRefusals(size),
    ...(guest.type === 'lxc' ? pathRefusals(guest, path ?? '') : []),
    ...(key === undefined ? [{ why: `${guest.title} has no place left on ${bus}.`, next: 'Name another bus.' }] : []),
  ];
  if (wrong.length > 0 || key === undefined) return refused(...wrong);
  const content = guest.type === 'qemu' ? 'images' : 'rootdir';
  const place = await placeFor(planning, { node: guest.node, content, named, bytes: size });
  if ('refusals' in place) return refused(...place.refusals);
  const { storage } = place.storage;
  const gib = size / GiB;
  const volume = `${storage}:${Number.isInteger(gib) ? gib : gib.toFixed(3)}`;
  const isSaid = told.bus !== undefined || guest.type === 'lxc';
  return setConfig(
    guest,
    { [key]: guest.type === 'qemu' ? volume : `${volume}${mountOptions(told)}` },
    {
      says: `Add ${key} to ${guest.title}: ${sizeText(size)} on ${storage}${guest.type === 'lxc' ? ` at ${path ?? ''}` : ''}`,
      assumptions: [
        ...place.assumptions,
        ...(isSaid ? [] : [`Disk ${key}: the next free one on the bus of its first disk`]),
      ],
      warnings: [
        ...mountWarnings(guest, told),
        ...(guest.type === 'qemu' ? [`Inside ${guest.title}, the disk is empty: it has to be formatted there.`] : []),
      ],
      show: () => `${sizeText(size)} on ${storage}`,
      atOnce: guest.type === 'lxc' ? [key] : [],
      expects: [{ ...configFact(guest, key, sizeOf(guest, size)), how: guest.type === 'qemu' ? 'parts' : 'known' }],
    },
  );
}

/** Proxmox writes down how large the volume came out; a container's may be rounded up by its file system. */
const sizeOf = (guest: GuestNow, size: number): string => (guest.type === 'qemu' ? `size=${formatSize(size)}` : '');

const disk = '[new|another|second|third|additional|extra|empty|blank]';
const noun =
  '(disk|hard disk|virtual disk|drive|hard drive|virtual drive|data disk|volume|ssd|hdd|mount point|mountpoint)';

export const addDisk = action({
  id: 'guest.add_disk',
  verb: 'add a disk to',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    `(add|attach|create|give|make) ${disk} {size} ${disk} ${noun} {*} (to|for|in) {on} {*}`,
    `(add|attach|create|make) ${disk} {bus} ${noun} {*} (to|for|in) {on} {*}`,
    `(add|attach|create|make) ${disk} {size} {bus} ${noun} {*} (to|for|in) {on} {*}`,
    `(add|attach|create|make) ${disk} ${noun} {*} (to|for|in) {on} {*}`,
    `mount ${disk} {size} ${disk} ${noun} {*} (to|in|into|on) {on} {*}`,
    `give {on} ${disk} {size} ${disk} ${noun} {*}`,
    `give {on} ${disk} ${noun} {*}`,
    '(add|create|make) [new] mount point {path} {*} (to|for|in) {on} {*}',
    '(add|create|make) [new] mount point (to|for|in) {on} {*}',
  ],
  input,
  async plan(planning, { target, input: told }): Promise<Planned> {
    const guest = await planning.guest(target);
    if (guest.type === 'lxc' && told.path === undefined) {
      const at = `add a ${sizeText(told.size ?? 0)} disk at /data to ${guest.vmid}`;
      return {
        kind: 'ask',
        question: `Where in ${guest.title} is it to be mounted? Say the path: “at /data”.`,
        options: [{ label: 'At /data', say: at }],
      };
    }
    return planned(planning, guest, told);
  },
  examples: [
    {
      say: 'add a 50 GB disk to build-agent',
      sends: ['PUT /nodes/pve-node02/qemu/104/config scsi1=local-zfs:50'],
    },
    {
      say: 'add a new 20 GB disk to app-server-prod on local-zfs as virtio',
      sends: ['PUT /nodes/pve-node01/qemu/101/config virtio0=local-zfs:20'],
    },
    {
      say: 'add a mount point of 10 GB at /data to dev-sandbox',
      sends: ['PUT /nodes/pve-node02/lxc/203/config mp0=local-zfs:10,mp=/data'],
    },
    { say: 'add a 20 GB disk to dev-sandbox', sends: 'clarification' },
    { say: 'add a 50 TB disk to build-agent', sends: 'clarification' },
    { say: 'add a 50 GB disk to build-agent on nfs-backup', sends: 'clarification' },
  ],
});
