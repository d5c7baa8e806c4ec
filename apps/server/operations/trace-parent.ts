import type { Context } from '@opentelemetry/api';

/** W3C Trace Context, section 3.2: version 00, the trace, the span above, and whether it is kept. */
const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0([01])$/;
const NONE = /^0+$/;

/** What a request belongs to, as its sender says in `traceparent`; nothing, where it says nothing that can be read. */
export function parentOf(api: typeof import('@opentelemetry/api'), header: string | string[] | undefined): Context {
  const root = api.ROOT_CONTEXT;
  const [, traceId = '', spanId = '', kept] = FORM.exec(typeof header === 'string' ? header : '') ?? [];
  if (traceId === '' || NONE.test(traceId) || NONE.test(spanId)) return root;
  return api.trace.setSpanContext(root, { traceId, spanId, traceFlags: kept === '1' ? 1 : 0, isRemote: true });
}
