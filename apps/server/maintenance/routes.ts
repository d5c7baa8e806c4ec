import { z } from 'zod';
import { callerKnown, personOf } from '../auth/caller.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { maintenanceOf } from './maintenance.ts';
import { Maintenance, Switch } from './schemas.ts';

const Answer = answerOf(z.object({ maintenance: Maintenance }));
const tags = ['operations'];

/** Maintenance: switched here, it holds for all replicas at once. */
export async function maintenanceRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '/maintenance',
    {
      config: { scope: 'monitoring:read', limit: 'read' },
      schema: {
        operationId: 'getMaintenance',
        summary: 'Whether changes are refused for now',
        tags,
        response: { 200: Answer },
      },
    },
    async (request) => answer(request, { maintenance: await maintenanceOf(service) }),
  );

  app.put(
    '/maintenance',
    {
      config: { scope: 'admin', limit: 'vm', inMaintenance: 'goes on' },
      schema: {
        operationId: 'setMaintenance',
        summary: 'Refuse changes on all replicas, or take them again',
        tags,
        body: Switch,
        response: { 200: Answer },
      },
    },
    async (request) => {
      const { enabled, message } = request.body;
      if (service.settings.maintenance) {
        const why = 'The settings of the service hold it in maintenance (PXA_MAINTENANCE): only they can end it.';
        throw new Problem(409, 'RESOURCE_CONFLICT', why, { reason: 'forced_by_settings' });
      }
      const { name: who, door } = personOf(callerKnown(request));
      const at = new Date(service.now()).toISOString();
      const kind = enabled ? 'maintenance.begun' : 'maintenance.ended';
      const entry = { at, kind, who, door, cluster: '', plan_id: null, job_id: null, data: { message } };
      await service.kept.setMaintenance({ enabled, message, by: who, at }, entry);
      return answer(request, { maintenance: await maintenanceOf(service) });
    },
  );
}
