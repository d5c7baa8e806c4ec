import { asText } from '@pxa/pve/values';
import type { Refusal } from '../kit/index.ts';
import { type NetworkNow, rowOf, standingOn } from './network-now.ts';

const STANDARD = 1_500;

const words = (value: unknown): string[] => (asText(value) ?? '').split(/\s+/).filter((word) => word !== '');

/** The interfaces that one stands on by its settings: its ports, what it bundles, what it is a VLAN of. */
export const standsOn = (settings: Readonly<Record<string, unknown>>): string[] =>
  ['bridge_ports', 'slaves', 'vlan-raw-device'].flatMap((key) => words(settings[key]));

/**
 * No interface may carry more than those that it stands on, and none that stands on it more than it does (pve-common
 * INotify.pm, check_mtu). `under` are those that it is to stand on.
 */
export function mtuRefusals(
  network: NetworkNow,
  { iface, under }: { readonly iface: string; readonly under: readonly string[] },
  mtu: number | undefined,
): Refusal[] {
  if (mtu === undefined) return [];
  const { node } = network;
  const mtuOf = (each: string): number => Number(rowOf(network, each)?.['mtu'] ?? STANDARD);
  const refusal = (each: string, what: string, verb: string): Refusal => {
    const say = `set the mtu of ${each} on ${node} to ${mtu}`;
    const why = `${each} of ${node}, ${what} ${iface}, has an MTU of ${mtuOf(each)}.`;
    return { why, next: `${verb} that first: “${say}”.`, say, input: 'mtu', reason: 'not_acceptable' };
  };
  const small = under.filter((each) => rowOf(network, each) !== undefined && mtuOf(each) < mtu);
  const large = standingOn(network, iface).filter((each) => mtuOf(each) > mtu);
  return [
    ...small.map((each) => refusal(each, 'beneath', 'Raise')),
    ...large.map((each) => refusal(each, 'which stands on', 'Lower')),
  ];
}
