import fastify, { type FastifyHttpOptions, type FastifyServerOptions, LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Server } from 'node:http';
import { type ServerOptions, PATIENCE } from '../operations/options.ts';
import { newLog } from '../operations/log.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { answerBadConnection } from './client-errors.ts';
import { answerBadPath } from './errors.ts';

/** The largest JSON body; files are streamed and have limits of their own. */
const MOST_BYTES = 1024 * 1024;
const MOST_HEADER_BYTES = 16 * 1024;
/** Volume and task ids are the longest that stand in a path. */
const MOST_PARAM_LETTERS = 500;
/** A little more than the 60 s after which proxies close what they do not use: they do it first, and lose no request. */
const KEEP_ALIVE_MS = 65_000;

/** An application without routes, which holds whoever connects to bounded time and size. */
export function newApp(service: Service, options: ServerOptions): App {
  const { headersMs, lookMs } = { ...PATIENCE, ...options.patience };
  const node = {
    headersTimeout: headersMs,
    // Whole bodies are timed by what they are, in late-bodies.ts: files may take long.
    requestTimeout: 0,
    connectionsCheckingInterval: lookMs,
    maxHeaderSize: MOST_HEADER_BYTES,
    // Node would answer in a shape of its own; protect.ts does in ours.
    requireHostHeader: false,
  };
  const usual = {
    bodyLimit: MOST_BYTES,
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Who is connected when the service ends is still answered once, and told to close.
    return503OnClosing: false,
    genReqId: () => service.id('req'),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    // An id that a client sends is not taken over: it could stand for another's request in the log.
    requestIdHeader: false,
    routerOptions: { maxParamLength: MOST_PARAM_LETTERS },
    // The nearest alone: what it was told of those before it, anybody could have written.
    trustProxy: options.isBehindProxy === true ? (_address: string, hop: number) => hop === 0 : false,
    clientErrorHandler: answerBadConnection,
    frameworkErrors: answerBadPath,
  } as const satisfies FastifyServerOptions;
  const log = newLog(options, service.now);
  const logged = log === undefined ? { ...usual, logger: false } : { ...usual, loggerInstance: log };
  const app = fastify(withTransport(logged, node, options)).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = service.settings.max_connections;
  // Expectations but 100-continue may be passed over (RFC 9110 section 10.1.1); Node would answer in a shape of its own.
  app.server.on('checkExpectation', (request, response) => void app.server.emit('request', request, response));
  return app;
}

/** Fastify's types tell its HTTPS server from the other; nothing of ours looks at what they differ in. */
function withTransport(usual: FastifyServerOptions, node: object, { tls }: ServerOptions): FastifyHttpOptions<Server> {
  if (tls === undefined) return { ...usual, http: node };
  const https = { ...node, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' };
  return { ...usual, https } as FastifyHttpOptions<Server>;
}
