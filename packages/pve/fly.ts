import type { Authorization } from './auth.ts';
import { type Connection, type Heard, dataOf, hear, isBeforeSending } from './connection.ts';
import type { Ending } from './call-log.ts';
import type { Flight } from './flight.ts';
import type { Problem } from './problem.ts';
import type { Request } from './request.ts';
import { formatAddress } from './transport/address.ts';
import { failureOf } from './transport/failure.ts';
import type { Outcome } from './transport/exchange.ts';
import type { Peer } from './transport/nodes.ts';
import { type Attempt, mostTelling, nextMove } from './transport/retry.ts';

/** How a read ended: with the attempt that tells most, or shut out by the login that it needed. */
export type Landed =
  | { readonly kind: 'heard'; readonly heard: Heard; readonly attempt: number; readonly problem: Problem | undefined }
  | { readonly kind: 'shut_out'; readonly problem: Problem };

/** One attempt, and what is to be said of it. */
interface Tried extends Attempt {
  readonly heard: Heard;
  readonly problem: Problem | undefined;
}

/** How long a read may take. Its time runs from when it first leaves, not while it waits for its turn. */
interface Budget {
  readonly timeoutMs: number;
  deadline?: number;
}

/** Carries a read out: signs in, attempts it, and attempts it again where that can help (see transport/retry.ts). */
export async function fly(
  connection: Connection,
  request: Request,
  flight: Flight<Landed>,
  timeoutMs: number,
): Promise<Landed> {
  const { nodes, surroundings } = connection;
  const budget: Budget = { timeoutMs };
  const tried: Tried[] = [];
  let next: Peer | undefined;
  let renewals = 0;
  for (;;) {
    const authorization = await connection.authorize({ begin: () => noteLogin(flight) });
    if (!authorization.ok) return { kind: 'shut_out', problem: authorization.problem };
    // Chosen after the login, which may have found the given node down.
    const peer = next ?? nodes.candidates(surroundings.now())[0] ?? nodes.given;
    const attempt = await attemptRead(connection, request, flight, { peer, authorization, budget });
    tried.push(attempt);
    if (isTicketRefused(attempt.outcome) && renewals === 0 && connection.identity.refused(authorization.generation)) {
      renewals += 1;
      next = peer;
      continue;
    }
    const now = surroundings.now();
    const deadline = budget.deadline ?? now + timeoutMs;
    const move = nextMove(tried, { nodes, target: request.node, now, deadline, random: surroundings.random });
    learn(connection, request, attempt);
    if (move.kind === 'done') return landed(tried);
    next = move.peer;
    if (move.waitMs > 0) await surroundings.sleep(move.waitMs, flight.signal);
  }
}

async function attemptRead(
  connection: Connection,
  request: Request,
  flight: Flight<Landed>,
  { peer, authorization, budget }: { peer: Peer; authorization: Authorization & { ok: true }; budget: Budget },
): Promise<Tried> {
  const { door, limiter, surroundings } = connection;
  const { signal } = flight;
  const where = { method: 'GET', path: request.path, at: formatAddress(peer.address), node: request.node };
  const send = async (): Promise<Outcome> => {
    flight.begin();
    budget.deadline ??= surroundings.now() + budget.timeoutMs;
    const timeoutMs = Math.max(1, budget.deadline - surroundings.now());
    return door.read(peer, request.pathAndQuery, authorization.read, { timeoutMs, signal });
  };
  // The limiter turns away when too many wait, or when nobody waits for this read any more.
  const outcome = await limiter.run(send, signal).catch((error: unknown): Outcome => {
    return { kind: 'failure', failure: failureOf(error, 'unsent', false) };
  });
  const heard = hear(peer, outcome);
  const problem = connection.problemOf(heard, where);
  flight.end(connection.endingOf(heard));
  return { peer, outcome, heard, problem };
}

function landed(tried: readonly Tried[]): Landed {
  const attempt = mostTelling(tried);
  const told = tried[attempt];
  if (told === undefined) throw new Error('a read ended without an attempt');
  return { kind: 'heard', heard: told.heard, attempt, problem: told.problem };
}

/** Ticket logins alone can be renewed; a 401 is all that Proxmox says, in words that changed over the versions. */
function isTicketRefused(outcome: Outcome): boolean {
  return outcome.kind === 'answer' && outcome.status === 401;
}

/** What an attempt tells about the nodes: who can be reached, and where the others are. */
function learn({ nodes, surroundings }: Connection, request: Request, { peer, outcome, heard }: Tried): void {
  const now = surroundings.now();
  if (isBeforeSending(outcome)) nodes.markDown(peer, now);
  if (outcome.kind !== 'answer') return;
  nodes.markUp(peer);
  if (request.node !== undefined) nodes.noteReach(request.node, outcome.status !== 595, now);
  if (heard.content?.kind !== 'data') return;
  if (request.routeId === 'GET /cluster/status') nodes.learnStatus(dataOf(heard.content), peer.address);
  if (request.routeId === 'GET /nodes') nodes.learnFingerprints(dataOf(heard.content));
}

/** Notes a login for everybody who waits for it; the first one's entry stands for it. */
function noteLogin(flight: Flight<Landed>): { index: number; end: (ending: Ending) => void } {
  const notes = [...flight.passengers].map((passenger) => passenger.noteLogin());
  return { index: notes[0]?.index ?? -1, end: (ending) => notes.forEach((note) => note.end(ending)) };
}
