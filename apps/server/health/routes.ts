import { z } from 'zod';
import { answer, answerOf } from '../http/envelope.ts';
import type { App } from '../server.ts';

const Component = z.enum(['healthy', 'degraded', 'unavailable', 'not_configured']);

const Health = z.object({
  status: Component,
  version: z.string(),
  uptime_seconds: z.int(),
  components: z.object({ database: Component, proxmox: Component, ai_service: Component }),
});

const Info = z.object({
  name: z.literal('pxa'),
  version: z.string(),
  api_versions: z.array(z.string()),
  environment: z.enum(['live', 'sandbox']),
  banner: z.string().nullable(),
  connections: z.array(z.string()),
});

type State = z.infer<typeof Component>;

/** Whether it is well, and what it is. Open to all: what watches it has no token. */
export async function healthRoutes(app: App): Promise<void> {
  const { service } = app;
  const startedMs = service.now();

  app.get('/health', { schema: { response: { 200: answerOf(Health) } } }, async (request) => {
    const [database, proxmox] = await Promise.all([stateOf(service.store.auditHead()), clustersState()]);
    const parts = [database, proxmox];
    return answer(request, {
      status: parts.includes('unavailable') ? 'unavailable' : parts.includes('degraded') ? 'degraded' : 'healthy',
      version: service.version,
      uptime_seconds: Math.floor((service.now() - startedMs) / 1_000),
      components: { database, proxmox, ai_service: 'not_configured' },
    } as const);
  });

  app.get('/info', { schema: { response: { 200: answerOf(Info) } } }, async (request) =>
    answer(request, {
      name: 'pxa',
      version: service.version,
      api_versions: ['v1'],
      environment: service.isSandbox ? 'sandbox' : 'live',
      banner: service.isSandbox ? 'A sandbox: nothing here is a real cluster.' : null,
      connections: [...service.clusters.keys()],
    } as const),
  );

  /** Unavailable where none answers, degraded where some do not. */
  async function clustersState(): Promise<State> {
    const all = [...service.clusters.values()];
    const states = await Promise.all(all.map((cluster) => stateOf(cluster.reachable())));
    const well = states.filter((state) => state === 'healthy').length;
    return well === states.length ? 'healthy' : well === 0 ? 'unavailable' : 'degraded';
  }
}

const stateOf = (look: Promise<unknown>): Promise<State> =>
  look.then(
    () => 'healthy',
    () => 'unavailable',
  );
