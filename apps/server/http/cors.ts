import type { FastifyInstance } from 'fastify';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const MAY_SEND = 'authorization, content-type, idempotency-key, last-event-id';
const MAY_READ =
  'x-request-id, api-version, idempotency-replayed, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-ratelimit-window';
const SECONDS = 600;

/**
 * Lets web pages of these origins call the API from a browser, and no others. Who calls is told by a header that a page
 * has to set itself, never by a cookie: so no credentials are allowed, and there is nothing that another page could use.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  const allowed = new Set(origins);
  app.addHook('onRequest', async (request, reply) => {
    if (allowed.size > 0) reply.header('vary', 'origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) return;
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': MAY_READ });
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    if (!isPreflight) return;
    reply.headers({
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': MAY_SEND,
      'access-control-max-age': SECONDS,
    });
    await reply.code(204).send();
  });
}
