import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { pino } from 'pino';
import type { App } from '../server.ts';
import type { ServerOptions } from './options.ts';
import { scrubbedLine } from './scrub.ts';

/** What asks every few seconds whether the process is there. */
const PROBES = new Set(['/livez', '/readyz', '/metrics']);

/** The log: a JSON object a line, with secrets taken out of the whole line, whoever wrote them where. Undefined: there is none. */
export function newLog({ log, logLevel = 'info' }: ServerOptions, now: () => number): FastifyBaseLogger | undefined {
  if (log === undefined) return undefined;
  const options = {
    level: logLevel,
    base: null,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
    formatters: { level: (level: string) => ({ level }) },
    serializers: { err: errorShown, req: requestShown, res: () => undefined },
    hooks: { streamWrite: scrubbedLine },
  };
  return pino(options, log);
}

/** Writes one line for each request, when it is over: never its query, its headers or its body. */
export function logRequests(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    const { url: route = null } = request.routeOptions;
    const level = PROBES.has(route ?? '') ? 'debug' : 'info';
    request.log[level](
      {
        caller: request.caller?.id ?? null,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
  });
  app.addHook('onRequestAbort', async (request) => {
    request.log.info(
      { method: request.method, route: request.routeOptions.url ?? null },
      'request given up by its sender',
    );
  });
}

/** What of an error is written: its properties may hold a request with all of its headers. */
function errorShown(error: Error & { code?: unknown }): object {
  const { name, message, stack, code, cause } = error;
  const more = cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {};
  return { name, message, ...(typeof code === 'string' ? { code } : {}), stack, ...more };
}

const requestShown = ({ method, routeOptions }: FastifyRequest): object => ({
  method,
  route: routeOptions?.url ?? null,
});
