import { CertificateRefused } from './trust.ts';

/** Why there is no answer that could be read. */
export type Cause =
  | 'refused'
  | 'no_route'
  | 'unknown_host'
  | 'connect_timeout'
  | 'certificate'
  | 'not_tls'
  | 'tls'
  | 'dropped'
  | 'timeout'
  | 'not_http'
  | 'too_large'
  | 'busy'
  | 'cancelled'
  | 'file'
  | 'other';

/**
 * A request without a readable answer. `stage` tells how far it came: with `unsent`, no byte of it left, or of an upload
 * not its last ones, so it may be made again elsewhere; with `sent`, the server may have carried it out.
 */
export interface Failure {
  readonly stage: 'unsent' | 'sent';
  readonly cause: Cause;
  /** The system's own word for it (`ECONNREFUSED`), for `calls` and logs. */
  readonly detail: string;
  readonly certificate?: { readonly why: string; readonly presented: string; readonly expected?: string };
  /** The connection had served before; the server may have closed it in the very moment of sending. */
  readonly reused: boolean;
}

/** Raised inside an exchange in order to end it for a reason of ours. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly reason: Cause;

  constructor(reason: Cause, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

const CAUSES: Record<string, Cause> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no_route',
  ENETUNREACH: 'no_route',
  EHOSTDOWN: 'no_route',
  ENETDOWN: 'no_route',
  EADDRNOTAVAIL: 'no_route',
  ETIMEDOUT: 'connect_timeout',
  ENOTFOUND: 'unknown_host',
  EAI_AGAIN: 'unknown_host',
  EAI_FAIL: 'unknown_host',
  ECONNRESET: 'dropped',
  EPIPE: 'dropped',
  ECONNABORTED: 'dropped',
  ERR_STREAM_PREMATURE_CLOSE: 'dropped',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not_tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not_tls',
  ERR_SSL_HTTP_REQUEST: 'not_tls',
};

/** What an error of Node's network code means; `stage` and `reused` are known where the request was made. */
export function failureOf(error: unknown, stage: Failure['stage'], reused: boolean): Failure {
  if (error instanceof Ended) return { stage, cause: error.reason, detail: error.message, reused };
  if (error instanceof CertificateRefused) {
    const { message: why, presented, expected } = error;
    const certificate = expected === undefined ? { why, presented } : { why, presented, expected };
    return { stage, cause: 'certificate', detail: 'certificate not accepted', certificate, reused };
  }
  const code = codeOf(error);
  return { stage, cause: causeOf(code), detail: code, reused };
}

function causeOf(code: string): Cause {
  const known = CAUSES[code];
  if (known !== undefined) return known;
  if (code.startsWith('HPE_')) return 'not_http';
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') return 'tls';
  return 'other';
}

/** Messages of Node's errors may hold addresses and more; the code alone says what happened. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
