import { properties } from '../state/guest-size.ts';
import type { Guest, Inside } from '../state/model.ts';

/** What a freshly started guest shows of its network: one interface a NIC, with the address that it was given. */
export function insideOf(guest: Guest): Inside {
  const nics = Object.keys(guest.config)
    .filter((key) => /^net\d+$/.test(key))
    .sort();
  if (guest.type === 'lxc') {
    return { interfaces: [loopback('inet'), ...nics.map((key) => containerNic(guest, key))] };
  }
  const shown = nics.map((key, index) => vmNic(guest, key, index));
  return { interfaces: { result: [vmLoopback(), ...shown] } };
}

/** A container's interfaces as they are at once when it starts: there, and not yet set up by what is inside. */
export function bareInside(guest: Guest): Inside {
  const { interfaces } = insideOf(guest);
  // those of a container are a list of rows
  const rows = interfaces as Record<string, unknown>[];
  return { interfaces: rows.map(({ inet: _inet, ...row }) => ({ ...row, 'ip-addresses': [] })) };
}

/** The address without its prefix length, and the length; one of the DHCP range where none is set. */
function addressOf(guest: Guest, ip: string | undefined, index: number): { address: string; prefix: number } {
  const [address = '', prefix = '24'] = (ip ?? '').split('/');
  if (/^\d+(?:\.\d+){3}$/.test(address)) return { address, prefix: Number(prefix) };
  return { address: `10.10.${100 + index}.${2 + (guest.vmid % 250)}`, prefix: 24 };
}

function vmNic(guest: Guest, key: string, index: number): object {
  const mac = /([0-9A-F]{2}(?::[0-9A-F]{2}){5})/i.exec(String(guest.config[key]))?.[1] ?? '';
  const { address, prefix } = addressOf(guest, properties(guest.config[`ipconfig${key.slice(3)}`])['ip'], index);
  return {
    name: `eth${index}`,
    'hardware-address': mac.toLowerCase(),
    'ip-addresses': [{ 'ip-address': address, 'ip-address-type': 'ipv4', prefix }],
  };
}

function containerNic(guest: Guest, key: string): object {
  const nic = properties(guest.config[key]);
  const { address, prefix } = addressOf(guest, nic['ip'], Number(key.slice(3)));
  const mac = (nic['hwaddr'] ?? '').toLowerCase();
  return {
    name: nic['name'] ?? 'eth0',
    hwaddr: mac,
    'hardware-address': mac,
    inet: `${address}/${prefix}`,
    'ip-addresses': [{ 'ip-address': address, 'ip-address-type': 'inet', prefix }],
  };
}

function loopback(type: string): object {
  const mac = '00:00:00:00:00:00';
  return {
    name: 'lo',
    hwaddr: mac,
    'hardware-address': mac,
    inet: '127.0.0.1/8',
    'ip-addresses': [{ 'ip-address': '127.0.0.1', 'ip-address-type': type, prefix: 8 }],
  };
}

function vmLoopback(): object {
  const address = { 'ip-address': '127.0.0.1', 'ip-address-type': 'ipv4', prefix: 8 };
  return { name: 'lo', 'hardware-address': '00:00:00:00:00:00', 'ip-addresses': [address] };
}
