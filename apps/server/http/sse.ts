import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** So often something is sent, so that what stands between does not take the silence for an end. */
export const HEARTBEAT_MS = 15_000;
/** A client that reads so slowly that more than this waits for it is let go. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** Whether a request wants its answer as server-sent events. */
export function wantsEvents({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').split(',').some((type) => type.split(';')[0]?.trim() === 'text/event-stream');
}

/** Something that is told in a stream; with an `id`, a client can go on after it. */
export interface SentEvent {
  readonly event: string;
  readonly data: unknown;
  readonly id?: string;
}

/** Something as it is written into a stream. */
export function eventText({ event, data, id }: SentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What is written where there is nothing to tell. */
export const STILL_HERE = ': still here\n\n';

/** What an answer says of itself that is a stream. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that gather an answer before they hand it on are told not to.
  'x-accel-buffering': 'no',
} as const;

/** An answer that goes on: server-sent events until it is ended, or nobody listens any more. */
export class AnswerStream {
  /** Fires when the client went away, was let go, or all was told. */
  readonly gone: AbortSignal;
  readonly #out = new PassThrough();
  readonly #ending = new AbortController();

  constructor(request: FastifyRequest, reply: FastifyReply) {
    this.gone = this.#ending.signal;
    this.#out.on('close', () => this.#ending.abort());
    // Whoever stops listening in the middle is no error of ours.
    this.#out.on('error', () => this.#ending.abort());
    void reply.headers(STREAM_HEADERS).send(this.#out);
    // Until something is written, not even the headers are sent.
    this.#write(': begun\n\n');
    void this.#beat(request);
  }

  /** Tells something; false where nobody listens any more. */
  send(event: SentEvent): boolean {
    return this.#write(eventText(event));
  }

  /** The regular end. */
  end(): void {
    this.#ending.abort();
    this.#out.end();
  }

  #write(text: string): boolean {
    if (this.#ending.signal.aborted) return false;
    if (this.#out.writableLength > MOST_WAITING_BYTES) {
      this.#ending.abort();
      this.#out.destroy();
      return false;
    }
    this.#out.write(text);
    return true;
  }

  async #beat({ server }: FastifyRequest): Promise<void> {
    const { sleep } = server.service;
    while (!this.gone.aborted) {
      await sleep(HEARTBEAT_MS, this.gone);
      this.#write(STILL_HERE);
    }
  }
}
