import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Address } from './address.ts';
import { contextFor, dial } from './connect.ts';
import type { Trust } from './trust.ts';

/**
 * Two connections for each of pveproxy's three workers, which run what is not proxied one at a time
 * (pve-manager PVE/Service/pveproxy.pm, MAX_WORKERS): more would only queue there instead of here.
 */
export const CONNECTIONS_PER_NODE = 6;

/** pveproxy closes a connection that idles for 5 s, and after 100 requests (pve-http-server AnyEvent.pm). */
const IDLE_MS = 4_000;
const REQUESTS_PER_CONNECTION = 100;

export interface AgentOptions {
  readonly address: Address;
  readonly trust: Trust;
  readonly connectMs: number;
  readonly idleMs?: number;
}

/**
 * The kept-alive connections to one node. Each is verified before its first request; an idle one is given up before
 * pveproxy would close it, so that a request hardly ever meets a closing connection.
 */
export class NodeAgent extends Agent {
  readonly #options: AgentOptions;
  readonly #served = new WeakMap<Duplex, number>();

  constructor(options: AgentOptions) {
    super({
      keepAlive: true,
      maxSockets: CONNECTIONS_PER_NODE,
      maxFreeSockets: CONNECTIONS_PER_NODE,
      maxCachedSessions: 0, // A resumed session shows no certificate to compare.
      scheduling: 'lifo',
    });
    this.#options = options;
  }

  override createConnection(_options: unknown, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    const { address, trust, connectMs: timeoutMs } = this.#options;
    dial({ address, trust, context: contextFor(trust), timeoutMs }, (error, socket) => {
      // With an error Node's agent does not look at the second argument, which its type demands all the same.
      callback?.(error, socket as Duplex);
    });
  }

  /** Counts a request that goes over `socket`. */
  noteUse(socket: Duplex): void {
    this.#served.set(socket, (this.#served.get(socket) ?? 0) + 1);
  }

  /** Node asks this as a request ends: whether its connection is kept. Node's types call the answer void. */
  override keepSocketAlive(socket: Duplex): boolean {
    if ((this.#served.get(socket) ?? 0) >= REQUESTS_PER_CONNECTION) return false;
    const kept: unknown = super.keepSocketAlive(socket);
    if (kept === false) return false;
    // The agent destroys a free socket whose timeout fires.
    if ('setTimeout' in socket && typeof socket.setTimeout === 'function')
      socket.setTimeout(this.#options.idleMs ?? IDLE_MS);
    return true;
  }

  override reuseSocket(socket: Duplex, request: Parameters<Agent['reuseSocket']>[1]): void {
    if ('setTimeout' in socket && typeof socket.setTimeout === 'function') socket.setTimeout(0);
    super.reuseSocket(socket, request);
  }

  /** Gives up the connections that lie idle; those in use go on. */
  closeIdle(): void {
    for (const sockets of Object.values(this.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }
}
