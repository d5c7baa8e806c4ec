import type { AuditEntry } from '@pxa/store';

/**
 * How a call ended, in words. `drifted`: nothing was sent, since something that it relies on is no longer so. `stopped`:
 * its task was stopped because the job is to stop; `not_begun`: nothing was sent because of that. `unknown`: it could not
 * be found out whether it was done.
 */
export interface Outcome {
  readonly kind: 'done' | 'failed' | 'drifted' | 'unknown' | 'stopped' | 'not_begun';
  readonly text: string;
  /** Of a task that ended with warnings. */
  readonly warnings?: number;
  readonly audit?: AuditEntry;
}

/** What is to be done next for a call. `retry`: later, from the beginning, since nothing came of it; `why` says of what. */
export type Next =
  | { readonly do: 'check' | 'send' | 'look' }
  | { readonly do: 'follow'; readonly upid: string }
  | { readonly do: 'retry'; readonly why: string }
  | { readonly do: 'end'; readonly outcome: Outcome };

export function end(kind: Outcome['kind'], text: string, more: Pick<Outcome, 'warnings' | 'audit'> = {}): Next {
  return { do: 'end', outcome: { kind, text, ...more } };
}
