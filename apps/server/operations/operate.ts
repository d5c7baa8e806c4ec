import { Health } from '../health/state.ts';
import { Metrics } from '../metrics/metrics.ts';
import { countRequests } from '../metrics/routes.ts';
import { SandboxHost } from '../sandbox/host.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { logRequests } from './log.ts';
import type { ServerOptions } from './options.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly health: Health;
    readonly metrics: Metrics;
    /** It runs for development: passwords are taken. */
    readonly isDev: boolean;
    /** Lets the cluster begin anew, where the service runs on one of its own. */
    readonly sandbox: SandboxHost | undefined;
  }
}

/** What whoever runs the service sees of it: its health, its figures, its log. Before any route is registered. */
export async function operate(app: App, service: Service, options: ServerOptions): Promise<void> {
  const health = new Health(service);
  const metrics = new Metrics(service);
  app.decorate('health', health);
  app.decorate('metrics', metrics);
  app.decorate('isDev', options.isDev === true);
  const { restartSandbox: restart } = service;
  const sandbox = restart && new SandboxHost(service, restart, (error) => app.log.error({ err: error }, 'not reset'));
  app.decorate('sandbox', sandbox);
  app.addHook('onClose', async () => sandbox?.close());
  app.addHook('preClose', async () => health.stop());
  // Else who is connected would hold the service up for as long as connections are kept.
  app.addHook('onSend', async (_request, reply) => {
    if (health.isStopping) reply.header('connection', 'close');
  });
  // Loaded only where it is wanted.
  if (options.traces !== undefined) await (await import('./tracing.ts')).traceRequests(app, service, options.traces);
  countRequests(app, metrics);
  if (options.log !== undefined) logRequests(app);
}
