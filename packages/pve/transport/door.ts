import type { Carrier, Parcel } from './carrier.ts';
import type { Outcome } from './exchange.ts';
import type { Peer } from './nodes.ts';
import { encodeForm } from '../form.ts';
import { Permit, type WriteCall } from '../permit.ts';
import type { StreamedBody } from '../upload.ts';

export interface Limits {
  readonly connectMs: number;
  readonly requestMs: number;
  readonly maxBytes: number;
}

/** Which headers say who is asking. */
export type Headers = Readonly<Record<string, string>>;

export interface SendOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a write is sent with beside the call itself. */
export interface Sending {
  readonly headers: Headers;
  readonly options?: SendOptions;
  /** The call's parameters with the file that goes along; without it they are sent as a form. */
  readonly body?: StreamedBody;
}

const API = '/api2/json';
const FORM = 'application/x-www-form-urlencoded';

/**
 * The last door before the wire. There are three ways through it: a read, the login, and a write with its permit.
 * Nothing else in the product reaches a cluster, and a twin of one is reached through the same door.
 */
export class Door {
  readonly limits: Limits;
  readonly #carrier: Carrier;
  readonly #closing = new AbortController();

  constructor(limits: Limits, carrier: Carrier) {
    this.limits = limits;
    this.#carrier = carrier;
  }

  /** What is behind it: permits are for one of the two. */
  get reaches(): Carrier['reaches'] {
    return this.#carrier.reaches;
  }

  /** GET. `path` is percent-encoded, with its query, and without /api2/json. */
  read(peer: Peer, path: string, headers: Headers, options: SendOptions = {}): Promise<Outcome> {
    return this.#carrier.read(peer, { ...this.#wire(peer, path, options), method: 'GET', headers });
  }

  /** POST /access/ticket: the one request besides reads that needs no permit, as it changes nothing. */
  login(peer: Peer, body: string, options: SendOptions = {}): Promise<Outcome> {
    const headers = { 'content-type': FORM };
    const wire = this.#wire(peer, '/access/ticket', options);
    return this.#carrier.alone(peer, { ...wire, method: 'POST', headers, body });
  }

  /**
   * A write, to the first of `peers` that can be connected to. It goes over a connection of its own, since on a kept
   * one that the server is about to close its fate would be unknown. Once a byte of it has left, it is never repeated.
   *
   * @throws PermitRefused before anything else happens, where `permit` is not for exactly this call, is not for what
   *   is behind this door, or was used.
   */
  write(
    permit: Permit,
    peers: readonly [Peer, ...Peer[]],
    call: WriteCall,
    sending: Sending,
  ): Promise<{ peer: Peer; outcome: Outcome }> {
    Permit.use(permit, call, this.reaches);
    return this.#write(peers, call, sending);
  }

  async #write(
    [first, ...others]: readonly [Peer, ...Peer[]],
    call: WriteCall,
    sending: Sending,
  ): Promise<{ peer: Peer; outcome: Outcome }> {
    const attempt = { peer: first, outcome: await this.#writeAt(first, call, sending) };
    for (const peer of others) {
      if (!isUnsent(attempt.outcome) || isOurs(attempt.outcome)) break;
      const outcome = await this.#writeAt(peer, call, sending);
      // Where no other node can be reached either, the first one's trouble is what a person should read.
      if (!isUnsent(outcome)) return { peer, outcome };
    }
    return attempt;
  }

  #writeAt(peer: Peer, call: WriteCall, { headers, options = {}, body }: Sending): Promise<Outcome> {
    const form = encodeForm(call.params);
    // pveproxy takes no body with DELETE (pve-http-server AnyEvent.pm).
    if (call.method === 'DELETE') {
      const path = form === '' ? call.path : `${call.path}?${form}`;
      return this.#carrier.alone(peer, { ...this.#wire(peer, path, options), method: 'DELETE', headers });
    }
    const wire = this.#wire(peer, call.path, options);
    const sent = body === undefined ? { type: FORM, body: form } : { type: body.contentType, body };
    return this.#carrier.alone(peer, {
      ...wire,
      method: call.method,
      headers: { 'content-type': sent.type, ...headers },
      body: sent.body,
    });
  }

  #wire(peer: Peer, path: string, options: SendOptions): Pick<Parcel, Common> & { signal: AbortSignal } {
    const signals = options.signal === undefined ? [this.#closing.signal] : [this.#closing.signal, options.signal];
    return {
      address: peer.address,
      path: `${API}${path}`,
      timeoutMs: options.timeoutMs ?? this.limits.requestMs,
      maxBytes: this.limits.maxBytes,
      signal: AbortSignal.any(signals),
    };
  }

  /** Ends everything: what is under way is cancelled, connections are closed, and no request leaves any more. */
  close(): void {
    this.#closing.abort();
    this.#carrier.close();
  }
}

type Common = 'address' | 'path' | 'timeoutMs' | 'maxBytes';

function isUnsent(outcome: Outcome): boolean {
  return outcome.kind === 'failure' && outcome.failure.stage === 'unsent' && outcome.failure.cause !== 'cancelled';
}

/** A person has to look at the given node's certificate, or at the file; going elsewhere would hide it. */
function isOurs(outcome: Outcome): boolean {
  return outcome.kind === 'failure' && (outcome.failure.cause === 'certificate' || outcome.failure.cause === 'file');
}
