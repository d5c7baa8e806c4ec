import type { Clarification } from './answer.ts';
import type { Command } from './command.ts';
import type { Query } from './query.ts';

/** What words were understood to mean. `note` says in words what was taken for granted. */
export type Meaning =
  /** `guesses` are words that were taken for names of rows: where no row bears one, that is to be said. */
  | { kind: 'query'; query: Query; notes: string[]; guesses: { column: string; text: string }[] }
  | { kind: 'command'; command: Command; notes: string[] }
  | { kind: 'clarification'; clarification: Clarification }
  | { kind: 'unavailable'; reason: string }
  | { kind: 'out_of_scope'; reason: string };
