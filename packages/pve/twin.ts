import type { Identity } from './auth.ts';
import { type Cluster, clusterOver } from './cluster.ts';
import { Connection, type Surroundings } from './connection.ts';
import { formatAddress } from './transport/address.ts';
import type { Carrier, Parcel } from './transport/carrier.ts';
import { Door } from './transport/door.ts';
import { Ended, failureOf } from './transport/failure.ts';
import type { Outcome } from './transport/exchange.ts';
import { Nodes, type Peer } from './transport/nodes.ts';

/** One request to a twin, as it would go onto the wire. `path` begins with /api2/json and holds the query. */
export interface TwinRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  /** The file that would go along: what is known of it, since no byte of it is read. */
  readonly file?: { readonly bytes: number; readonly sha256: string };
}

/** What a twin answers, as it would come over the wire. */
export interface TwinAnswer {
  readonly status: number;
  readonly reason: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TwinOptions extends Surroundings {
  /** Answers as the cluster's nodes would; within this process, so that nothing is sent anywhere. */
  readonly answer: (request: TwinRequest) => Promise<TwinAnswer>;
  /** As whom it answers, for what a person reads of a refusal: `root@pam!assistant`. */
  readonly as: string;
}

/** Nobody listens there: the name is reserved for what does not exist (RFC 6761), and there is no port 0. */
const NOWHERE: Peer = {
  address: { host: 'twin.invalid', port: 0 },
  trust: { kind: 'pin', fingerprint: Array(32).fill('00').join(':') },
};

const LIMITS = { connectMs: 1_000, requestMs: 32_000, maxBytes: 2 ** 30 };

/**
 * A twin of a cluster, to be read and changed like one. Nothing of it can reach a network: it has no address, learns
 * none from what it reads, and its door takes only permits for twins, which no cluster's door takes.
 */
export function connectTwin({ answer, as, ...surroundings }: TwinOptions): Cluster {
  const door = new Door(LIMITS, new WithinProcess(answer));
  const connection = new Connection({ door, nodes: new Nowhere(NOWHERE), identity: identityOf(as), surroundings });
  return clusterOver(connection, Infinity);
}

class WithinProcess implements Carrier {
  readonly reaches = 'twin';
  readonly #answer: TwinOptions['answer'];

  constructor(answer: TwinOptions['answer']) {
    this.#answer = answer;
  }

  async read(_peer: Peer, { method, path, body, signal }: Parcel): Promise<Outcome> {
    if (signal?.aborted === true) {
      return { kind: 'failure', failure: failureOf(new Ended('cancelled', 'cancelled'), 'unsent', false) };
    }
    const told = await this.#answer({ method, path, ...sentAs(body) });
    return { kind: 'answer', ...told };
  }

  alone(peer: Peer, parcel: Parcel): Promise<Outcome> {
    return this.read(peer, parcel);
  }

  close(): void {
    // There is no connection to end.
  }
}

function sentAs(body: Parcel['body']): Pick<TwinRequest, 'body' | 'file'> {
  if (body === undefined) return {};
  if (typeof body === 'string') return { body };
  const { bytes, sha256 } = body.file;
  return { body: body.form, file: { bytes, sha256 } };
}

/** A twin tells of its nodes' real addresses, as the cluster does; they are not for us. */
class Nowhere extends Nodes {
  override learnStatus(): void {
    // Nothing is learnt.
  }

  override learnFingerprints(): void {
    // Nothing is learnt.
  }
}

/** The twin knows by itself who is asking, so nothing has to be shown to it. */
function identityOf(as: string): Identity {
  return {
    who: as.includes('!') ? `the API token ${as}` : `the user ${as}`,
    authorize: () => Promise.resolve({ ok: true, read: {}, write: {}, generation: 0 }),
    refused: () => false,
    // Where it stands is nowhere, which tells a person nothing.
    scrub: (text) => text.replaceAll(` at ${formatAddress(NOWHERE.address)}`, ' on the twin'),
  };
}
