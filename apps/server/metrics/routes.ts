import { z } from 'zod';
import type { App } from '../server.ts';
import type { Metrics } from './metrics.ts';

/** What Prometheus scrapes: with a token that holds monitoring:read, or open where the settings say so. */
export async function metricRoutes(app: App): Promise<void> {
  const { settings } = app.service;
  app.get(
    '/metrics',
    {
      config: settings.metrics === 'open' ? {} : { scope: 'monitoring:read' },
      schema: {
        operationId: 'getMetrics',
        summary: 'The figures of this replica, as Prometheus reads them',
        tags: ['operations'],
        response: { 200: { content: { 'text/plain': { schema: z.string() } }, description: 'Prometheus text format' } },
      },
    },
    async (_request, reply) => reply.type(app.metrics.contentType).send(await app.metrics.text()),
  );
}

/** Counts each request from when it comes in to its end, however it ends. */
export function countRequests(app: App, metrics: Metrics): void {
  const { calls } = app.service;
  const off = calls?.listen((call) => metrics.called(call));
  app.addHook('onRequest', async () => metrics.began());
  // Fastify calls it once for each request, also where its connection ended first.
  app.addHook('onResponse', async (request, reply) => metrics.ended(request, reply));
  app.addHook('onClose', async () => {
    off?.();
    metrics.close();
  });
}
