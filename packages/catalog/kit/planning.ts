import type { Instant, LocalFile } from '@pxa/contract';
import type { GetPath, ParamsOf, ReturnOf } from '@pxa/pve/facts';
import type { Rec } from './cell.ts';
import type { Refusal } from './action.ts';
import type { Thresholds } from './dataset.ts';
import type { GuestNow } from './guest-now.ts';
import type { Got, NodeRef } from './reading.ts';

/** A plan cannot be made: something that it needs could not be read, or is not there. It carries what a person is told. */
export class CannotPlan extends Error {
  override readonly name = 'CannotPlan';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.why);
    this.refusal = refusal;
  }
}

/** The files of the computer that a person sits at: for the doors that have it. */
export interface LocalFiles {
  /**
   * What a file is now, by a path as a person writes it. It is read from its beginning to its end; `sum` is its hash of
   * the kind that was asked for beside; `called` what it is in words, where its path says nothing to a person.
   */
  look(
    path: string,
    beside?: string,
  ): Promise<{ ok: true; file: LocalFile; sum?: string; called?: string } | { ok: false; why: string; next: string }>;
  /** Its bytes. Throws where they cannot be read. */
  read(path: string): AsyncIterable<Uint8Array>;
}

/** What an action reads with while it is planned. It cannot write; each read is made once a request. */
export interface Planning {
  read<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<Got<ReturnOf<'GET', P>>>;
  list<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<Got<Rec[]>>;
  nodes(): Promise<readonly NodeRef[]>;
  /** A guest as it is now, by its row id. @throws CannotPlan where it is gone or cannot be read. */
  guest(id: string): Promise<GuestNow>;
  /** The next free guest id; another one each time that it is asked. @throws CannotPlan */
  nextId(): Promise<number>;
  /** A point in time that was said in words, in seconds since 1970 by the cluster's clock and in its time zone. */
  instant(said: Instant): Promise<number>;
  /** The cluster's clock, in seconds since 1970. */
  readonly now: number;
  readonly thresholds: Thresholds;
  /** Absent where the door has no files of the person's. */
  readonly files?: LocalFiles | undefined;
  /** Who we are to Proxmox, as its tasks name it: `root@pam`, or `root@pam!pxa` for a token. */
  readonly self: string;
}

/** What was read, or the end of planning. */
export function needed<T>(got: Got<T>, about: string): T {
  if (got.ok) return got.data;
  const reason = got.isForbidden === true ? ({ reason: 'no_privilege' } as const) : {};
  throw new CannotPlan({ why: `${about} could not be read: ${got.why}`, next: got.nextStep, ...reason });
}
