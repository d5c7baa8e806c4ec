import type { ParamsOf } from '@pxa/pve/facts';
import { asText } from '@pxa/pve/values';
import { type Refusal, wrongValues } from '../kit/index.ts';
import { applyInput } from './applied.ts';
import { type NetworkNow, rowOf } from './network-now.ts';

export type Sent = Omit<ParamsOf<'POST', '/nodes/{node}/network'>, 'node'>;

export const addressInput = {
  address: { kind: 'address', say: ['[with|and] (address|ip|ip address|cidr) {}', 'with {}', 'at {}'] },
  gateway: { kind: 'address', say: ['[with|and|via] (gateway|gw) {}', 'via {}'] },
  mtu: { kind: 'count', say: ['[with|and] mtu {}'] },
  comment: { kind: 'text', say: ['[with|and] (comment|note) {}'] },
  ...applyInput,
} as const;

interface Addressed {
  readonly address?: string;
  readonly gateway?: string;
  readonly mtu?: number;
  readonly comment?: string;
}

/** An address with its prefix, of either version, and what goes with it. */
export function addressed({ address, gateway, mtu, comment }: Addressed): Partial<Sent> {
  const is6 = address?.includes(':') === true;
  return {
    ...(address === undefined ? {} : is6 ? { cidr6: address } : { cidr: address }),
    ...(gateway === undefined ? {} : gateway.includes(':') ? { gateway6: gateway } : { gateway }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(comment === undefined ? {} : { comments: comment }),
  };
}

/** The inputs that the parameters of the call are said by. */
const SAID_BY = { cidr: 'address', cidr6: 'address', gateway: 'gateway', gateway6: 'gateway' } as const;

/** What is wrong with the address, the gateway or the MTU that an interface is to have. */
export function addressRefusals(network: NetworkNow, said: Addressed, own: string): Refusal[] {
  const { address, gateway, mtu } = said;
  const found: Refusal[] = [];
  if (address !== undefined && !address.includes('/'))
    found.push({
      input: 'address',
      reason: 'not_acceptable',
      why: `${address} does not say how large its network is.`,
      next: `Say it with its prefix: ${address}/24.`,
    });
  else found.push(...wrongValues('POST /nodes/{node}/network', addressed(said), SAID_BY));
  if (mtu !== undefined && (mtu < 1_280 || mtu > 65_520))
    found.push({
      input: 'mtu',
      reason: mtu < 1_280 ? 'too_small' : 'too_big',
      why: `${mtu} is no MTU: they go from 1280 to 65520.`,
      next: 'Name another.',
    });
  const other = network.rows.find(({ data }) => data['iface'] !== own && typeof data['gateway'] === 'string');
  if (gateway !== undefined && !gateway.includes(':') && other !== undefined)
    found.push({
      input: 'gateway',
      reason: 'exists',
      why: `${String(other.data['iface'])} of ${network.node} has the default gateway already (${String(other.data['gateway'])}); a node has one.`,
      next: 'Leave the gateway out.',
    });
  if (gateway !== undefined && !hasAddressFor(gateway, address, rowOf(network, own)))
    found.push({
      input: 'gateway',
      reason: 'not_acceptable',
      why: `${own} of ${network.node} has no ${gateway.includes(':') ? 'IPv6' : 'IPv4'} address that a gateway ${gateway} could go with.`,
      next: 'Give it an address of the same kind as well.',
    });
  const same = network.rows.find(
    ({ data }) =>
      data['iface'] !== own && address !== undefined && (data['cidr'] === address || data['cidr6'] === address),
  );
  if (same !== undefined)
    found.push({
      input: 'address',
      reason: 'exists',
      why: `${String(same.data['iface'])} of ${network.node} has the address ${String(address)}.`,
      next: 'Choose another address.',
    });
  return found;
}

/** A gateway is written with an address of its own kind alone (pve-common INotify.pm, __interface_to_string). */
function hasAddressFor(
  gateway: string,
  address: string | undefined,
  row: Readonly<Record<string, unknown>> | undefined,
): boolean {
  const is6 = gateway.includes(':');
  const isNew = address !== undefined && address.includes(':') === is6;
  return isNew || asText(row?.[is6 ? 'cidr6' : 'cidr']) !== null;
}
