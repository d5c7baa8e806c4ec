import { subnetOf } from '../networks/subnets.ts';
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
