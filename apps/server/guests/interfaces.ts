import type { Cells } from '../http/cells.ts';
import type { GuestDetails } from './details-schema.ts';

type Interface = GuestDetails['configuration']['network'][number];

/**
 * The interfaces of a guest with their addresses: static ones of its configuration, else those that it reports itself of
 * the interface with that MAC address.
 */
export function interfacesOf(nics: readonly Cells[], addresses: readonly Cells[]): Interface[] {
  const told = addresses.filter((each) => each.text('family') !== 'ipv6');
  return nics.map((nic) => {
    const own = told.find((each) => each.text('mac') !== null && each.text('mac') === nic.text('mac'));
    const written = /^([\d.]+)\/(\d+)$/.exec(nic.text('ip') ?? '');
    const address = written?.[1] ?? own?.text('address') ?? null;
    const prefix = written?.[2] === undefined ? (own?.number('prefix') ?? null) : Number(written[2]);
    return {
      interface: own?.text('iface') ?? nic.text('name') ?? nic.text('key') ?? '',
      mac_address: nic.text('mac'),
      bridge: nic.text('bridge'),
      ip_address: address,
      subnet: address === null || prefix === null ? null : subnetOf(address, prefix),
      gateway: nic.text('gateway'),
      vlan_id: vlanOf(nic.text('vlan')),
    };
  });
}

/** The VLAN of its frames, where it is one: `20`. */
const vlanOf = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null);

/** `10.0.20.21` of 24 bits is in `10.0.20.0/24`; null for what is no IPv4 address. */
export function subnetOf(address: string, bits: number): string | null {
  const parts = address.split('.').map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  if (!isAddress || !Number.isInteger(bits) || bits < 0 || bits > 32) return null;
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - bits);
  const base = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${bits}`;
}
