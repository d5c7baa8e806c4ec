import type { JobEvent } from '@pxa/contract';
import type { LocalFiles } from '@pxa/catalog';
import type { Permit, WriteCall } from '@pxa/pve/gate';
import type { Reader } from '@pxa/pve/reader';
import { type UploadFile, type Written, writerOf } from '@pxa/pve/writer';
import type { Store } from '@pxa/store';
import type { Limits } from './limits.ts';

/** What `Cluster.session` gives. */
type Session = Parameters<typeof writerOf>[0];

/** How one session reads from the cluster and writes to it. */
export interface Wire {
  readonly reader: Reader;
  write(permit: Permit, call: WriteCall): Promise<Written>;
  /** The same with a file that goes along; `signal` breaks it off as long as it has not been sent to its end. */
  upload(permit: Permit, call: WriteCall, file: UploadFile, signal?: AbortSignal): Promise<Written>;
}

/** What carrying jobs out needs of its surroundings. */
export interface RunDeps {
  readonly store: Store;
  /** The cluster; each of its sessions is used for one read or write, or for following one task. */
  readonly cluster: { session(options?: { signal?: AbortSignal }): Session };
  /** By which plans name it: they are carried out on no other. */
  readonly clusterId: string;
  /** Who we are to Proxmox, as its tasks name it: `root@pam`, or `root@pam!pxa` for a token. */
  readonly user: string;
  /** Who works on the job, among those who could: a process's name. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; returns early, without rejecting, when the signal fires. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly limits?: Partial<Limits>;
  /** The files of the computer that this runs on, where they may go along with calls. */
  readonly files?: LocalFiles;
  /** What a session's reads and writes go through; a simulation counts them here, and cuts them off. */
  readonly wireOf?: (session: Session) => Wire;
}

/** What somebody who waits for a job may want. */
export interface RunHooks {
  /** Told of each event once it is kept. */
  readonly onEvent?: (event: Omit<JobEvent, 'seq'>) => void;
  /**
   * Told of a secret that Proxmox answered, as it does once and never again: a token's. It is kept nowhere, so that it
   * is lost where nobody listens.
   */
  readonly onSecret?: (secret: { readonly about: string; readonly value: string }) => void;
  /** Ends the run without ending the job: what is under way is left to the next who takes it up. */
  readonly signal?: AbortSignal;
}

/** The wire of a session as it is. */
export function plainWire(session: Session): Wire {
  const writer = writerOf(session);
  return {
    reader: session.reader,
    write: (permit, call) => writer.writeCall(permit, call),
    upload: (permit, call, file, signal) => writer.upload(permit, call, file, signal === undefined ? {} : { signal }),
  };
}
