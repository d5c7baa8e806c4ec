import type { AskWeb } from '../auth/web.ts';

/** How long requests may take to arrive. */
export interface Patience {
  /** A JSON body must be there as a whole; a file may not pause as long. Milliseconds. */
  readonly bodyMs: number;
  /** The headers of a request must be there. Milliseconds. */
  readonly headersMs: number;
  /** How often connections are looked at for the above. Milliseconds. */
  readonly lookMs: number;
}

export const PATIENCE: Patience = { bodyMs: 30_000, headersMs: 15_000, lookMs: 1_000 };

/** Where spans are sent, and how often. */
export interface TraceOptions {
  /** Of an OTLP receiver over HTTP: `http://collector:4318`; `/v1/traces` is put after it. */
  readonly endpoint: string;
  /** Milliseconds between two sendings. */
  readonly everyMs?: number;
}

/** What whoever starts the service decides, beside the settings that all replicas share. */
export interface ServerOptions {
  /** Where lines of the log go, each a JSON object with its end of line; without one, nothing is logged. */
  readonly log?: { write(line: string): void };
  /** The least that is logged. */
  readonly logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** For development: passwords are taken, and an issuer without TLS. */
  readonly isDev?: boolean;
  /** A proxy before the service speaks TLS, and tells in `x-forwarded-for` who calls. */
  readonly isBehindProxy?: boolean;
  /** PEM texts, where the service speaks TLS itself. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly patience?: Partial<Patience>;
  /** Where spans are sent; without one, nothing is traced. */
  readonly traces?: TraceOptions;
  /** How other servers are asked: those that people sign in at. */
  readonly askWeb?: AskWeb;
  /** The least time between two looks for new keys of an issuer, milliseconds. */
  readonly keysCooldownMs?: number;
}
