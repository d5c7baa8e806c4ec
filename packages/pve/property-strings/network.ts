import { isIpv6Text } from '../facts/formats/network.ts';
import { FormatError } from '../facts/formats/refuse.ts';
import { isPerlFalse } from '../facts/perl.ts';
import { parseProperties } from '../facts/formats/index.ts';
import type { Properties, PropertyFormat } from '../facts/properties.ts';
import { ctFormat, vmFormat } from './schema-of.ts';

/** A network interface of a guest, of either kind. */
export interface Nic {
  /** The emulated card of a VM; `veth` in a container. */
  model: string;
  /** The interface's name inside a container. */
  name: string | null;
  mac: string | null;
  bridge: string | null;
  /** The VLAN tag; null for none. */
  tag: number | null;
  trunks: string[];
  firewall: boolean;
  linkDown: boolean;
  /** Limit in megabytes per second. */
  rateMbps: number | null;
  mtu: number | null;
  queues: number | null;
  /** A container's own addresses: CIDR, dhcp, auto or manual. */
  ip: string | null;
  ip6: string | null;
  gateway: string | null;
  gateway6: string | null;
}

function read(format: PropertyFormat, value: string): Properties | undefined {
  try {
    return parseProperties(format, value);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function toNic(found: Properties): Nic {
  const text = (key: string): string | null => (found[key] === undefined ? null : String(found[key]));
  const number = (key: string): number | null => (found[key] === undefined ? null : Number(found[key]));
  return {
    model: text('model') ?? 'veth',
    name: text('name'),
    mac: text('macaddr') ?? text('hwaddr'),
    bridge: text('bridge'),
    tag: number('tag'),
    trunks: text('trunks')?.split(';') ?? [],
    firewall: found['firewall'] === 1,
    linkDown: found['link_down'] === 1,
    rateMbps: number('rate'),
    mtu: number('mtu'),
    queues: number('queues'),
    ip: text('ip'),
    ip6: text('ip6'),
    gateway: text('gw'),
    gateway6: text('gw6'),
  };
}

/** `netN` of a virtual machine, or undefined where it cannot be read. */
export function parseNet(value: string): Nic | undefined {
  const found = read(vmFormat('net0'), value);
  return found && toNic(found);
}

/** `netN` of a container, or undefined where it cannot be read. */
export function parseContainerNet(value: string): Nic | undefined {
  const found = read(ctFormat('net0'), value);
  return found && toNic(found);
}

/** `ipconfigN` of cloud-init: CIDR, dhcp, auto or manual, and gateways. */
export interface IpConfig {
  ip?: string;
  gw?: string;
  ip6?: string;
  gw6?: string;
}

/** What cloud-init gets of `ipconfigN`: DHCP where nothing is said; undefined where Proxmox refuses it. */
export function parseIpConfig(value: string): IpConfig | undefined {
  // The format's properties are these four texts.
  const found = read(vmFormat('ipconfig0'), value) as IpConfig | undefined;
  if (!found) return undefined;
  const given = (key: keyof IpConfig): boolean => !isPerlFalse(found[key]);
  if (given('gw') && (!given('ip') || found.ip === 'dhcp')) return undefined;
  if (given('gw6') && (!given('ip6') || !isIpv6Text(found.ip6?.replace(/\/.*$/, '') ?? ''))) return undefined;
  return given('ip') || given('ip6') ? found : { ip: 'dhcp', ip6: 'dhcp' };
}
