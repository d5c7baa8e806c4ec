import { exportFirewall } from '@pxa/sandbox';
import type { About } from './twin-about.ts';
import type { Row, TwinReads } from './twin-reads.ts';

/** What was read of a node, in the form of a world. */
export interface NodeParts {
  readonly storage: readonly Row[];
  readonly [part: string]: unknown;
}

/** All that matters of one node: its storages, and what else the plan needs of it. */
export async function readNode(reads: TwinReads, node: string, { starts, areas }: About): Promise<NodeParts> {
  const at = { node };
  const [storage, status, network, firewall, dns, hosts, config, services, time] = await Promise.all([
    reads.list('/nodes/{node}/storage', at),
    starts ? reads.get('/nodes/{node}/status', at) : undefined,
    starts || areas.has('network') ? readNetwork(reads, node) : {},
    areas.has('firewall') ? readFirewall(reads, `/nodes/${node}/firewall`) : undefined,
    areas.has('dns') ? reads.get('/nodes/{node}/dns', at) : undefined,
    areas.has('hosts') ? reads.get('/nodes/{node}/hosts', at) : undefined,
    areas.has('config') ? reads.get('/nodes/{node}/config', at) : undefined,
    areas.has('services') ? reads.list('/nodes/{node}/services', at) : undefined,
    areas.has('time') ? reads.get('/nodes/{node}/time', at) : undefined,
  ]);
  const parts = { status, ...network, firewall, dns, hosts, config, services, time };
  // A key without a value says that the server does not offer the part.
  return { storage, ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) };
}

/** Interfaces, and the changes to them that are written and not in effect yet. */
async function readNetwork(reads: TwinReads, node: string): Promise<Record<string, unknown>> {
  const { data, beside } = await reads.withBeside('/nodes/{node}/network', { node });
  return { network: data, ...(beside['changes'] === undefined ? {} : { network_changes: beside['changes'] }) };
}

/** The firewall of the cluster, a node or a guest, by its path. */
export function readFirewall(reads: TwinReads, base: string): Promise<unknown> {
  return exportFirewall((path, params) => reads.at(path, params), base);
}
