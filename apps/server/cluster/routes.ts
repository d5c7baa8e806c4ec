import type { Query } from '@pxa/contract';
import { z } from 'zod';
import { connectionNamed } from '../connections/connection.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { same } from '../http/filter.ts';
import { clusterSilent, lookAt } from '../http/look.ts';
import type { App } from '../server.ts';
import { clusterTold, ClusterTold, type Seen } from './told.ts';

/** One reading answers all of it: what the parts read in common is read once. */
const QUERIES: Record<keyof Seen, Query> = {
  cluster: {
    dataset: 'cluster',
    columns: ['name', 'kind', 'quorate', 'nodes', 'nodes_online', 'offline', 'version', 'votes'],
  },
  nodes: { dataset: 'nodes', columns: ['status', 'cpu_used', 'maxcpu', 'mem', 'maxmem'] },
  guests: { dataset: 'guests', columns: ['type', 'status', 'template', 'maxcpu', 'maxmem'] },
  storage: { dataset: 'storage', where: same('status', 'available'), columns: ['disk', 'maxdisk'] },
  health: { dataset: 'health', columns: ['area', 'state', 'looked_at', 'critical', 'warning', 'info'] },
};

/** The cluster as a whole. */
export async function clusterRoutes(app: App): Promise<void> {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'node:read', limit: 'read' },
      schema: {
        operationId: 'getCluster',
        summary: 'Show a cluster: quorum, version, totals, and what is not well',
        tags: ['cluster'],
        querystring: z.strictObject({ connection: z.string().min(1).optional() }),
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
      // A check of everything has an answer of its own where nothing could be looked at.
      const [first] = seen.lacks;
      if (views.cluster.length === 0 && views.nodes.length === 0 && first !== undefined)
        throw clusterSilent(first.why, undefined);
      const unavailable = seen.lacks.map(({ about, why }) => ({ field: about, reason: why }));
      return answer(request, { cluster: clusterTold(name, views, seen.findings) }, unavailable);
    },
  );
}
