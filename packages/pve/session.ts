import type { Call } from '@pxa/contract';
import { CallLog } from './call-log.ts';
import type { Connection } from './connection.ts';
import type { GetPath, ParamsOf, ReturnOf } from './facts/index.ts';
import type { Problem } from './problem.ts';
import type { Read, ReadOptions, Reader } from './reader.ts';
import type { Reads } from './reads.ts';
import { NotInFacts, type Request, ValueRefused, invalidProblem, requestAt, requestOf } from './request.ts';

/** One request of ours: what it reads, and the calls that this took. It shows no way to write: see writer.ts. */
export interface Session {
  /** Every call made for this request, in the order in which they left. */
  readonly calls: readonly Call[];
  readonly reader: Reader;
}

export interface SessionOptions {
  /** Ends the session's reads at once, with problems of the kind `cancelled`. */
  signal?: AbortSignal;
  /** Told of each call as it ends. */
  onCall?: (call: Call) => void;
}

/** What a writer needs of a session. It stays within this package. */
export interface SessionParts {
  readonly connection: Connection;
  readonly log: CallLog;
  readonly signal: AbortSignal | undefined;
}

const parts = new WeakMap<Session, SessionParts>();

/** For writer.ts: what a session was made of, or undefined for an object that is no session. */
export function partsOf(session: Session): SessionParts | undefined {
  return parts.get(session);
}

/**
 * Opens a session. Its object holds nothing but the calls and the reader, so that printing it shows no more.
 * `afterRead` is told of each read that succeeded.
 */
export function openSession(
  connection: Connection,
  reads: Reads,
  options: SessionOptions,
  afterRead?: () => void,
): Session {
  const { signal, onCall } = options;
  const log = new CallLog(connection.surroundings.now, onCall);
  const read = async (request: Request, { timeoutMs }: ReadOptions = {}): Promise<Read<unknown>> => {
    const result = await reads.read(request, log, { timeoutMs, signal });
    if (result.ok) afterRead?.();
    return result;
  };
  const reader: Reader = {
    async get<P extends GetPath>(path: P, params: ParamsOf<'GET', P>, readOptions?: ReadOptions) {
      const request = orRefused(() => requestOf('GET', path, params), ValueRefused);
      const result = 'problem' in request ? request : await read(request, readOptions);
      // What Proxmox sends is what the facts say of this route, as far as they can be trusted: every field of them is
      // optional and lenient, and is read through values.ts.
      return result as Read<ReturnOf<'GET', P>>;
    },
    async getRaw(path, params = {}, readOptions) {
      const request = orRefused(() => rawRequest(path, params), NotInFacts);
      return 'problem' in request ? request : read(request, readOptions);
    },
  };
  const session: Session = Object.freeze({ calls: log.calls, reader: Object.freeze(reader) });
  parts.set(session, { connection, log, signal });
  return session;
}

/** A path as a person writes it: with or without the slash ahead, /api2/json, and a query. */
function rawRequest(path: string, params: Record<string, unknown>): Request {
  const [bare = '', query = ''] = path.trim().split(/\?(.*)/s);
  const inApi = `/${bare.replace(/^\/+/, '')}`.replace(/^\/api2\/(?:json|extjs)(?=\/|$)/, '');
  return requestAt('GET', inApi, { ...Object.fromEntries(new URLSearchParams(query)), ...params });
}

/** A request, or what is wrong with it where that is the asker's to know; other errors are bugs and pass through. */
function orRefused(
  build: () => Request,
  refusal: abstract new (...args: never) => NotInFacts,
): Request | { ok: false; problem: Problem; call: number } {
  try {
    return build();
  } catch (error) {
    if (error instanceof refusal) return { ok: false, problem: invalidProblem(error), call: -1 };
    throw error;
  }
}
