/** Something that a node's scheduler begins by itself. */
export interface DueJob {
  /** Seconds since 1970. */
  readonly at: number;
  readonly run: () => void;
}
