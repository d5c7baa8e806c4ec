import { asNumber, asText } from '@pxa/pve/values';
import { type GuestNow, needed, type Planning, type Refusal } from '../kit/index.ts';
import { options } from '../guests/config.ts';

/** An IPv4 network, and the gateway that is known of it. */
export interface Subnet {
  /** `10.0.20.0/24` is 24. */
  readonly prefix: number;
  readonly gateway: string | undefined;
}

interface Where {
  readonly node: string;
  readonly bridge: string;
  readonly vlan: number | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/** Dotted IPv4 as a number; null for what is none. */
function numberOf(address: string): number | null {
  const parts = address.split('.');
  const isAddress = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + Number(part), 0) : null;
}

/** The prefix of a network in CIDR that an address is in; undefined where it is in another. */
function prefixIn(cidr: string, address: number): number | undefined {
  const [base = '', bits = ''] = cidr.split('/');
  const [start, prefix] = [numberOf(base), Number(bits)];
  if (start === null || !/^\d{1,2}$/.test(bits) || prefix < 1 || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return Math.floor(start / size) === Math.floor(address / size) ? prefix : undefined;
}

/** The interface of a node that is in the network of a bridge or of a VLAN on it. */
function isOf({ bridge, vlan }: Where, row: Row): boolean {
  const iface = asText(row['iface']) ?? '';
  if (vlan === undefined) return iface === bridge;
  const isVlan = asNumber(row['vlan-id']) === vlan && row['vlan-raw-device'] === bridge;
  return isVlan || iface === `${bridge}.${vlan}`;
}

async function ofNode(planning: Planning, where: Where, address: number): Promise<Subnet | undefined> {
  const list = await planning.list('/nodes/{node}/network', { node: where.node });
  for (const { data } of needed(list, `The network of ${where.node}`)) {
    const prefix = isOf(where, data) ? prefixIn(asText(data['cidr']) ?? '', address) : undefined;
    if (prefix !== undefined) return { prefix, gateway: asText(data['gateway']) ?? undefined };
  }
  return undefined;
}

/** Of software-defined networks: the one that bears the bridge's name, or the VLAN's tag. */
async function ofVnets(planning: Planning, { bridge, vlan }: Where, address: number): Promise<Subnet | undefined> {
  const vnets = await planning.list('/cluster/sdn/vnets', {});
  // Clusters without them, and users who may not see them.
  if (!vnets.ok) return undefined;
  const fit = vnets.data.filter(({ data }) =>
    vlan === undefined ? data['vnet'] === bridge : asNumber(data['tag']) === vlan,
  );
  for (const { data } of fit) {
    const subnets = await planning.list('/cluster/sdn/vnets/{vnet}/subnets', { vnet: String(data['vnet']) });
    for (const { data: subnet } of subnets.ok ? subnets.data : []) {
      const prefix = prefixIn(asText(subnet['cidr']) ?? '', address);
      if (prefix !== undefined) return { prefix, gateway: asText(subnet['gateway']) ?? undefined };
    }
  }
  return undefined;
}

/**
 * A static address with its prefix and gateway: as they were said, else as the network of the bridge or VLAN has them
 * (the node's own address there, or a subnet of a software-defined network).
 */
export async function addressWithin(
  planning: Planning,
  where: Where,
  { ip, gateway }: { ip: string; gateway: string | undefined },
): Promise<{ ip: string; gateway: string | undefined; assumptions: string[] } | Refusal[]> {
  const address = numberOf(ip);
  if (address === null) return { ip, gateway, assumptions: [] };
  const subnet = (await ofNode(planning, where, address)) ?? (await ofVnets(planning, where, address));
  const place = where.vlan === undefined ? where.bridge : `VLAN ${where.vlan}`;
  const lacks = (what: string, next: string, input: string): Refusal[] => [
    { why: `Which ${what} ${ip} has is not known of ${place}.`, next, input, reason: 'not_acceptable' },
  ];
  if (subnet === undefined) return lacks('prefix', `Write it with its prefix: ${ip}/24.`, 'ip');
  const gate = gateway ?? subnet.gateway;
  if (gate === undefined)
    return lacks('gateway', 'Name the gateway as well, or write the address with its prefix.', 'ip');
  const whole = `${ip}/${subnet.prefix}`;
  return {
    ip: whole,
    gateway: gate,
    assumptions: [`Address ${whole}, gateway ${gate}: as the network of ${place} has it`],
  };
}

/** The network that a guest, or a copy of it, is in by its first interface: as was said, else as it is configured. */
export function whereOf(
  guest: GuestNow,
  said: { node?: string | undefined; bridge?: string | undefined; vlan?: number | undefined } = {},
): Where {
  const net = options(guest.config['net0']);
  const tag = net['tag'] === undefined ? undefined : Number(net['tag']);
  return {
    node: said.node ?? guest.node,
    bridge: said.bridge ?? net['bridge'] ?? 'vmbr0',
    vlan: said.vlan ?? tag,
  };
}
