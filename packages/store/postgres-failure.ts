import { StoreFailed } from './store.ts';

/** By PostgreSQL's code, or the first characters of it: what happened, and what to do. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const TEXTS: readonly (readonly [codes: RegExp, text: (at: string) => string])[] = [
  [/^28/, (at) => `PostgreSQL at ${at} refused the login. Check the user and the password in the store's address.`],
  [
    /^3D000/,
    (at) => `PostgreSQL at ${at} has no such database. Create it with createdb, or correct the store's address.`,
  ],
  [
    /^42501/,
    (at) =>
      `PostgreSQL at ${at} does not let this user make or write the tables. Grant it CREATE on the schema, and ownership of the tables.`,
  ],
  [
    /^25006/,
    (at) => `PostgreSQL at ${at} only lets itself be read: it is a standby. Give the store the address of the primary.`,
  ],
  [/^53100/, (at) => `The disk of PostgreSQL at ${at} is full. Make room there, then try again.`],
  [/^53300/, (at) => `PostgreSQL at ${at} has no connection free. Raise max_connections, or run fewer replicas.`],
  [
    /^(?:55P03|57014|40P01|40001)/,
    (at) => `Another process has held what was to be written in PostgreSQL at ${at} for too long. Try again.`,
  ],
  [
    /^57P|^08/,
    (at) => `PostgreSQL at ${at} is shutting down, starting up, or has closed the connection. Try again when it is up.`,
  ],
  [
    /^(?:ENOTFOUND|EAI_AGAIN)/,
    (at) => `The name in the address of PostgreSQL, ${at}, is not known. Correct the store's address.`,
  ],
  [
    /^E[A-Z]+$/,
    (at) =>
      `PostgreSQL at ${at} cannot be reached. Check that it runs, that its address is right, and that a firewall lets it through.`,
  ],
];

/** What PostgreSQL could not do, for a person. `at` names the server without the password. */
export function postgresFailure(error: unknown, at: string, during: 'statement' | 'commit'): Error {
  if (!(error instanceof Error)) return new StoreFailed(`PostgreSQL at ${at} failed: ${String(error)}.`);
  const code = codeOf(error);
  const known = TEXTS.find(([codes]) => code !== undefined && codes.test(code));
  const text = known?.[1](at) ?? otherwise(error, at, code);
  // an answer with a code is the server's: it has rolled back. Without one the connection broke off before the answer came.
  const fate = during === 'commit' && (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^57P|^08/.test(code));
  return new StoreFailed(text, { cause: error, fate: fate ? 'unknown' : 'not_done' });
}

/** Node tries several addresses of a name and then throws all their errors as one without a code. */
function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return inner instanceof Error ? codeOf(inner) : undefined;
}

function otherwise(error: Error, at: string, code: string | undefined): string {
  if (code === undefined)
    return `The connection to PostgreSQL at ${at} broke off, or took too long (${error.message}). Try again when it can be reached.`;
  return `PostgreSQL at ${at} refused what was asked of it: ${error.message} (${code}).`;
}
