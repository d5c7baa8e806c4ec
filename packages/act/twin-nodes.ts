import { exportFirewall } from '@pxa/sandbox';
import type { About } from './twin-about.ts';
import type { Row, TwinReads } from './twin-reads.ts';

/** What was read of a node, in the form of a world. */
export interface NodeParts {
  readonly storage: readonly Row[];
  readonly [part: string]: unknown;
}

/** All that matters of one node: its storages, and what else the plan needs of it. */
export async function readNode(reads: TwinReads, node: string, about: About): Promise<NodeParts> {
  const { starts, areas } = about;
  const at = { node };
  const [storage, status, network, firewall, dns, hosts, config, services, time, more] = await Promise.all([
    reads.list('/nodes/{node}/storage', at),
    starts ? reads.get('/nodes/{node}/status', at) : undefined,
    starts || areas.has('network') ? readNetwork(reads, node) : {},
    areas.has('firewall') ? readFirewall(reads, `/nodes/${node}/firewall`) : undefined,
    areas.has('dns') ? reads.get('/nodes/{node}/dns', at) : undefined,
    areas.has('hosts') ? reads.get('/nodes/{node}/hosts', at) : undefined,
    areas.has('config') ? reads.get('/nodes/{node}/config', at) : undefined,
    areas.has('services') ? reads.list('/nodes/{node}/services', at) : undefined,
    areas.has('time') ? reads.get('/nodes/{node}/time', at) : undefined,
    readSources(reads, node, about),
  ]);
  const parts = { status, ...network, firewall, dns, hosts, config, services, time, ...more };
  // A key without a value says that the server does not offer the part.
  return { storage, ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) };
}

/** What new things are made from: pools and volume groups, templates that are offered, what is in backups. */
async function readSources(
  reads: TwinReads,
  node: string,
  { built, areas, archives }: About,
): Promise<Record<string, unknown>> {
  const at = { node };
  const own = [...archives].filter(([, reader]) => reader === node).map(([volid]) => volid);
  const [zfs, lvm, lvmthin, aplinfo, configs] = await Promise.all([
    built.has('zfspool') ? reads.list('/nodes/{node}/disks/zfs', at) : undefined,
    built.has('lvm') ? reads.get('/nodes/{node}/disks/lvm', at) : undefined,
    built.has('lvmthin') ? reads.list('/nodes/{node}/disks/lvmthin', at) : undefined,
    areas.has('templates') ? reads.list('/nodes/{node}/aplinfo', at) : undefined,
    Promise.all(own.map((volume) => reads.get('/nodes/{node}/vzdump/extractconfig', { node, volume }))),
  ]);
  const inside = Object.fromEntries(own.map((volid, index) => [volid, configs[index]]));
  return { zfs, lvm, lvmthin, aplinfo, archives: own.length === 0 ? undefined : inside };
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
