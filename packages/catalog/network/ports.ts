import type { Refusal } from '../kit/index.ts';
import { type NetworkNow, rowOf } from './network-now.ts';

/**
 * What a bridge may have as a port, and a bond as one of its own: it is there, carries no address, and belongs to nothing
 * but `own`.
 */
export function portRefusals(network: NetworkNow, ports: readonly string[], own?: string): Refusal[] {
  return ports.flatMap((port, index): Refusal[] => {
    if (ports.indexOf(port) < index) return [{ why: `${port} is named twice.`, next: 'Name each once.' }];
    const row = rowOf(network, port.replace(/\.\d+$/, ''));
    if (row === undefined)
      return [
        {
          reason: 'not_found',
          why: `${network.node} has no interface ${port}.`,
          next: `It has ${network.rows.map(({ data }) => String(data['iface'])).join(', ')}.`,
        },
      ];
    const user = network.rows.find(
      ({ data }) =>
        data['iface'] !== own &&
        `${String(data['bridge_ports'] ?? '')} ${String(data['slaves'] ?? '')}`.split(/\s+/).includes(port),
    );
    if (user !== undefined)
      return [
        {
          why: `${port} of ${network.node} is a port of ${String(user.data['iface'])}.`,
          next: 'Take it out there first, or choose another.',
        },
      ];
    if (row['cidr'] === undefined && row['cidr6'] === undefined) return [];
    return [
      {
        why: `${port} of ${network.node} has an address of its own (${String(row['cidr'] ?? row['cidr6'])}).`,
        next: 'Give the address to the bridge instead, and take it from there first.',
      },
    ];
  });
}
