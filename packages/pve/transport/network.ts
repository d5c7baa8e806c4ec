import { formatAddress } from './address.ts';
import { NodeAgent } from './agent.ts';
import type { Carrier, Parcel } from './carrier.ts';
import { type Outcome, exchange } from './exchange.ts';
import type { Peer } from './nodes.ts';

/** Carries requests to a cluster's nodes, over verified connections. */
export class Network implements Carrier {
  readonly reaches = 'cluster';
  readonly #connectMs: number;
  readonly #agents = new Map<string, NodeAgent>();

  constructor(connectMs: number) {
    this.#connectMs = connectMs;
  }

  async read(peer: Peer, parcel: Parcel): Promise<Outcome> {
    const agent = this.#agent(peer);
    const outcome = await exchange({ ...parcel, agent });
    // The server closed one kept connection, so it has likely closed the others that lie idle, too.
    if (outcome.kind === 'failure' && outcome.failure.reused) agent.closeIdle();
    return outcome;
  }

  async alone({ address, trust }: Peer, parcel: Parcel): Promise<Outcome> {
    const agent = new NodeAgent({ address, trust, connectMs: this.#connectMs });
    try {
      return await exchange({ ...parcel, agent });
    } finally {
      agent.destroy();
    }
  }

  #agent({ address, trust }: Peer): NodeAgent {
    // A node whose certificate is learnt anew is another peer: connections verified by the old one do not serve it.
    const key = `${formatAddress(address)} ${trust.kind === 'pin' ? trust.fingerprint : trust.kind}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = new NodeAgent({ address, trust, connectMs: this.#connectMs });
      this.#agents.set(key, agent);
    }
    return agent;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }
}
