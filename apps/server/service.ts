import type { Assistant } from '@pxa/assistant';
import type { JobQueue, ServiceStore, Store } from '@pxa/assistant/store';
import type { CallWatch } from './operations/call-watch.ts';
import type { ServiceSettings } from './settings.ts';
import type { Spool } from './storage/uploads/spool.ts';

/** What the service stands on. Time, randomness and ids are handed in. */
export interface Service {
  /** By name; the first is the one that an id without a connection means. */
  readonly clusters: ReadonlyMap<string, Assistant>;
  readonly store: Store;
  /** Where replicas share the work; without one, this process does all of it. */
  readonly queue?: JobQueue;
  /** What it keeps beside plans and jobs. */
  readonly kept: ServiceStore;
  /** Milliseconds since 1970, whole and parts. */
  readonly now: () => number;
  /** A new id after a prefix: `req_k3v9…`. */
  readonly id: (prefix: string) => string;
  readonly random: (bytes: number) => Buffer;
  /** Waits; returns early, without rejecting, when the signal fires. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A name for this process among the replicas that share the store. */
  readonly owner: string;
  readonly version: string;
  /** It runs on a cluster of its own, whose changes hurt nobody; ten times the usual limits. */
  readonly isSandbox: boolean;
  readonly settings: ServiceSettings;
  /** The files that came in to be handed on to Proxmox: all that plans made here can send. Without it, none are taken. */
  readonly uploads?: Spool;
  /** Replaces the cluster of its own by a new one, where it runs on one. */
  readonly restartSandbox?: () => Promise<void>;
  /** Hears of every call to Proxmox, where the clusters' clients tell it. */
  readonly calls?: CallWatch;
}
