import type { Authorization, Identity, LoginResult } from './auth.ts';
import type { CallLog, Ending } from './call-log.ts';
import { type Content, openEnvelope } from './envelope.ts';
import { encodeForm } from './form.ts';
import type { Circumstances, Problem } from './problem.ts';
import { problemOfAnswer, readable } from './problem-of-answer.ts';
import { foreignProblem, problemOfFailure } from './problem-of-failure.ts';
import { formatAddress } from './transport/address.ts';
import { CONNECTIONS_PER_NODE } from './transport/agent.ts';
import type { Door } from './transport/door.ts';
import type { Outcome } from './transport/exchange.ts';
import { Limiter } from './transport/limiter.ts';
import type { Nodes, Peer } from './transport/nodes.ts';

/** Clock in milliseconds, chance from 0 to 1, and waiting that ends early when the signal fires. */
export interface Surroundings {
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Reads that wait for their turn, at most; a per-guest read of the largest cluster stays below it. */
const MOST_WAITING = 50_000;

/** One answer as the layers above look at it. */
export interface Heard {
  readonly peer: Peer;
  readonly outcome: Outcome;
  readonly content: Content | undefined;
}

/** What one cluster's sessions share: the door, the known nodes, who is asking, and how many may ask at a time. */
export class Connection {
  readonly door: Door;
  readonly nodes: Nodes;
  readonly identity: Identity;
  readonly surroundings: Surroundings;
  readonly limiter = new Limiter({ running: CONNECTIONS_PER_NODE, waiting: MOST_WAITING });

  constructor(parts: { door: Door; nodes: Nodes; identity: Identity; surroundings: Surroundings }) {
    this.door = parts.door;
    this.nodes = parts.nodes;
    this.identity = parts.identity;
    this.surroundings = parts.surroundings;
  }

  /** Signs in where that is needed; the calls that it takes are noted in `log`. */
  authorize(log: Pick<CallLog, 'begin'>): Promise<Authorization> {
    return this.identity.authorize((form) => this.#postLogin(form, log));
  }

  /** The login may go to any node that can be reached: all of a cluster sign and accept the same tickets. */
  async #postLogin(form: Readonly<Record<string, string>>, log: Pick<CallLog, 'begin'>): Promise<LoginResult> {
    let last: LoginResult | undefined;
    for (const peer of this.nodes.candidates(this.surroundings.now())) {
      const { index: call, end } = log.begin('POST', '/api2/json/access/ticket');
      const heard = hear(peer, await this.door.login(peer, encodeForm(form)));
      const where = { method: 'POST', path: '/access/ticket', at: formatAddress(peer.address) };
      const problem = this.problemOf(heard, where);
      end(this.endingOf(heard));
      if (problem === undefined) {
        this.nodes.markUp(peer);
        return { ok: true, data: dataOf(heard.content), call };
      }
      last ??= { ok: false, problem, call };
      if (!isBeforeSending(heard.outcome)) return { ok: false, problem, call };
      this.nodes.markDown(peer, this.surroundings.now());
    }
    // There always is a candidate: the given node.
    return last ?? { ok: false, problem: noNode(), call: -1 };
  }

  /** Why there is no data, or undefined where there is. No secret is in it, whatever the server wrote. */
  problemOf(heard: Heard, where: Omit<Circumstances, 'who'>): Problem | undefined {
    const circumstances = { ...where, who: this.identity.who };
    const problem = problemOfHeard(heard, circumstances);
    if (problem === undefined) return undefined;
    const { errors } = problem;
    const clean = (text: string): string => this.identity.scrub(text);
    return {
      ...problem,
      message: clean(problem.message),
      ...(errors === undefined
        ? {}
        : { errors: Object.fromEntries(Object.entries(errors).map(([name, text]) => [name, clean(text)])) }),
    };
  }

  /** How an attempt is noted in `calls`: its status, and in few words what went wrong. */
  endingOf({ outcome, content }: Heard): Ending {
    if (outcome.kind === 'failure') return { status: 0, error: outcome.failure.detail };
    const { status } = outcome;
    if (content?.kind === 'refusal') return { status, error: this.identity.scrub(readable(content.refusal.text)) };
    return content?.kind === 'foreign' ? { status, error: content.why } : { status };
  }
}

/** An outcome with its envelope opened, so that a shared read is parsed once. */
export function hear(peer: Peer, outcome: Outcome): Heard {
  return { peer, outcome, content: outcome.kind === 'answer' ? openEnvelope(outcome) : undefined };
}

function problemOfHeard({ outcome, content }: Heard, where: Circumstances): Problem | undefined {
  if (outcome.kind === 'failure') return problemOfFailure(outcome.failure, where);
  if (content === undefined || content.kind === 'data') return undefined;
  if (content.kind === 'refusal') return problemOfAnswer(content.refusal, where);
  return foreignProblem(content.why, outcome.status, where);
}

export function dataOf(content: Content | undefined): unknown {
  return content?.kind === 'data' ? content.data : undefined;
}

/** Nothing was sent because the node could not be connected to; the certificate is not such a case. */
export function isBeforeSending(outcome: Outcome): boolean {
  if (outcome.kind === 'answer' || outcome.failure.stage === 'sent') return false;
  return !['cancelled', 'certificate', 'busy', 'timeout', 'file'].includes(outcome.failure.cause);
}

function noNode(): Problem {
  return { kind: 'unreachable', status: 0, message: 'No node is known.', next_step: 'Check the address.' };
}
