/** Whoever holds the cluster of a sandbox service: it can begin anew. */
export interface SandboxHost {
  /** Ends the cluster and starts it as it first was. Tokens stay; plans and jobs of the old cluster end. */
  reset(): Promise<void>;
  /** When it does so by itself next; undefined where it does not. */
  nextReset(): Date | undefined;
}
