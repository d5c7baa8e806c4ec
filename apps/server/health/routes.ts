import { answer, answerOf } from '../http/envelope.ts';
import { maintenanceOf } from '../maintenance/maintenance.ts';
import type { App } from '../server.ts';
import { HealthData, InfoData } from './schemas.ts';

const tags = ['operations'];

/** Whether it is well, and what it is. Open to all: what watches it has no token. */
export async function healthRoutes(app: App): Promise<void> {
  const { service, health } = app;
  const startedMs = service.now();

  app.get(
    '/health',
    {
      schema: {
        operationId: 'getHealth',
        summary: 'Whether the service, its database and its clusters are well',
        tags,
        response: { 200: answerOf(HealthData) },
      },
    },
    async (request) => {
      const [database, proxmox] = await Promise.all([health.database(), health.clusters()]);
      const parts = [database, proxmox];
      return answer(request, {
        status: parts.includes('unavailable') ? 'unavailable' : parts.includes('degraded') ? 'degraded' : 'healthy',
        version: service.version,
        uptime_seconds: Math.floor((service.now() - startedMs) / 1_000),
        components: { database, proxmox, ai_service: 'not_configured' },
      } as const);
    },
  );

  app.get(
    '/info',
    {
      schema: {
        operationId: 'getInfo',
        summary: 'What this service is, and how to sign in',
        tags,
        response: { 200: answerOf(InfoData) },
      },
    },
    async (request) => {
      const { enabled, message } = await maintenanceOf(service);
      const ways = { token: true, oauth: service.settings.oauth !== undefined, basic: app.isDev };
      return answer(request, {
        name: 'pxa',
        version: service.version,
        api_versions: ['v1'],
        environment: service.isSandbox ? 'sandbox' : 'live',
        banner: service.isSandbox ? 'A sandbox: nothing here is a real cluster.' : null,
        next_reset: app.sandbox?.nextReset()?.toISOString() ?? null,
        maintenance: { enabled, message },
        authentication: (['token', 'oauth', 'basic'] as const).filter((way) => ways[way]),
        documents: { openapi: '/v1/openapi.json', reference: '/docs', postman: '/v1/postman/collection.json' },
      } as const);
    },
  );
}
