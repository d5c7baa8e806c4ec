import type { Outcome, WireRequest } from './exchange.ts';
import type { Peer } from './nodes.ts';

/** A request as the door hands it on: all of it but the connection that it goes over. */
export type Parcel = Omit<WireRequest, 'agent'>;

/** What carries requests from the door to where they are answered. It neither checks nor repeats anything. */
export interface Carrier {
  /**
   * What it leads to. Permits are for one of the two: what was approved for a cluster is not used up on a twin, and
   * what is tried on a twin never passes for approved.
   */
  readonly reaches: 'cluster' | 'twin';
  /** A read: it may go over a connection that has served before. */
  read(peer: Peer, parcel: Parcel): Promise<Outcome>;
  /** One request over a connection that serves nothing else. */
  alone(peer: Peer, parcel: Parcel): Promise<Outcome>;
  /** Ends all connections. */
  close(): void;
}
