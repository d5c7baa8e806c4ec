import { answer, answerOf } from '../http/envelope.ts';
import { Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { Alive, Ready } from './schemas.ts';

const tags = ['operations'];

/** What a supervisor asks: whether to start the process anew, and whether to send requests here. Open to all. */
export async function probeRoutes(app: App): Promise<void> {
  const { health } = app;

  app.get(
    '/livez',
    {
      schema: {
        operationId: 'getLiveness',
        summary: 'Whether the process answers at all',
        tags,
        response: { 200: answerOf(Alive) },
      },
    },
    async (request) => answer(request, { status: 'alive' } as const),
  );

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether requests are to be sent to this replica',
        tags,
        response: { 200: answerOf(Ready) },
      },
    },
    async (request) => {
      if (health.isStopping) throw notReady('It is stopping.', 'stopping');
      const [database, proxmox] = await Promise.all([health.database(), health.anyCluster()]);
      if (database !== 'healthy') throw notReady('Its database does not answer.', 'database');
      if (proxmox !== 'healthy') throw notReady('No cluster answers.', 'proxmox');
      return answer(request, { status: 'ready' } as const);
    },
  );
}

const notReady = (message: string, reason: string): Problem => new Problem(503, 'NOT_READY', message, { reason });
