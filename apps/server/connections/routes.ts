import { z } from 'zod';
import { Cells } from '../http/cells.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { lookAt } from '../http/look.ts';
import { Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { type Connection, connectionsNamed } from './connection.ts';

/** A connection as it may be shown: without what it signs in with. */
const ConnectionTold = z.object({
  name: z.string(),
  /** The one that an id without a connection means. */
  default: z.boolean(),
  reachable: z.boolean(),
  /** The cluster's own name. */
  cluster: z.string().nullable(),
  version: z.string().nullable(),
  quorate: z.boolean().nullable(),
  /** Why it is not reachable. */
  problem: z.string().nullable(),
});

/** The clusters that the service is connected to. */
export async function connectionRoutes(app: App): Promise<void> {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'node:read', limit: 'read' },
      schema: {
        operationId: 'listConnections',
        summary: 'List the clusters that the service is connected to, and whether they answer',
        tags: ['connections'],
        response: { 200: answerOf(z.object({ connections: z.array(ConnectionTold) })) },
      },
    },
    async (request) => {
      const [first] = service.clusters.keys();
      const connections = await Promise.all(
        connectionsNamed(service, undefined).map((each) => told(each, each.name === first)),
      );
      return answer(request, { connections });
    },
  );
}

async function told({ name, cluster }: Connection, isDefault: boolean): Promise<z.infer<typeof ConnectionTold>> {
  try {
    const { views } = await lookAt(cluster, [{ dataset: 'cluster', columns: ['name', 'quorate', 'version'] }]);
    const cells = new Cells(views[0]?.rows[0]);
    return {
      name,
      default: isDefault,
      reachable: true,
      cluster: cells.text('name'),
      version: cells.text('version'),
      quorate: cells.flag('quorate'),
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const unknown = { cluster: null, version: null, quorate: null };
    return { name, default: isDefault, reachable: false, ...unknown, problem: error.message };
  }
}
