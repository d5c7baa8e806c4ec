import type { Row } from '@pxa/contract';
import { type Connection, nameText } from '../connections/connection.ts';
import { Cells, GiB, MiB } from '../http/cells.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import type { Place } from '../http/pages.ts';
import type { Service } from '../service.ts';
import { type NodeListQuery, NodeSummary } from './schemas.ts';

/** The columns that the cluster's one list tells. */
export const LISTED =
  'node status cpu maxcpu mem maxmem mem_share disk maxdisk uptime guests guests_running vms cts vcpus_allocated mem_allocated';

/** Told by its name, or unknown. */
const KnownStatus = NodeSummary.shape.status.catch('unknown');

/** The nodes of a cluster. One call to Proxmox. @throws Problem 503 */
export async function listNodes(
  service: Service,
  { name, cluster }: Connection,
  status: NodeListQuery['status'],
): Promise<NodeSummary[]> {
  const where = all(status === undefined ? undefined : same('status', status));
  const { views } = await lookAt(cluster, [{ dataset: 'nodes', where, columns: LISTED.split(' ') }]);
  return (views[0]?.rows ?? []).map((row) => nodeSummary(service, name, row));
}

/** A node as a list tells it. */
export function nodeSummary(service: Service, connection: string, row: Row): NodeSummary {
  const cells = new Cells(row);
  const name = cells.text('node') ?? '';
  return {
    id: nameText(service, connection, name),
    name,
    connection,
    status: KnownStatus.parse(cells.text('status')),
    cpu_cores: cells.number('maxcpu'),
    cpu_usage_percent: cells.percent('cpu'),
    memory_mb: cells.in(MiB, 'maxmem'),
    memory_used_mb: cells.in(MiB, 'mem'),
    memory_usage_percent: cells.percent('mem_share'),
    root_disk_gb: cells.in(GiB, 'maxdisk'),
    root_disk_used_gb: cells.in(GiB, 'disk'),
    uptime_seconds: cells.whole('uptime'),
    guests: {
      total: cells.whole('guests'),
      running: cells.whole('guests_running'),
      vms: cells.whole('vms'),
      containers: cells.whole('cts'),
    },
    vcpus_allocated: cells.number('vcpus_allocated'),
    memory_allocated_mb: cells.in(MiB, 'mem_allocated'),
  };
}

/** Where a node stands in the order that was asked for; one whose figure is not known, before all that have one. */
export function placeOfNode(node: NodeSummary, sort: NodeListQuery['sort']): Place {
  return { key: node[sort] ?? -1, id: node.id };
}
