import type { Query } from '@pxa/contract';
import { z } from 'zod';
import { connectionNamed } from '../connections/connection.ts';
import { unread } from '../connections/told.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { same } from '../http/filter.ts';
import { clusterSilent, lookAt } from '../http/look.ts';
import type { App } from '../server.ts';
import { clusterTold, ClusterTold, healthTold, HealthTold, type Seen } from './told.ts';

/** One reading answers all of it: what the parts read in common is read once. */
const QUERIES: Record<keyof Seen, Query> = {
  cluster: {
    dataset: 'cluster',
    columns: ['name', 'kind', 'quorate', 'nodes', 'nodes_online', 'offline', 'version', 'votes'],
  },
  nodes: { dataset: 'nodes', columns: ['status', 'cpu_used', 'maxcpu', 'mem', 'maxmem'] },
  guests: { dataset: 'guests', columns: ['type', 'status', 'template', 'maxcpu', 'maxmem'] },
  storage: { dataset: 'storage', where: same('status', 'available'), columns: ['disk', 'maxdisk'] },
};

const HEALTH: Query = {
  dataset: 'health',
  columns: ['area', 'state', 'looked_at', 'critical', 'warning', 'info'],
};

const Wish = z.strictObject({ connection: z.string().min(1).optional() });

/** The cluster as a whole. */
export async function clusterRoutes(app: App): Promise<void> {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'node:read', limit: 'read' },
      schema: {
        operationId: 'getCluster',
        summary: 'Show a cluster: quorum, version, totals',
        tags: ['cluster'],
        querystring: Wish,
        response: { 200: answerOf(z.object({ cluster: ClusterTold })) },
      },
    },
    async (request) => {
      const { name, cluster } = connectionNamed(service, request.query.connection);
      const parts = Object.keys(QUERIES) as (keyof Seen)[]; // the keys of that very object
      const seen = await lookAt(
        cluster,
        parts.map((part) => QUERIES[part]),
      );
      const views = Object.fromEntries(parts.map((part, at) => [part, seen.views[at]?.rows ?? []])) as unknown as Seen; // one of each part
      return answer(request, { cluster: clusterTold(name, views, seen.findings) }, unread(seen));
    },
  );

  app.get(
    '/health',
    {
      // It asks each node a dozen times: nothing to be looked at every minute.
      config: { scope: 'node:read', limit: 'bulk' },
      schema: {
        operationId: 'checkCluster',
        summary: 'Check all that can be looked at of a cluster; takes a dozen calls for each node',
        tags: ['cluster'],
        querystring: Wish,
        response: { 200: answerOf(z.object({ health: HealthTold })) },
      },
    },
    async (request) => {
      const { name, cluster } = connectionNamed(service, request.query.connection);
      const seen = await lookAt(cluster, [HEALTH]);
      const rows = seen.views[0]?.rows ?? [];
      // The check has a row for each area where nothing could be looked at, too.
      const [first] = seen.lacks;
      if (first !== undefined && rows.every(({ cells }) => cells['looked_at'] === 0))
        throw clusterSilent(first.why, undefined);
      return answer(request, { health: healthTold(name, rows, seen.findings) }, unread(seen));
    },
  );
}
