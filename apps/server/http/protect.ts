import helmet from '@fastify/helmet';
import type { FastifyRequest } from 'fastify';
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
    heedHeaders(request);
  });
  allowOrigins(app, settings.allowed_origins);
  // Fastify reads it unasked, and no route takes it.
  app.removeContentTypeParser('text/plain');
  dropLateBodies(app, options.patience?.bodyMs ?? PATIENCE.bodyMs);
}

/** Headers that two programs on the way could read in two ways, or that say of a body what is not heeded. @throws Problem */
function heedHeaders({ method, raw: { rawHeaders, httpVersion }, headers }: FastifyRequest): void {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  // RFC 9112 section 3.2.
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    throw new Problem(400, 'BAD_REQUEST', 'A request has one Host header.', { field: 'host' });
  }
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.toLowerCase() !== 'identity' && method !== 'GET' && method !== 'HEAD') {
    const message = `Bodies are read as they are: send it without the content-encoding ${encoding}.`;
    throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', message, { field: 'content-encoding' });
  }
}
