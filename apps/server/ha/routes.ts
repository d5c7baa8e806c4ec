import { z } from 'zod';
import { connectionNamed } from '../connections/connection.ts';
import { unread } from '../connections/told.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { lookAt } from '../http/look.ts';
import type { App } from '../server.ts';
import { HaStatus } from './schemas.ts';
import { MANAGER_COLUMNS, managerTold, RESOURCE_COLUMNS, resourceTold, RULE_COLUMNS } from './told.ts';

/** High availability: what the manager looks after, and how it stands. */
export async function haRoutes(app: App): Promise<void> {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'node:read', limit: 'read' },
      schema: {
        operationId: 'getHa',
        summary: 'Show high availability: its manager, resources and rules',
        tags: ['ha'],
        querystring: z.strictObject({ connection: z.string().min(1).optional() }),
        response: { 200: answerOf(z.object({ ha: HaStatus })) },
      },
    },
    async (request) => {
      const { name, cluster } = connectionNamed(service, request.query.connection);
      const { views, lacks } = await lookAt(cluster, [
        { dataset: 'ha', columns: RESOURCE_COLUMNS },
        { dataset: 'ha-managers', columns: MANAGER_COLUMNS },
        { dataset: 'ha-rules', columns: RULE_COLUMNS },
      ]);
      const [resources, managers, rules] = [0, 1, 2].map((at) => views[at]?.rows ?? []);
      const ha = {
        connection: name,
        ...managerTold(managers ?? [], rules ?? []),
        resources: (resources ?? []).map((row) => resourceTold(service, name, row)),
      };
      return answer(request, { ha }, unread({ lacks }));
    },
  );
}
