import { isPerlFalse, perlMatches, perlNumber, perlPattern, splitAt, splitList } from '../perl.ts';
import { byPattern } from './network.ts';
import { refuse } from './refuse.ts';
import type { FormatCheck } from './refuse.ts';
import { timeZones } from './names.ts';

const HOTPLUG = 'network|disk|cpu|memory|usb|cloudinit';
const DISKS = 'ide[0-3]|scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|sata[0-5]';

/** A guest's startup and shutdown order, in seconds; undefined where it cannot be read. */
export function parseStartupOrder(value: string): { order?: string; up?: string; down?: string } | undefined {
  if (isPerlFalse(value)) return undefined;
  const found: { order?: string; up?: string; down?: string } = {};
  for (const part of splitAt(',', value)) {
    if (perlMatches('\\s*', part)) continue;
    const order = perlPattern('^(?:order=)?(\\d+)$').exec(part)?.[1];
    const up = perlPattern('^up=(\\d+)$').exec(part)?.[1];
    const down = perlPattern('^down=(\\d+)$').exec(part)?.[1];
    if (order !== undefined) found.order = order;
    else if (up !== undefined) found.up = up;
    else if (down !== undefined) found.down = down;
    else return undefined;
  }
  return found;
}

/** The kinds of devices that may be plugged in while the guest runs: none for 0, the default for 1. */
export function parseHotplug(value: string): Record<string, 1> {
  if (value === '0') return {};
  const found: Record<string, 1> = {};
  for (const feature of splitList(value === '1' ? 'network,disk,usb' : value)) {
    const name = perlPattern(`^(${HOTPLUG})$`).exec(feature)?.[1];
    if (name === undefined) return refuse(`invalid hotplug feature '${feature}'`);
    found[name] = 1;
  }
  return found;
}

function cpuset(value: string): void {
  for (const part of splitAt(',', value)) {
    const range = perlPattern('^\\s*(\\d+)(?:-(\\d+))?\\s*$').exec(part);
    const backwards = range?.[2] !== undefined && perlNumber(range[2]) < perlNumber(range[1] ?? '');
    if (!range || backwards) refuse('unable to parse cpuset option');
  }
}

function physBits(value: string): void {
  const bits = perlNumber(value);
  const digits = perlMatches('\\d{1,2}', value);
  if (perlMatches('host', value) || (digits && bits >= 8 && bits <= 64)) return;
  refuse("value must be an integer between 8 and 64 or 'host'");
}

function mountPoint(value: string): void {
  if (/\/\.\.?\/|\/\.\.?\n?$|^\.\.\//.test(value)) refuse(`${value} contains illegal character sequences`);
}

function devicePath(value: string): void {
  if (/\/\.\.?\/|\/\.\.?\n?$/.test(value) || !value.startsWith('/dev/')) refuse(`${value} is not a valid device path`);
}

function timezone(value: string): void {
  if (value !== 'host' && value !== 'UTC' && !timeZones().has(value)) refuse(`invalid time zone '${value}'`);
}

/** A check by a table of names, which has no habit of overlooking a newline. */
function byName(names: string, text: (value: string) => string): FormatCheck {
  const table = new RegExp(`^(?:${names})$`);
  return (value) => {
    if (!table.test(value)) refuse(text(value));
  };
}

export const guestFormats: Record<string, FormatCheck> = {
  'pve-vmid': byPattern('[1-9][0-9]{2,8}', () => 'value does not look like a valid VM ID'),
  'pve-tag': byPattern('[a-z0-9_][a-z0-9_\\-+.]*', () => 'invalid characters in tag', 'i'),
  'pve-startup-order': (value) => {
    if (!parseStartupOrder(value)) refuse('unable to parse startup options');
  },
  'pve-hotplug-features': (value) => void parseHotplug(value),
  'pve-cpuset': cpuset,
  'pve-phys-bits': physBits,
  'pve-qm-bootdev': byName(
    `${DISKS}|net([0-9]|[12][0-9]|3[01])|usb([0-9]|1[0-3])|hostpci([0-9]|1[0-5])`,
    (v) => `invalid boot device '${v}'`,
  ),
  'pve-qm-bootdisk': byName(`${DISKS}|efidisk0|tpmstate0`, (v) => `invalid boot disk '${v}'`),
  'pve-lxc-mp-string': mountPoint,
  'pve-lxc-dev-string': devicePath,
  'pve-ct-timezone': timezone,
  'disk-size': byPattern('(\\d+(\\.\\d+)?)([KMGT](?:iB)?)?', (v) => `value does not look like a valid disk size: ${v}`),
  urlencoded: byPattern("[-%a-zA-Z0-9_.!~*'()]*", (v) => `invalid urlencoded string: ${v}`),
};
