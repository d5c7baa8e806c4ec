import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request as startRequest } from 'node:https';
import { type Address, formatAddress } from './address.ts';
import type { NodeAgent } from './agent.ts';
import { readBody } from './body.ts';
import { Ended, type Failure, failureOf } from './failure.ts';

/** One HTTP request over a node's connections. `path` is as on the wire. */
export interface WireRequest {
  readonly address: Address;
  readonly agent: NodeAgent;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
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
    () => stop.abort(new Ended('timeout', `no answer within ${wire.timeoutMs} ms`)),
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
      progress.stage = 'sent';
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
    request.end(wire.body);
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
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
  };
}
