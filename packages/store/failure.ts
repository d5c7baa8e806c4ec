/**
 * Makes what a database threw an error for the person: what happened, and what to do. It is told whether a transaction was
 * ending, since whether that was done may then be unknown.
 */
export type Explain = (error: unknown, during: 'statement' | 'commit') => Error;
