import type { GetPath, ParamsOf, ReturnOf } from './facts/index.ts';
import type { Problem } from './problem.ts';

export type { Problem, ProblemKind } from './problem.ts';
export * from './values.ts';

/**
 * What a read gave. `data` is what stands under `data` of Proxmox's answer, exactly as it was parsed, so that evidence
 * (`calls[3]#/data/0/mem`) resolves in the raw body. Readers that share a read share it, too: it is not to be changed.
 */
export type Read<T> =
  | {
      ok: true;
      data: T;
      /** The index of the call in the session's `calls`. */
      call: number;
      /** The server's clock as it answered, in seconds since 1970. */
      serverTime: number;
      /** How many rows there are in all, where Proxmox says so (task lists and logs). */
      total?: number;
      /** Other keys beside `data`, as `changes` of a node's network. */
      extra?: Record<string, unknown>;
    }
  /** `call` is -1 where nothing was sent. */
  | { ok: false; problem: Problem; call: number };

export interface ReadOptions {
  /** For the whole read, retries included. */
  timeoutMs?: number;
}

/** Reads from the cluster. It has no way to write. */
export interface Reader {
  /**
   * GET of a route as the facts name it, path parameters included in `params`. Makes as few calls as it can: identical
   * reads in flight at the same moment share one. What goes wrong out there is a value, not an exception.
   *
   * @throws NotInFacts for a route or a parameter that does not exist: a bug of the caller's.
   */
  get<P extends GetPath>(path: P, params: ParamsOf<'GET', P>, options?: ReadOptions): Promise<Read<ReturnOf<'GET', P>>>;
  /**
   * GET of a concrete path, as a person types it: `/nodes/pve1/qemu`, `nodes/pve1/qemu?full=1`, with /api2/json ahead
   * or not. A path or a parameter that does not exist is a problem of the kind `invalid`, and nothing is sent.
   */
  getRaw(path: string, params?: Record<string, unknown>, options?: ReadOptions): Promise<Read<unknown>>;
}
