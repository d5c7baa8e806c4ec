import { action, type GuestNow, type Planned, refused } from '../kit/index.ts';
import { numbered, options } from '../guests/config.ts';
import { setConfig } from './set-config.ts';
import { setTo } from './wording.ts';

const drive = /^(ide|sata|scsi|virtio)\d+$/;

/** The order that a VM starts in now. */
function orderOf({ config }: GuestNow): string[] {
  return (options(config['boot'])['order'] ?? '').split(';').filter((key) => key !== '');
}

/** What can be started from: drives, interfaces, and devices that are passed through (qemu-server, bootorder). */
function devicesOf({ config }: GuestNow): string[] {
  return Object.keys(config)
    .filter((key) => drive.test(key) || /^(net|hostpci|usb)\d+$/.test(key))
    .filter((key) => !/cloudinit/.test(String(config[key])))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The key that a word is for: itself, or the CD drive, the first interface, the disk. */
function deviceFor(guest: GuestNow, word: string): string | undefined {
  const said = word.toLowerCase();
  const devices = devicesOf(guest);
  const isCd = (key: string): boolean => /media=cdrom/.test(String(guest.config[key]));
  if (devices.includes(said)) return said;
  if (/^(cd|dvd|cdrom|cd-rom|iso|cd-drive)$/.test(said)) return devices.find((key) => drive.test(key) && isCd(key));
  if (/^(net|network|pxe|lan|nic)$/.test(said)) return numbered(guest.config, 'net')[0]?.key;
  if (!/^(disk|hdd|ssd|harddisk|drive)$/.test(said)) return undefined;
  const disks = devices.filter((key) => drive.test(key) && !isCd(key));
  return orderOf(guest).find((key) => disks.includes(key)) ?? disks[0];
}

export const bootOrder = action({
  id: 'guest.boot_order',
  verb: 'change the boot order of',
  risk: 'change',
  on: { dataset: 'guests', type: 'qemu', templates: true },
  say: [
    ...setTo('(boot order|boot devices|boot sequence|boot device)', '{devices}'),
    '(make|let) {on} (boot|start) from {first} [first]',
    '(boot|start) {on} from {first} first',
    '(boot|start) {on} first from {first}',
    '(put|move) {first} first in boot order of {on}',
    '(set|configure) {on} to (boot|start) from {first} [first]',
  ],
  input: {
    devices: { kind: 'words', say: [] },
    first: { kind: 'word', say: [] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const said = input.first === undefined ? [...(input.devices ?? [])] : [input.first];
    if (said.length === 0)
      return {
        kind: 'ask',
        question: `In which order? ${guest.title} has ${devicesOf(guest).join(', ')}.`,
        options: [],
      };
    const found = said.map((word) => deviceFor(guest, word));
    const lacking = said.filter((_, index) => found[index] === undefined);
    if (lacking.length > 0) {
      const why = `${guest.title} has no ${lacking.join(', no ')} to start from.`;
      return refused({ why, next: `It has ${devicesOf(guest).join(', ') || 'nothing'}.` });
    }
    const chosen = found.filter((key) => key !== undefined);
    const rest = input.first === undefined ? [] : orderOf(guest).filter((key) => !chosen.includes(key));
    const order = [...new Set([...chosen, ...rest])];
    const hasDisk = order.some((key) => drive.test(key));
    return setConfig(
      guest,
      { boot: `order=${order.join(';')}` },
      {
        says: `Let ${guest.title} start from ${order.join(', then ')}`,
        warnings: hasDisk ? [] : [`No drive is among them: ${guest.title} starts over the network or not at all.`],
        atOnce: [],
      },
    );
  },
  examples: [
    {
      say: 'set the boot order of build-agent to net0, scsi0',
      sends: ['PUT /nodes/pve-node02/qemu/104/config boot=order=net0;scsi0'],
    },
    {
      say: 'boot build-agent from network first',
      sends: ['PUT /nodes/pve-node02/qemu/104/config boot=order=net0;scsi0'],
    },
    { say: 'set the boot order of build-agent to sata3', sends: 'clarification' },
  ],
});

/** The parts of `startup`: a place, and seconds to wait after its start and for its end (pve-startup-order). */
function startupText(before: unknown, set: Readonly<Record<string, number | undefined>>): string {
  const now = options(before, 'order');
  const parts = ['order', 'up', 'down'].flatMap((key) => {
    const value = set[key] ?? now[key];
    return value === undefined || value === '' ? [] : [`${key}=${value}`];
  });
  return parts.join(',');
}

export const startup = action({
  id: 'guest.startup',
  verb: 'change the startup order of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    ...setTo('(startup order|start order|boot priority|startup priority|start up order)', '{order}').map(
      (say) => `${say} {*}`,
    ),
    ...setTo('(startup delay|start delay|boot delay)', '{up}').map((say) => `${say} {*}`),
    ...setTo('(shutdown timeout|shutdown delay)', '{down}').map((say) => `${say} {*}`),
    '(remove|clear|drop) (startup order|start order) (of|from|for) {on}',
  ],
  input: {
    order: { kind: 'count', say: ['(with|and) order {}'] },
    up: { kind: 'duration', say: ['(with|and) [a] [startup] delay [of] {}', 'wait {} [after it|before the next]'] },
    down: { kind: 'duration', say: ['(with|and) [a] shutdown timeout [of] {}'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { order, up, down } = input;
    const isSet = order !== undefined || up !== undefined || down !== undefined;
    if (!isSet) return setConfig(guest, { startup: null }, { says: `Take away the startup order of ${guest.title}` });
    if (order !== undefined && order < 1)
      return refused({ why: `${order} is no place in an order: they begin with 1.`, next: 'Name another.' });
    const text = startupText(guest.config['startup'], { order, up, down });
    const isOn = Number(guest.config['onboot']) === 1;
    return setConfig(
      guest,
      { startup: text },
      {
        says: `Set the startup order of ${guest.title} to ${text}`,
        warnings: isOn
          ? []
          : [
              `${guest.title} does not start with its node: the order counts once it does (“enable autostart for ${guest.vmid}”).`,
            ],
      },
    );
  },
  examples: [
    {
      say: 'set the startup order of app-server-prod to 2 with a delay of 30 seconds',
      sends: ['PUT /nodes/pve-node01/qemu/101/config startup=order=2,up=30'],
    },
    {
      say: 'set the startup delay of dc01-win2022 to 2 minutes',
      sends: ['PUT /nodes/pve-node01/qemu/100/config startup=order=1,up=120'],
    },
    { say: 'set the startup order of build-agent to 0', sends: 'clarification' },
  ],
});
