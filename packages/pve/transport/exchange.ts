import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request as startRequest } from 'node:https';
import { type Address, formatAddress } from './address.ts';
import type { NodeAgent } from './agent.ts';
import type { StreamedBody } from '../upload.ts';
import { readBody } from './body.ts';
import { Ended, type Failure, failureOf } from './failure.ts';

/** One HTTP request over a node's connections. `path` is as on the wire. */
export interface WireRequest {
  readonly address: Address;
  readonly agent: NodeAgent;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | StreamedBody;
  /** From the first attempt to connect to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of the answer as sent, and again once it is unpacked. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** What came back. A redirect is an answer like any other: it is not followed. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Outcome = Answer | { readonly kind: 'failure'; readonly failure: Failure };

/** Makes one request, once. Never rejects: what goes wrong is an outcome, with how far the request had come. */
export async function exchange(wire: WireRequest): Promise<Outcome> {
  const progress = { stage: 'unsent' as Failure['stage'], reused: false };
  const stop = new AbortController();
  const limit = setTimeout(
    () => stop.abort(new Ended('timeout', `no answer within ${Math.round(wire.timeoutMs)} ms`)),
    wire.timeoutMs,
  );
  const cancel = (): void => stop.abort(new Ended('cancelled', 'cancelled'));
  wire.signal?.addEventListener('abort', cancel, { once: true });
  if (wire.signal?.aborted === true) cancel();
  try {
    const { response, released } = await send(wire, stop.signal, progress);
    const body = await readBody(response, wire.maxBytes, stop.signal);
    // Whoever comes next shall find the connection free, rather than open another one.
    if (response.headers.connection !== 'close') await released;
    const { statusCode: status = 0, statusMessage: reason = '', headers } = response;
    return { kind: 'answer', status, reason, headers, body };
  } catch (error) {
    const cause: unknown = stop.signal.aborted ? stop.signal.reason : error;
    return { kind: 'failure', failure: failureOf(cause, progress.stage, progress.reused) };
  } finally {
    clearTimeout(limit);
    wire.signal?.removeEventListener('abort', cancel);
  }
}

function send(
  wire: WireRequest,
  stop: AbortSignal,
  progress: { stage: Failure['stage']; reused: boolean },
): Promise<{ response: IncomingMessage; released: Promise<void> }> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  return new Promise((resolve, reject) => {
    if (stop.aborted) return reject(new Ended('cancelled', 'cancelled'));
    const request = startRequest(optionsOf(wire));
    const abort = (): void => void request.destroy(new Ended('cancelled', 'stopped'));
    stop.addEventListener('abort', abort, { once: true });
    // The socket is handed over only after its certificate was accepted; from then on bytes may be on their way.
    request.once('socket', (socket) => {
      if (typeof wire.body !== 'object') progress.stage = 'sent';
      progress.reused = request.reusedSocket;
      wire.agent.noteUse(socket);
    });
    request.on('error', reject);
    request.once('response', (response) => resolve({ response, released }));
    // Node says this as the request ends, just before it gives the connection back to the agent.
    request.once('close', () => {
      stop.removeEventListener('abort', abort);
      release();
    });
    if (typeof wire.body !== 'object') return void request.end(wire.body);
    // What goes wrong with the file ends the request before its last bytes are out.
    pour(wire.body, request, () => (progress.stage = 'sent')).catch((error: Error) => request.destroy(error));
  });
}

/** Sends a body as it is read, no faster than it is taken. `onLast` is called right before its last bytes leave. */
async function pour(body: StreamedBody, request: ClientRequest, onLast: () => void): Promise<void> {
  const gone = new AbortController();
  request.once('close', () => gone.abort());
  let last: Uint8Array | undefined;
  for await (const chunk of body.chunks()) {
    if (last !== undefined && !request.write(last)) await untilTaken(request, gone.signal);
    if (gone.signal.aborted) return;
    last = chunk;
  }
  onLast();
  request.end(last);
}

/** Until there is room for more, or nobody takes any more: an answer may come before all was sent. */
function untilTaken(request: ClientRequest, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => resolve();
    if (gone.aborted) return go();
    request.once('drain', go);
    gone.addEventListener('abort', go, { once: true });
  });
}

function optionsOf({ address, agent, method, path, headers, body }: WireRequest): RequestOptions {
  return {
    agent,
    host: address.host,
    port: address.port,
    method,
    path,
    headers: {
      host: formatAddress(address),
      accept: 'application/json',
      'accept-encoding': 'gzip',
      // pveproxy takes no chunked requests (pve-http-server AnyEvent.pm), so the length is always said.
      ...(body === undefined ? {} : { 'content-length': String(lengthOf(body)) }),
      ...headers,
    },
  };
}

const lengthOf = (body: string | StreamedBody): number =>
  typeof body === 'string' ? Buffer.byteLength(body) : body.bytes;
