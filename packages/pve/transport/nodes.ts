import { asFlag, asRows, asText } from '../values.ts';
import { type Address, formatAddress } from './address.ts';
import { type Trust, parseFingerprint } from './trust.ts';

/** A node that can be asked: where it listens, and how its certificate is known. */
export interface Peer {
  readonly address: Address;
  readonly trust: Trust;
  /** Its name in the cluster, once known. */
  readonly name?: string;
}

/** How long a node that could not be reached is passed over while others can be. */
const DOWN_MS = 30_000;

interface Learnt {
  readonly host?: string;
  readonly fingerprint?: string;
  readonly isOnline?: boolean;
}

/**
 * The nodes of the cluster as far as they are known: the one that was given, and those that it told of over its
 * verified connection. What is learnt is only where to knock and which certificate to expect, never an answer.
 */
export class Nodes {
  readonly given: Peer;
  readonly #learnt = new Map<string, Learnt>();
  readonly #downUntil = new Map<string, number>();
  readonly #cutOffUntil = new Map<string, number>();
  #givenName: string | undefined;

  constructor(given: Peer) {
    this.given = given;
  }

  /** Takes in the rows of GET /cluster/status that were read from the node at `from`. */
  learnStatus(data: unknown, from: Address): void {
    for (const { row } of asRows(data)) {
      const name = asText(row['name']);
      if (row['type'] !== 'node' || name === null) continue;
      const host = asText(row['ip']);
      if (host !== null) this.#learn(name, { host, isOnline: asFlag(row['online']) !== false });
      if (asFlag(row['local']) === true && isSame(from, this.given.address)) this.#givenName = name;
    }
  }

  /** Takes in the rows of GET /nodes: `ssl_fingerprint` is of the certificate that the node's pveproxy shows. */
  learnFingerprints(data: unknown): void {
    for (const { row } of asRows(data)) {
      const name = asText(row['node']);
      const fingerprint = parseFingerprint(asText(row['ssl_fingerprint']) ?? '');
      if (name !== null && fingerprint !== undefined) this.#learn(name, { fingerprint });
    }
  }

  #learn(name: string, what: Learnt): void {
    this.#learnt.set(name, { ...this.#learnt.get(name), ...what });
  }

  /** Who can be asked, in the order to try: reachable ones first, among them the given node first. */
  candidates(now: number): Peer[] {
    const all = [this.given, ...this.#others()];
    return [...all.filter((peer) => !this.#isDown(peer, now)), ...all.filter((peer) => this.#isDown(peer, now))];
  }

  /** The node `name` itself, where it can be asked directly and was not found down just now. */
  byName(name: string, now: number): Peer | undefined {
    const peer = name === this.#givenName ? this.given : this.#others().find((other) => other.name === name);
    return peer === undefined || this.#isDown(peer, now) ? undefined : peer;
  }

  #isDown(peer: Peer, now: number): boolean {
    return (this.#downUntil.get(formatAddress(peer.address)) ?? 0) > now;
  }

  markDown(peer: Peer, now: number): void {
    this.#downUntil.set(formatAddress(peer.address), now + DOWN_MS);
  }

  markUp(peer: Peer): void {
    this.#downUntil.delete(formatAddress(peer.address));
  }

  /** Whether the others lately could not reach node `name`: it is still asked each time, but only once. */
  isCutOff(name: string, now: number): boolean {
    return (this.#cutOffUntil.get(name) ?? 0) > now;
  }

  /** Notes whether an answer about node `name` says that the others can reach it. */
  noteReach(name: string, reached: boolean, now: number): void {
    if (reached) this.#cutOffUntil.delete(name);
    else this.#cutOffUntil.set(name, now + DOWN_MS);
  }

  /** Nodes besides the given one. Without a way to verify its certificate, a node is none. */
  #others(): Peer[] {
    const peers: Peer[] = [];
    // Who was told to be offline comes last: it may be back, but each try at one that is not costs seconds.
    const learnt = [...this.#learnt].toSorted(([, a], [, b]) => Number(b.isOnline) - Number(a.isOnline));
    for (const [name, { host, fingerprint }] of learnt) {
      if (host === undefined || name === this.#givenName) continue;
      const address = { host, port: this.given.address.port };
      const trust = this.#trustOf(fingerprint);
      if (trust !== undefined && !isSame(address, this.given.address)) peers.push({ address, trust, name });
    }
    return peers;
  }

  /** The pinned certificate is that of one node: another must be known by its own, or by an authority. */
  #trustOf(fingerprint: string | undefined): Trust | undefined {
    if (fingerprint !== undefined) return { kind: 'pin', fingerprint };
    return this.given.trust.kind === 'pin' ? undefined : this.given.trust;
  }
}

function isSame(one: Address, other: Address): boolean {
  return one.host === other.host && one.port === other.port;
}
