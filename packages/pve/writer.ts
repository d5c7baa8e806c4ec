import type { Method, ParamsOf, PathOf } from './facts/index.ts';
import { type Heard, dataOf, hear } from './connection.ts';
import { Permit, type WriteCall } from './permit.ts';
import type { Problem } from './problem.ts';
import { type Request, ValueRefused, invalidProblem, requestAt, requestOf } from './request.ts';
import { type Session, type SessionParts, partsOf } from './session.ts';
import { formatAddress } from './transport/address.ts';
import { type UploadFile, boundaryFor, multipartOf } from './upload.ts';

export type { Permit, WriteCall } from './permit.ts';
export type { UploadFile } from './upload.ts';

/**
 * How far a write that did not succeed came. `no`: nothing reached Proxmox. `refused`: it answered, and the answer is
 * an error; what it had done before that is for a fresh read to tell. `maybe`: the request left and its fate is
 * unknown; look before anything else is done.
 */
export type Sent = 'no' | 'refused' | 'maybe';

/** `data` is a UPID where Proxmox began a task: accepted is not done, see task.ts. */
export type Written =
  { ok: true; data: unknown; call: number } | { ok: false; problem: Problem; sent: Sent; call: number };

type WriteMethod = Exclude<Method, 'GET'>;

/** Changes the cluster, one permitted call at a time. */
export interface Writer {
  /**
   * One write of a route as the facts name it, path parameters included in `params`. It is made at most once.
   *
   * @throws NotInFacts for a route or parameter that does not exist; PermitRefused where `permit` is not for exactly
   * this call, or has been used.
   */
  write<M extends WriteMethod, P extends PathOf<M>>(
    permit: Permit,
    method: M,
    path: P,
    params: ParamsOf<M, P>,
  ): Promise<Written>;
  /** The same for a call with a concrete path, as the steps of a plan hold it. */
  writeCall(permit: Permit, call: WriteCall): Promise<Written>;
  /**
   * The same for a call that takes a file along. The permit is for that file alone, since the call holds its checksum;
   * Proxmox compares it once more.
   *
   * @throws TypeError where the call does not hold the file's SHA-256
   */
  upload(permit: Permit, call: WriteCall, file: UploadFile, options?: { signal?: AbortSignal }): Promise<Written>;
}

/**
 * The writer of a session, whose calls it adds to.
 *
 * @throws TypeError for an object that `Cluster.session` did not give.
 */
export function writerOf(session: Session): Writer {
  const parts = partsOf(session);
  if (parts === undefined) throw new TypeError('this is not a session of a cluster');
  return Object.freeze<Writer>({
    write: (permit, method, path, params) => attempt(parts, permit, method, () => requestOf(method, path, params)),
    writeCall: (permit, { method, path, params }) =>
      attempt(parts, permit, method, () => requestAt(method, path, params)),
    upload: (permit, { method, path, params }, file, { signal } = {}) => {
      if (params['checksum'] !== file.sha256 || params['checksum-algorithm'] !== 'sha256') {
        throw new TypeError('the call is not for this file');
      }
      return attempt(parts, permit, method, () => requestAt(method, path, params), { file, signal });
    },
  });
}

/** A typed way to say a call without making it, for the steps of a plan. */
export function callOf<M extends WriteMethod, P extends PathOf<M>>(
  method: M,
  path: P,
  params: ParamsOf<M, P>,
): WriteCall {
  const request = requestOf(method, path, params);
  return { method, path: request.path, params: request.params };
}

async function attempt(
  parts: SessionParts,
  permit: Permit,
  method: WriteMethod,
  build: () => Request,
  along: Along = {},
): Promise<Written> {
  try {
    return await write(parts, permit, { method, request: build(), ...along });
  } catch (error) {
    if (error instanceof ValueRefused) return { ok: false, problem: invalidProblem(error), sent: 'no', call: -1 };
    throw error;
  }
}

/** What goes along with a call, and what breaks that off. */
interface Along {
  readonly file?: UploadFile;
  readonly signal?: AbortSignal | undefined;
}

/** The slowest way that a file is sent over: 2 Mbit/s. */
const LEAST_BYTES_PER_MS = 250;

async function write(
  parts: SessionParts,
  permit: Permit,
  { method, request, file, signal: early }: Along & { method: WriteMethod; request: Request },
): Promise<Written> {
  const { connection, log } = parts;
  const { path, params } = request;
  const call: WriteCall = { method, path, params };
  Permit.check(permit, call, connection.door.reaches);
  const authorization = await connection.authorize(log);
  if (!authorization.ok) return { ok: false, problem: authorization.problem, sent: 'no', call: authorization.call };
  const [first = connection.nodes.given, ...others] = connection.nodes.candidates(connection.surroundings.now());
  const headers = authorization.write;
  // The door refuses at once, so a call that the permit does not cover is not noted as made.
  const { door, surroundings } = connection;
  const signals = [parts.signal, early].filter((each) => each !== undefined);
  const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
  const timeoutMs = file === undefined ? undefined : door.limits.requestMs + file.bytes / LEAST_BYTES_PER_MS;
  const body = file && { body: multipartOf(params, file, boundaryFor(file, surroundings.random)) };
  const sending = door.write(permit, [first, ...others], call, { headers, options: { signal, timeoutMs }, ...body });
  const entry = log.begin(method, method === 'DELETE' ? request.shown : `/api2/json${path}`);
  const { peer, outcome } = await sending;
  const heard = hear(peer, outcome);
  const where = { method, path, at: formatAddress(peer.address), node: request.node };
  const problem = connection.problemOf(heard, where);
  entry.end(connection.endingOf(heard));
  if (problem === undefined) return { ok: true, data: dataOf(heard.content), call: entry.index };
  // The call is not made again; but the next one need not come with the same ticket.
  if (problem.kind === 'unauthenticated') connection.identity.refused(authorization.generation);
  return { ok: false, problem, sent: sentOf(heard), call: entry.index };
}

/** Of the proxies: the request may have been passed on (pve-http-server AnyEvent.pm, proxy_request). */
const FATE_UNKNOWN = new Set([502, 503, 504, 596, 597, 599]);

function sentOf({ outcome, content }: Heard): Sent {
  if (outcome.kind === 'failure') return outcome.failure.stage === 'unsent' ? 'no' : 'maybe';
  // 595: the proxy could not connect to the node, so nothing was passed on.
  if (outcome.status === 595) return 'no';
  if (FATE_UNKNOWN.has(outcome.status) || content?.kind !== 'refusal') return 'maybe';
  return 'refused';
}
