import { action, already, configFact, type GuestNow, type Planned, refused } from '../kit/index.ts';
import { options } from '../guests/config.ts';
import { setConfig } from '../guest-config/set-config.ts';
import { filesNamed, filesOf, noIso } from './isos.ts';
import { freeSlot } from './slots.ts';

/** A CD drive of a VM, and what lies in it. */
interface CdDrive {
  readonly key: string;
  /** `none` where it is empty, `cdrom` for the drive of the node itself. */
  readonly medium: string;
}

/** The CD drives of a VM; the one that cloud-init reads from is none. */
function drivesOf({ config }: GuestNow): CdDrive[] {
  return Object.entries(config).flatMap(([key, value]) => {
    if (!/^(ide|sata|scsi)\d+$/.test(key) || typeof value !== 'string') return [];
    if (options(value)['media'] !== 'cdrom' || /cloudinit/.test(value)) return [];
    return [{ key, medium: value.split(',')[0] ?? 'none' }];
  });
}

/** Where a drive is added that is missing: where Proxmox's own assistant puts it, else the next free place. */
function newDrive(guest: GuestNow): string | undefined {
  return 'ide2' in guest.config ? (freeSlot(guest, 'ide') ?? freeSlot(guest, 'sata')) : 'ide2';
}

/** The order to start in with the drive in front. */
function bootFirst(guest: GuestNow, key: string): string {
  const order = (options(guest.config['boot'])['order'] ?? '').split(';').filter((each) => each !== '' && each !== key);
  return `order=${[key, ...order].join(';')}`;
}

const onVm = { dataset: 'guests', type: 'qemu', templates: true } as const;
const nouns = '(iso|iso image|image|cd|dvd|cd image|installation image)';

export const insertIso = action({
  id: 'guest.insert_iso',
  verb: 'put an ISO image into',
  risk: 'change',
  on: onVm,
  say: [
    `(insert|mount|attach|put|load|add|connect) ${nouns} {iso} (in|into|to|on|at) {on} {*}`,
    `(insert|mount|attach|put|load|add|connect) {iso} ${nouns} (in|into|to|on|at) {on} {*}`,
    '(insert|load|put) {iso} (in|into) [drive|cd drive|cdrom|dvd drive] (of|in) {on} {*}',
    '(attach|mount|insert) {iso} (to|in|into|on) {on} {*}',
    `(insert|mount|attach|load) ${nouns} (in|into|to|on|at) {on} {*}`,
    `(set|change) ${nouns} (of|for|in) {on} to {iso} {*}`,
  ],
  input: {
    iso: { kind: 'word', say: [], ask: 'Which ISO image? A part of its name will do.' },
    boot: {
      kind: 'flag',
      say: ['[and] boot from it', '[and] (start|boot) from it [first|next]', 'as first boot device'],
    },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const named = input.iso ?? '';
    const volids = await filesOf(planning, guest.node, 'iso');
    const fit = filesNamed(volids, named);
    const [volid] = fit;
    if (volid === undefined) return refused(noIso(guest.node, named, volids));
    if (fit.length > 1) {
      return {
        kind: 'ask',
        question: `“${named}” fits ${fit.length} ISO images. Which one?`,
        options: fit.map((each) => ({ label: each, say: `insert iso ${each} into ${guest.vmid}` })),
      };
    }
    const [drive] = drivesOf(guest);
    const key = drive?.key ?? newDrive(guest);
    if (key === undefined)
      return refused({
        why: `${guest.title} has no place left for a CD drive.`,
        next: 'Take a drive out of it first.',
      });
    const isThere = drive?.medium === volid;
    if (isThere && input.boot !== true) return already(`${volid} is in ${key} of ${guest.title} already.`);
    const boot = input.boot === true ? { boot: bootFirst(guest, key) } : {};
    const expects = [
      { ...configFact(guest, key, `${volid},media=cdrom`), how: 'parts' as const },
      ...Object.entries(boot).map(([name, value]) => configFact(guest, name, value)),
    ];
    return setConfig(
      guest,
      { ...(isThere ? {} : { [key]: `${volid},media=cdrom` }), ...boot },
      {
        says: `Put ${volid} into ${key} of ${guest.title}`,
        assumptions: drive === undefined ? [`CD drive ${key}: ${guest.title} has none, so one is added`] : [],
        warnings: input.boot === true ? [`${guest.title} starts from ${key} from its next start on.`] : [],
        atOnce: drive === undefined ? [] : [key],
        expects,
      },
    );
  },
  examples: [
    {
      say: 'insert the debian-13 iso into build-agent',
      sends: ['PUT /nodes/pve-node02/qemu/104/config ide2=local:iso/debian-13.3.0-amd64-netinst.iso,media=cdrom'],
    },
    {
      say: 'mount iso virtio-win-0.1.285.iso in dc01-win2022',
      sends: ['PUT /nodes/pve-node01/qemu/100/config ide2=nfs-backup:iso/virtio-win-0.1.285.iso,media=cdrom'],
    },
    {
      say: 'attach virtio-win-0.1.285.iso to k8s-worker-01 and boot from it',
      sends: ['PUT /nodes/pve-node02/qemu/110/config boot=order=ide2;scsi0;net0'],
    },
    { say: 'insert the fedora iso into build-agent', sends: 'clarification' },
    { say: 'insert iso amd64 into build-agent', sends: 'clarification' },
  ],
});

export const ejectIso = action({
  id: 'guest.eject_iso',
  verb: 'eject the CD of',
  risk: 'change',
  on: onVm,
  say: [
    `(eject|unmount|remove|detach|take out|unload|disconnect) ${nouns} (of|from|in|out of) {on}`,
    `(eject|unmount|remove|detach|take out) {on} ${nouns}`,
    '(empty|clear) (cd drive|dvd drive|cdrom|cd-rom drive|cd rom) (of|in) {on}',
    'eject {on}',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const guest = await planning.guest(target);
    const loaded = drivesOf(guest).filter(({ medium }) => medium !== 'none');
    if (loaded.length === 0) return already(`Nothing is in a CD drive of ${guest.title}.`);
    const wanted = Object.fromEntries(loaded.map(({ key }) => [key, 'none,media=cdrom']));
    const keys = loaded.map(({ key }) => key);
    return setConfig(guest, wanted, {
      says: `Eject ${loaded.map(({ key, medium }) => `${medium} from ${key}`).join(' and ')} of ${guest.title}`,
      warnings:
        guest.status === 'stopped'
          ? []
          : [`${guest.title} is running: what it reads from the CD at the moment breaks off.`],
      atOnce: keys,
      expects: keys.map((key) => ({ ...configFact(guest, key, 'none,media=cdrom'), how: 'parts' as const })),
    });
  },
  examples: [
    { say: 'eject the iso from build-agent', sends: 'answer' },
    { say: 'remove the cd from dc01-win2022', sends: 'answer' },
    { say: 'eject the dvd of k8s-worker-01', sends: 'answer' },
  ],
});
