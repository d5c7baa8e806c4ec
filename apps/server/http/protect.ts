import helmet from '@fastify/helmet';
import type { App } from '../server.ts';
import { PATIENCE, type ServerOptions } from '../operations/options.ts';
import type { Service } from '../service.ts';
import { allowOrigins } from './cors.ts';
import { dropLateBodies } from './late-bodies.ts';
import { Problem } from './problem.ts';

/**
 * What holds for every answer and every connection: nothing is kept by caches, nothing of an answer runs in a browser,
 * pages of other origins stay out unless they are named, and slow bodies are dropped. A route that serves a page says
 * itself what may run in it (`config.helmet`).
 */
export async function protect(app: App, { settings }: Service, options: ServerOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    // Only who speaks TLS can promise it.
    strictTransportSecurity: options.tls !== undefined || options.isBehindProxy === true,
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    // Without a version there are no headers either, and an answer with a head would be taken for the body.
    if (request.raw.httpVersionMajor < 1) throw new Problem(400, 'BAD_REQUEST', 'Speak HTTP/1.1.');
  });
  allowOrigins(app, settings.allowed_origins);
  dropLateBodies(app, options.patience?.bodyMs ?? PATIENCE.bodyMs);
}
