import { tokenIdentity } from '../../packages/pve/auth.ts';
import { type Cluster, clusterOver } from '../../packages/pve/cluster.ts';
import { Connection } from '../../packages/pve/connection.ts';
import type { Carrier, Parcel } from '../../packages/pve/transport/carrier.ts';
import { Door } from '../../packages/pve/transport/door.ts';
import type { Outcome } from '../../packages/pve/transport/exchange.ts';
import { Ended, type Failure, failureOf } from '../../packages/pve/transport/failure.ts';
import { Nodes, type Peer } from '../../packages/pve/transport/nodes.ts';
import { type SimulatedCluster, USER } from './cluster.ts';
import type { Time } from './time.ts';

/** What becomes of one request. */
export type Fate =
  | { readonly kind: 'answered' }
  /** Nobody can be connected to: nothing leaves. */
  | { readonly kind: 'unreachable' }
  /** The connection is cut before the cluster hears of it, or after it has done what was asked. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** It hangs, and arrives after so long, when nobody waits for the answer any more. */
  | { readonly kind: 'late'; readonly ms: number }
  /** Something on the way answers instead of the node. */
  | { readonly kind: 'status'; readonly status: number }
  /** The node does it, and the proxy on the way has given up on it (596). */
  | { readonly kind: 'given_up' };

/** How long a request takes, and what becomes of it. */
export interface Weather {
  fateOf(method: string, path: string): Fate;
  latencyMs(): number;
}

/** As the client's own (packages/pve/cluster.ts), without the bound on what is read. */
const LIMITS = { connectMs: 5_000, requestMs: 32_000, maxBytes: 2 ** 30 };

const ADDRESS: Peer = {
  address: { host: 'pve.invalid', port: 8006 },
  trust: { kind: 'pin', fingerprint: Array(32).fill('00').join(':') },
};

/** The client of one process, with all that it is made of but the sockets. */
export function connectSimulated(by: string, to: SimulatedCluster, { time, weather }: Surroundings): Cluster {
  const door = new Door(LIMITS, new SimulatedWire(by, to, { time, weather }));
  const surroundings = {
    now: time.now,
    random: () => 0.5,
    // Who looks on in fair weather takes no time.
    sleep: (ms: number) => (weather.latencyMs() > 0 ? time.pass(ms) : Promise.resolve()),
  };
  const identity = tokenIdentity(USER, 'simulated');
  return clusterOver(new Connection({ door, nodes: new OneDoor(ADDRESS), identity, surroundings }), Infinity);
}

interface Surroundings {
  readonly time: Time;
  readonly weather: Weather;
}

/** The other nodes have no doors of their own here. */
class OneDoor extends Nodes {
  override learnStatus(): void {
    // Nothing is learnt.
  }

  override learnFingerprints(): void {
    // Nothing is learnt.
  }
}

/** Carries requests to the cluster within this process. It leads to one as good as real: only real permits pass. */
class SimulatedWire implements Carrier {
  readonly reaches = 'cluster';
  readonly #by: string;
  readonly #to: SimulatedCluster;
  readonly #time: Time;
  readonly #weather: Weather;

  constructor(by: string, to: SimulatedCluster, { time, weather }: Surroundings) {
    this.#by = by;
    this.#to = to;
    this.#time = time;
    this.#weather = weather;
  }

  read(_peer: Peer, parcel: Parcel): Promise<Outcome> {
    const { signal } = parcel;
    if (signal === undefined) return this.#carry(parcel);
    return new Promise((resolve) => {
      let hasLeft = false;
      const cancel = (): void => resolve(failed('cancelled', hasLeft ? 'sent' : 'unsent'));
      if (signal.aborted) return cancel();
      signal.addEventListener('abort', cancel, { once: true });
      void this.#carry(parcel, () => (hasLeft = true)).then((outcome) => {
        signal.removeEventListener('abort', cancel);
        resolve(outcome);
      });
    });
  }

  alone(peer: Peer, parcel: Parcel): Promise<Outcome> {
    return this.read(peer, parcel);
  }

  close(): void {
    // There is no connection to end.
  }

  async #carry(parcel: Parcel, leaves: () => void = () => undefined): Promise<Outcome> {
    const { method, path, signal } = parcel;
    const fate = this.#weather.fateOf(method, path);
    const latencyMs = this.#weather.latencyMs();
    if (latencyMs > 0) await this.#time.pass(latencyMs);
    // What is called off while it connects does not leave.
    if (signal?.aborted === true) return failed('cancelled', 'unsent');
    if (fate.kind === 'unreachable' || this.#to.isDoorDown) return failed('refused', 'unsent');
    leaves();
    switch (fate.kind) {
      case 'answered':
        return this.#answered(parcel);
      case 'cut':
        if (fate.when === 'after') await this.#answered(parcel);
        return failed('dropped', 'sent');
      case 'late':
        void this.#time.pass(fate.ms).then(() => (this.#to.isDoorDown ? undefined : this.#answered(parcel)));
        await this.#time.pass(parcel.timeoutMs);
        return failed('timeout', 'sent');
      case 'status':
        return this.#refusal(fate.status);
      case 'given_up':
        await this.#answered(parcel);
        await this.#time.pass(30_000);
        return this.#refusal(596);
    }
  }

  async #answered({ method, path, body }: Parcel): Promise<Outcome> {
    // Nothing that is simulated takes a file along.
    const call = { method, path, ...(typeof body === 'string' ? { body } : {}) };
    return { kind: 'answer', ...(await this.#to.answer(this.#by, call)) };
  }

  /** Proxmox's own refusals have an envelope; those of a gateway and of the proxy's client have none. */
  #refusal(status: number): Outcome {
    const headers = { date: new Date(this.#to.clock.now()).toUTCString(), 'content-type': 'application/json' };
    const hasEnvelope = status === 401 || status === 403 || status === 500;
    return { kind: 'answer', status, reason: WORDS[status] ?? '', headers, body: hasEnvelope ? '{"data":null}' : '' };
  }
}

const WORDS: Readonly<Record<number, string>> = {
  401: 'No ticket',
  403: 'Permission check failed',
  500: 'got timeout',
  502: 'Bad Gateway',
  595: 'No route to host',
  596: 'Connection timed out',
};

function failed(cause: Failure['cause'], stage: Failure['stage']): Outcome {
  return { kind: 'failure', failure: failureOf(new Ended(cause, cause), stage, false) };
}
