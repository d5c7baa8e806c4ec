import type { RouteId } from '@pxa/pve/facts';
import type { Access } from './access.ts';
import type { Clock } from './clock.ts';
import type { Upload } from './contents/multipart.ts';
import type { State } from './state.ts';
import type { Tasks } from './tasks.ts';

/** Who sent the request: a user, or one of a user's API tokens. */
export interface Caller {
  userid: string;
  tokenid?: string;
  /** `user@realm` or `user@realm!token`, as UPIDs and task lists write it. */
  authid: string;
}

/** One request that has passed authentication, permissions and parameter validation. */
export interface Call {
  route: RouteId;
  /** Path and query or body parameters, validated; form values are strings, those of a JSON body have their types. */
  params: Record<string, unknown>;
  /** The file that came with the request. */
  upload?: Upload | undefined;
  /** The node that carries the request out: `{node}` of the path, else the one that the client connected to. */
  node: string;
  caller: Caller;
  access: Access;
  state: State;
  clock: Clock;
  tasks: Tasks;
  /** 'pve8' or 'pve9': for the differences that the real versions show. */
  version: { major: 8 | 9; release: string };
}

/** A result with top-level keys beside `data`, as `total` of task lists or `changes` of pending network changes. */
export class Result {
  readonly data: unknown;
  readonly beside: Record<string, unknown>;
  constructor(data: unknown, beside: Record<string, unknown>) {
    this.data = data;
    this.beside = beside;
  }
}

/** What a handler gives is sent as `data`; a PveError becomes the status line and body that Proxmox would send. */
export type Handler = (call: Call) => unknown;

/** The routes that one area models. A route that no area names is answered with 501. */
export type Behaviours = Partial<Record<RouteId, Handler>>;

/** A refusal as Proxmox words it: status, message (with its final newline), and texts by field. */
export class PveError extends Error {
  readonly status: number;
  readonly errors: Record<string, string> | undefined;
  constructor(status: number, message: string, errors?: Record<string, string>) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}
