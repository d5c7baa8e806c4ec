import type { Row } from '@pxa/contract';
import { z } from 'zod';
import { countGuests, GuestCount } from '../cluster/guest-count.ts';
import { type Connection, fromEach, nameText } from '../connections/connection.ts';
import { unread } from '../connections/told.ts';
import { Cells, GiB, MiB, sumOf } from '../http/cells.ts';
import { answer, answerOf, type Unavailable } from '../http/envelope.ts';
import { lookAt } from '../http/look.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';

const amount = z.number().nullable();
const Use = z.object({ total: amount, used: amount, usage_percent: amount });

const NodeFigures = z.object({
  id: z.string(),
  status: z.string().nullable(),
  cpu_usage_percent: amount,
  memory_usage_percent: amount,
  root_disk_usage_percent: amount,
  guests_running: z.int().nullable(),
  uptime_seconds: z.int().nullable(),
});

const StorageFigures = z.object({
  id: z.string(),
  node: z.string().nullable(),
  shared: z.boolean().nullable(),
  status: z.string().nullable(),
  total_gb: amount,
  used_gb: amount,
  usage_percent: amount,
});

/** How a cluster is doing at this moment, in figures: all of it comes of two calls. */
const ClusterFigures = z.object({
  connection: z.string(),
  cluster: z.string().nullable(),
  quorate: z.boolean().nullable(),
  nodes_online: z.int().nullable(),
  nodes_total: z.int().nullable(),
  cpu_cores: Use,
  memory_mb: Use,
  vms: GuestCount,
  containers: GuestCount,
  nodes: z.array(NodeFigures),
  storage: z.array(StorageFigures),
});
type ClusterFigures = z.infer<typeof ClusterFigures>;

/** The figures of the clusters as they are now. */
export async function systemMetricRoutes(app: App): Promise<void> {
  const { service } = app;
  app.get(
    '/metrics',
    {
      config: { scope: 'monitoring:read', limit: 'read' },
      schema: {
        operationId: 'getSystemMetrics',
        summary: 'Show how clusters, nodes and storages are used now',
        tags: ['monitoring'],
        querystring: z.strictObject({ connection: z.string().min(1).optional() }),
        response: {
          200: answerOf(
            z.object({ metrics: z.object({ collected_at: z.string(), clusters: z.array(ClusterFigures) }) }),
          ),
        },
      },
    },
    async (request) => {
      const { found, unavailable } = await fromEach(service, request.query.connection, (connection) =>
        figuresOf(service, connection),
      );
      const collected = new Date(service.now()).toISOString();
      const clusters = found.map(({ figures }) => figures);
      const lacking = found.flatMap((each) => each.unavailable);
      return answer(request, { metrics: { collected_at: collected, clusters } }, [...unavailable, ...lacking]);
    },
  );
}

const NODE = 'node status cpu cpu_used maxcpu mem maxmem mem_share disk_share guests_running uptime'.split(' ');
const STORAGE = 'storage node shared status disk maxdisk share'.split(' ');

async function figuresOf(
  service: Service,
  { name, cluster }: Connection,
): Promise<{ figures: ClusterFigures; unavailable: Unavailable[] }> {
  const { views, lacks } = await lookAt(cluster, [
    { dataset: 'cluster', columns: ['name', 'quorate', 'nodes', 'nodes_online'] },
    { dataset: 'nodes', columns: NODE },
    { dataset: 'guests', columns: ['type', 'status', 'template'] },
    { dataset: 'storage', columns: STORAGE },
  ]);
  const [whole, nodes, guests, storage] = [0, 1, 2, 3].map((at) => views[at]?.rows ?? []);
  const cells = new Cells(whole?.[0]);
  const online = (nodes ?? []).filter((row) => row.cells['status'] === 'online');
  // One list tells nodes and guests; a cluster without a node is one that was not told.
  const isRead = (nodes ?? []).length > 0;
  const figures: ClusterFigures = {
    connection: name,
    cluster: cells.text('name'),
    quorate: cells.flag('quorate'),
    nodes_online: cells.whole('nodes_online'),
    nodes_total: cells.whole('nodes'),
    cpu_cores: useOf(sumOf(online, 'maxcpu'), sumOf(online, 'cpu_used')),
    memory_mb: useOf(sumOf(online, 'maxmem', MiB), sumOf(online, 'mem', MiB)),
    vms: countGuests(guests ?? [], 'qemu', isRead),
    containers: countGuests(guests ?? [], 'lxc', isRead),
    nodes: (nodes ?? []).map((row) => nodeFigures(service, name, new Cells(row))),
    storage: (storage ?? []).map((row) => storageFigures(row)),
  };
  return { figures, unavailable: unread({ lacks }) };
}

function useOf(total: number | null, used: number | null): z.infer<typeof Use> {
  const isKnown = total !== null && used !== null && total > 0;
  return { total, used, usage_percent: isKnown ? Math.round((used / total) * 1_000) / 10 : null };
}

function nodeFigures(service: Service, connection: string, cells: Cells): z.infer<typeof NodeFigures> {
  return {
    id: nameText(service, connection, cells.text('node') ?? ''),
    status: cells.text('status'),
    cpu_usage_percent: cells.percent('cpu'),
    memory_usage_percent: cells.percent('mem_share'),
    root_disk_usage_percent: cells.percent('disk_share'),
    guests_running: cells.whole('guests_running'),
    uptime_seconds: cells.whole('uptime'),
  };
}

function storageFigures(row: Row): z.infer<typeof StorageFigures> {
  const cells = new Cells(row);
  return {
    id: cells.text('storage') ?? '',
    node: cells.text('node'),
    shared: cells.flag('shared'),
    status: cells.text('status'),
    total_gb: cells.in(GiB, 'maxdisk'),
    used_gb: cells.in(GiB, 'disk'),
    usage_percent: cells.percent('share'),
  };
}
