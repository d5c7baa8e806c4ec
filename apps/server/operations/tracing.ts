import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Span } from '@opentelemetry/api';
import type { TracerProvider } from '@opentelemetry/sdk-trace';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { parentOf } from './trace-parent.ts';
import type { TraceOptions } from './options.ts';
import { scrubbed } from './scrub.ts';

type Api = typeof import('@opentelemetry/api');

/**
 * Sends a span for each request, and under it one for each call to Proxmox that was made for it, also by the job that it
 * began. The packages are loaded only here: without an endpoint nothing of them runs.
 */
export async function traceRequests(app: App, service: Service, { endpoint, everyMs }: TraceOptions): Promise<void> {
  const [api, provider] = await Promise.all([import('@opentelemetry/api'), providerFor(service, endpoint, everyMs)]);
  const tracer = provider.getTracer('pxa', service.version);
  const under = new AsyncLocalStorage<Context>();
  const spans = new WeakMap<object, { span: Span; context: Context }>();

  app.addHook('onRequest', (request, _reply, done) => {
    const parent = parentOf(api, request.headers['traceparent']);
    const span = tracer.startSpan(request.method, { kind: api.SpanKind.SERVER, startTime: service.now() }, parent);
    const context = api.trace.setSpan(parent, span);
    spans.set(request, { span, context });
    under.run(context, done);
  });
  // Reading the body goes by events of the socket, which belong to no request.
  app.addHook('preValidation', (request, _reply, done) => {
    const found = spans.get(request);
    if (found === undefined) done();
    else under.run(found.context, done);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { url: route = 'none' } = request.routeOptions;
    spans
      .get(request)
      ?.span.updateName(`${request.method} ${route}`)
      .setAttributes({
        'http.request.method': request.method,
        'http.route': route,
        'http.response.status_code': reply.statusCode,
        'pxa.request_id': request.id,
        'pxa.caller': request.caller?.id ?? '',
      })
      .setStatus({ code: reply.statusCode >= 500 ? api.SpanStatusCode.ERROR : api.SpanStatusCode.UNSET })
      .end(service.now());
  });
  const off = service.calls?.listen(({ connection, method, path, status, ms, error }) => {
    const context = under.getStore();
    if (context === undefined) return;
    const endMs = service.now();
    const options = { kind: api.SpanKind.CLIENT, startTime: endMs - ms };
    const span = tracer.startSpan(`proxmox ${method}`, options, context);
    span.setAttributes({
      'http.request.method': method,
      'url.path': scrubbed(path.split('?')[0] ?? ''),
      'http.response.status_code': status,
      'pxa.connection': connection,
    });
    if (error !== undefined) span.setStatus(failed(api, error));
    span.end(endMs);
  });
  app.addHook('onClose', async () => {
    off?.();
    // A receiver that is away must not keep the service from ending.
    await provider.shutdown().catch((error: unknown) => app.log.warn({ err: error }, 'the last traces were not sent'));
  });
}

const failed = (api: Api, error: string): { code: number; message: string } => ({
  code: api.SpanStatusCode.ERROR,
  message: scrubbed(error),
});

async function providerFor(service: Service, endpoint: string, everyMs = 5_000): Promise<TracerProvider> {
  const [{ BatchSpanProcessor, TracerProvider: Provider }, { resourceFromAttributes }, { OTLPTraceExporter }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-http'),
    ]);
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: 5_000 });
  const processor = new BatchSpanProcessor({ exporter, scheduledDelayMillis: everyMs, maxQueueSize: 2_048 });
  const resource = resourceFromAttributes({ 'service.name': 'pxa', 'service.version': service.version });
  return new Provider({ spanProcessors: [processor], resource });
}
