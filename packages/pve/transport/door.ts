import { NodeAgent } from './agent.ts';
import { formatAddress } from './address.ts';
import { type Outcome, type WireRequest, exchange } from './exchange.ts';
import type { Peer } from './nodes.ts';
import { encodeForm } from '../form.ts';
import { Permit, type WriteCall } from '../permit.ts';

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

const API = '/api2/json';
const FORM = 'application/x-www-form-urlencoded';

/**
 * The last door before the wire. There are three ways through it: a read, the login, and a write with its permit.
 * Nothing else in the product opens a connection to a cluster.
 */
export class Door {
  readonly limits: Limits;
  readonly #agents = new Map<string, NodeAgent>();
  readonly #closing = new AbortController();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** GET. `path` is percent-encoded, with its query, and without /api2/json. */
  async read(peer: Peer, path: string, headers: Headers, options: SendOptions = {}): Promise<Outcome> {
    const agent = this.#agent(peer);
    const outcome = await exchange({ ...this.#wire(peer, path, options), agent, method: 'GET', headers });
    // The server closed one kept connection, so it has likely closed the others that lie idle, too.
    if (outcome.kind === 'failure' && outcome.failure.reused) agent.closeIdle();
    return outcome;
  }

  /** POST /access/ticket: the one request besides reads that needs no permit, as it changes nothing. */
  login(peer: Peer, body: string, options: SendOptions = {}): Promise<Outcome> {
    const headers = { 'content-type': FORM };
    return this.#fresh(peer, { ...this.#wire(peer, '/access/ticket', options), method: 'POST', headers, body });
  }

  /**
   * A write, to the first of `peers` that can be connected to. It goes over a connection of its own, since on a kept
   * one that the server is about to close its fate would be unknown. Once a byte of it has left, it is never repeated.
   *
   * @throws PermitRefused before anything else happens, where `permit` is not for exactly this call or was used.
   */
  write(
    permit: Permit,
    peers: readonly [Peer, ...Peer[]],
    call: WriteCall,
    authorization: { headers: Headers; options?: SendOptions },
  ): Promise<{ peer: Peer; outcome: Outcome }> {
    Permit.use(permit, call);
    return this.#write(peers, call, authorization);
  }

  async #write(
    [first, ...others]: readonly [Peer, ...Peer[]],
    call: WriteCall,
    authorization: { headers: Headers; options?: SendOptions },
  ): Promise<{ peer: Peer; outcome: Outcome }> {
    const attempt = { peer: first, outcome: await this.#writeAt(first, call, authorization) };
    for (const peer of others) {
      if (!isUnsent(attempt.outcome) || isCertificate(attempt.outcome)) break;
      const outcome = await this.#writeAt(peer, call, authorization);
      // Where no other node can be reached either, the first one's trouble is what a person should read.
      if (!isUnsent(outcome)) return { peer, outcome };
    }
    return attempt;
  }

  #writeAt(peer: Peer, call: WriteCall, authorization: { headers: Headers; options?: SendOptions }): Promise<Outcome> {
    const { headers, options = {} } = authorization;
    const form = encodeForm(call.params);
    // pveproxy takes no body with DELETE (pve-http-server AnyEvent.pm).
    if (call.method === 'DELETE') {
      const path = form === '' ? call.path : `${call.path}?${form}`;
      return this.#fresh(peer, { ...this.#wire(peer, path, options), method: 'DELETE', headers });
    }
    const wire = this.#wire(peer, call.path, options);
    return this.#fresh(peer, {
      ...wire,
      method: call.method,
      headers: { 'content-type': FORM, ...headers },
      body: form,
    });
  }

  /** One request over a connection that serves nothing else. */
  async #fresh(peer: Peer, wire: Omit<WireRequest, 'agent'>): Promise<Outcome> {
    const agent = new NodeAgent({ address: peer.address, trust: peer.trust, connectMs: this.limits.connectMs });
    try {
      return await exchange({ ...wire, agent });
    } finally {
      agent.destroy();
    }
  }

  #wire(peer: Peer, path: string, options: SendOptions): Pick<WireRequest, Common> & { signal: AbortSignal } {
    const signals = options.signal === undefined ? [this.#closing.signal] : [this.#closing.signal, options.signal];
    return {
      address: peer.address,
      path: `${API}${path}`,
      timeoutMs: options.timeoutMs ?? this.limits.requestMs,
      maxBytes: this.limits.maxBytes,
      signal: AbortSignal.any(signals),
    };
  }

  #agent(peer: Peer): NodeAgent {
    const { address, trust } = peer;
    // A node whose certificate is learnt anew is another peer: connections verified by the old one do not serve it.
    const key = `${formatAddress(address)} ${trust.kind === 'pin' ? trust.fingerprint : trust.kind}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = new NodeAgent({ address, trust, connectMs: this.limits.connectMs });
      this.#agents.set(key, agent);
    }
    return agent;
  }

  /** Ends everything: what is under way is cancelled, connections are closed, and no request leaves any more. */
  close(): void {
    this.#closing.abort();
    for (const agent of this.#agents.values()) agent.destroy();
  }
}

type Common = 'address' | 'path' | 'timeoutMs' | 'maxBytes';

function isUnsent(outcome: Outcome): boolean {
  return outcome.kind === 'failure' && outcome.failure.stage === 'unsent' && outcome.failure.cause !== 'cancelled';
}

/** A person has to look at the given node's certificate; going elsewhere would hide it. */
function isCertificate(outcome: Outcome): boolean {
  return outcome.kind === 'failure' && outcome.failure.cause === 'certificate';
}
