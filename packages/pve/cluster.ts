import { setTimeout as wait } from 'node:timers/promises';
import type { Call } from '@pxa/contract';
import { type Credentials, type Identity, tokenIdentity } from './auth.ts';
import { Connection, type Surroundings } from './connection.ts';
import { Reads } from './reads.ts';
import { type Session, type SessionOptions, openSession } from './session.ts';
import { TicketIdentity } from './ticket.ts';
import { parseUrl } from './transport/address.ts';
import { Door, type Limits } from './transport/door.ts';
import { Network } from './transport/network.ts';
import { Nodes } from './transport/nodes.ts';
import { trustOf } from './transport/trust.ts';

export interface ConnectOptions {
  /** `https://host[:8006]` of any node. */
  url: string;
  auth: Credentials;
  /** A pinned SHA-256 fingerprint, or the PEM text of an authority, or neither: the system's authorities. */
  tls: { fingerprint?: string; ca?: string };
  timeouts?: { connectMs?: number; requestMs?: number };
  /** Milliseconds since 1970. */
  now?: () => number;
  /** From 0 to 1. */
  random?: () => number;
  sleep?: Surroundings['sleep'];
  /** Told of each call of every session as it ends. */
  onCall?: (call: Call) => void;
}

/** One Proxmox VE cluster, or a single node. Nothing is sent before the first read. */
export interface Cluster {
  /** Opens one request of ours. */
  session(options?: SessionOptions): Session;
  /**
   * Learns the other nodes' addresses and certificates, so that they can stand in when the given one is gone. After the
   * first read of a second session this happens by itself; its calls belong to no session. Gives how many nodes can be
   * asked.
   */
  learnNodes(): Promise<number>;
  /** Ends what is under way and closes the connections. */
  close(): Promise<void>;
}

const CONNECT_MS = 5_000;
/** A little over the 30 s after which pveproxy itself gives up on a node, since its own answer (596) tells more. */
const REQUEST_MS = 32_000;
const MOST_BYTES = 128 * 2 ** 20;
/** Nodes seldom come and go. */
const LEARN_EVERY_MS = 10 * 60_000;

/**
 * A cluster to read from.
 *
 * @throws SettingsError where the URL, the credentials' form, the fingerprint or the CA cannot be used. The message
 * says what to write instead, and holds no secret.
 */
export function connect(options: ConnectOptions): Cluster {
  const surroundings = surroundingsOf(options);
  const limits = limitsOf(options.timeouts ?? {});
  const door = new Door(limits, new Network(limits.connectMs));
  const nodes = new Nodes({ address: parseUrl(options.url), trust: trustOf(options.tls) });
  const identity = identityOf(options.auth, surroundings.now);
  return clusterOver(new Connection({ door, nodes, identity, surroundings }), LEARN_EVERY_MS, options.onCall);
}

/** A cluster behind a connection, which learns where the other nodes are every `learnEveryMs`; `onCall` is told of every call. */
export function clusterOver(
  connection: Connection,
  learnEveryMs: number,
  onCall: (call: Call) => void = () => undefined,
): Cluster {
  const { door, nodes, surroundings } = connection;
  const reads = new Reads(connection);
  let sessions = 0;
  let learntMs = -Infinity;
  const learnNodes = async (): Promise<number> => {
    learntMs = surroundings.now();
    const { reader } = openSession(connection, reads, { onCall });
    await Promise.all([reader.get('/cluster/status', {}), reader.get('/nodes', {})]);
    return nodes.candidates(surroundings.now()).length;
  };
  const learnIfDue = (): void => {
    if (surroundings.now() - learntMs > learnEveryMs) void learnNodes();
  };
  return Object.freeze({
    session(sessionOptions: SessionOptions = {}): Session {
      sessions += 1;
      // One question and done, as on the command line, does not need to know whom else it could have asked.
      const both = (call: Call): void => {
        onCall(call);
        sessionOptions.onCall?.(call);
      };
      return openSession(connection, reads, { ...sessionOptions, onCall: both }, sessions > 1 ? learnIfDue : undefined);
    },
    learnNodes,
    close(): Promise<void> {
      door.close();
      return Promise.resolve();
    },
  });
}

function identityOf(auth: Credentials, now: () => number): Identity {
  return auth.kind === 'token' ? tokenIdentity(auth.tokenId, auth.secret) : new TicketIdentity(auth, now);
}

/** The one place where the real clock and real chance come in. */
function surroundingsOf({ now, random, sleep }: ConnectOptions): Surroundings {
  return {
    now: now ?? (() => performance.timeOrigin + performance.now()),
    random: random ?? Math.random,
    sleep: sleep ?? ((ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined)),
  };
}

function limitsOf({
  connectMs = CONNECT_MS,
  requestMs = REQUEST_MS,
}: {
  connectMs?: number;
  requestMs?: number;
}): Limits {
  return { connectMs, requestMs, maxBytes: MOST_BYTES };
}
