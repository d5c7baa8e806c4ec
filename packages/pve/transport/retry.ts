import type { Outcome } from './exchange.ts';
import type { Nodes, Peer } from './nodes.ts';

/** One attempt at a read, and whom it was made at. */
export interface Attempt {
  readonly peer: Peer;
  readonly outcome: Outcome;
}

/** What to do after an attempt: be content with it, or make another one at `peer` after `waitMs`. */
export type Move = { readonly kind: 'done' } | { readonly kind: 'again'; readonly peer: Peer; readonly waitMs: number };

export interface Policy {
  readonly nodes: Nodes;
  /** The node that the path names, which may not be the one that is asked. */
  readonly target: string | undefined;
  readonly now: number;
  /** No attempt begins after this. */
  readonly deadline: number;
  /** From 0 to 1, so that many clients do not come back at the same moment. */
  readonly random: () => number;
}

const MOST_ATTEMPTS = 5;
const MOST_RETRIES_IN_PLACE = 2;
const BACKOFF_MS = 200;

const DONE: Move = { kind: 'done' };

/** Of the proxies: pveproxy's pseudo status for a node that it could not talk to, and those of a gateway in front. */
const PROXY_STATUS = new Set([502, 503, 504, 595, 596, 597, 599]);

/**
 * The move after a failed or unsatisfying attempt at a read. Reads have no effects, so they may be made again wherever
 * that can help: elsewhere where the node could not be reached, after a pause where a proxy had trouble. An answer of
 * Proxmox itself is final, whatever it says, as are a certificate that is not accepted and a time limit that passed.
 */
export function nextMove(attempts: readonly Attempt[], policy: Policy): Move {
  const last = attempts.at(-1);
  if (last === undefined || attempts.length >= MOST_ATTEMPTS || policy.now >= policy.deadline) return DONE;
  const { outcome, peer } = last;
  if (outcome.kind === 'failure') return afterFailure(attempts, policy);
  if (outcome.status === 595) return afterCutOff(attempts, policy);
  return PROXY_STATUS.has(outcome.status) ? inPlace(attempts, peer, policy, MOST_RETRIES_IN_PLACE) : DONE;
}

function afterFailure(attempts: readonly Attempt[], policy: Policy): Move {
  const last = attempts.at(-1);
  if (last === undefined || last.outcome.kind !== 'failure') return DONE;
  const { cause, stage, reused } = last.outcome.failure;
  switch (cause) {
    case 'refused':
    case 'no_route':
    case 'tls':
      return elsewhere(attempts, policy) ?? inPlace(attempts, last.peer, policy, MOST_RETRIES_IN_PLACE);
    case 'unknown_host':
    case 'connect_timeout':
      return elsewhere(attempts, policy) ?? DONE;
    case 'dropped':
      // A kept connection that the server closed in the moment of sending says nothing about the server.
      if (reused) return { kind: 'again', peer: last.peer, waitMs: 0 };
      return afterDrop(stage, attempts, policy);
    case 'certificate':
      // The given node's certificate is for a person to look at. Another's only means that it cannot stand in.
      return last.peer === policy.nodes.given ? DONE : (elsewhere(attempts, policy) ?? DONE);
    case 'not_tls':
    case 'timeout':
    case 'not_http':
    case 'too_large':
    case 'busy':
    case 'file':
    case 'cancelled':
    case 'other':
      return DONE;
  }
}

function tried(attempts: readonly Attempt[], peer: Peer): boolean {
  return attempts.some((attempt) => attempt.peer.address.host === peer.address.host);
}

/** A drop during the handshake: elsewhere first. One after that: here again first, as the node does listen. */
function afterDrop(stage: 'unsent' | 'sent', attempts: readonly Attempt[], policy: Policy): Move {
  const here = (): Move | undefined => {
    const peer = attempts.at(-1)?.peer;
    const move = peer === undefined ? DONE : inPlace(attempts, peer, policy, MOST_RETRIES_IN_PLACE);
    return move.kind === 'done' ? undefined : move;
  };
  const there = (): Move | undefined => elsewhere(attempts, policy);
  return (stage === 'unsent' ? (there() ?? here()) : (here() ?? there())) ?? DONE;
}

/** At once, at the next node that has not been tried. */
function elsewhere(attempts: readonly Attempt[], policy: Policy): Move | undefined {
  const peer = policy.nodes.candidates(policy.now).find((candidate) => !tried(attempts, candidate));
  return peer === undefined ? undefined : { kind: 'again', peer, waitMs: 0 };
}

/**
 * 595: the asked node could not reach the one that the path names. The road between the two may be what is broken, so
 * the latter is asked directly, else the former once more; but not on every read of a node that is simply gone.
 */
function afterCutOff(attempts: readonly Attempt[], policy: Policy): Move {
  const last = attempts.at(-1);
  const { target, nodes, now } = policy;
  if (last === undefined || target === undefined || nodes.isCutOff(target, now)) return DONE;
  const peer = nodes.byName(target, now);
  if (peer !== undefined && !tried(attempts, peer)) return { kind: 'again', peer, waitMs: 0 };
  return inPlace(attempts, last.peer, policy, 1);
}

/**
 * Which attempt tells most: the last that got an answer, for a node that stood in and could not be reached says less;
 * without any, the last at the node that was tried first, since that is the one that the person named.
 */
export function mostTelling(attempts: readonly Attempt[]): number {
  const answered = attempts.findLastIndex((attempt) => attempt.outcome.kind === 'answer');
  if (answered >= 0) return answered;
  const first = attempts[0]?.peer.address.host;
  return attempts.findLastIndex((attempt) => attempt.peer.address.host === first);
}

/** At the same node, after a pause that doubles each time; at most `most` times. */
function inPlace(attempts: readonly Attempt[], peer: Peer, policy: Policy, most: number): Move {
  const here = attempts.filter((attempt) => attempt.peer.address.host === peer.address.host).length;
  if (here > most) return DONE;
  const waitMs = Math.round(BACKOFF_MS * 2 ** (here - 1) * (0.5 + policy.random() / 2));
  return policy.now + waitMs >= policy.deadline ? DONE : { kind: 'again', peer, waitMs };
}
