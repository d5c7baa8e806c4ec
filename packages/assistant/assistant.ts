import type { Answer, AskRequest, Call, Command, CommandPart, Finding, Person, Query, View } from '@pxa/contract';
import type { Changes } from './changes.ts';

/** What a door may want to see while an answer is being made. */
export interface AskHooks {
  /** Each call to Proxmox as it ends. */
  onCall?: (call: Call) => void;
  signal?: AbortSignal;
  /** Who speaks, where the door knows several people. */
  by?: Person;
  /** Has a store that fails rejected (StoreFailed), where a door tells that in its own way; else it is an answer, too. */
  rejectsStoreFailures?: boolean;
  /** Whether they may order this, asked before anything of it is planned: false leaves it unplanned. */
  mayOrder?: (parts: readonly CommandPart[]) => boolean;
}

/** What a door that looks may want besides. */
export interface LookHooks extends Pick<AskHooks, 'onCall' | 'signal'> {
  /** Queries that follow from what the first told, answered from the same reading; their views come after the others. */
  readonly follow?: (views: readonly View[]) => readonly Query[];
}

/** The names that can be completed at a prompt: guests, nodes, storages, pools, tags. */
export interface Names {
  guests: { id: string; name: string }[];
  nodes: string[];
  storages: string[];
  pools: string[];
  tags: string[];
}

/** What queries without words came to: a view for each, what was found, and what of it could not be read; or why nothing could. */
export type Looked =
  | {
      readonly ok: true;
      readonly views: readonly View[];
      /** The gravest first. */
      readonly findings: readonly Finding[];
      readonly lacks: readonly { readonly about: string; readonly why: string }[];
      readonly calls: readonly Call[];
      /** The cluster's clock as its answers told it, in seconds since 1970. */
      readonly now: number;
    }
  | { readonly ok: false; readonly why: string; readonly nextStep?: string };

/** The one composition that every door uses: words in, CONTRACT's answer out. */
export interface Assistant {
  /** Answers one request; never throws for what a cluster or a person did, such answers have kind `error`. */
  ask(request: AskRequest, hooks?: AskHooks): Promise<Answer>;
  /** Plans a command that a door made itself, without words: what takes a job back, or a call of the API. */
  order(command: Command, hooks?: AskHooks): Promise<Answer>;
  /** Answers queries that a door made itself, without words, from one reading of the cluster. */
  look(queries: readonly Query[], hooks?: LookHooks): Promise<Looked>;
  /** Settles when the cluster has answered; rejects with what a person reads where it does not. */
  reachable(): Promise<void>;
  /** The time zone that an answer of this assistant shows its times in: the server's, or UTC where it is not known. */
  timeZoneOf(answer: Answer): string;
  /** The live names of the cluster, for completion. */
  names(): Promise<Names>;
  /** The words that the built-in understanding knows to begin a request with, for completion. */
  starters(): string[];
  /** Plans, approvals and jobs; undefined for an assistant that only reads. */
  readonly changes: Changes | undefined;
  close(): Promise<void>;
}
