import type { Socket } from 'node:net';
import { Problem } from './problem.ts';

/** What Node says of bytes that are no request. */
const KNOWN: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, 'HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB.'),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'REQUEST_TIMEOUT', 'The headers did not arrive in time.'),
};
const UNREADABLE = new Problem(400, 'BAD_REQUEST', 'That is no HTTP request that can be read.');

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/**
 * Answers on a connection whose bytes are no request, and ends it: what follows on it cannot be trusted to be one. There
 * is no request yet, so that the answer has no request id.
 */
export function answerBadConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.destroyed) {
    socket.destroy();
    return;
  }
  const { status, code, message, details } = KNOWN[error.code ?? ''] ?? UNREADABLE;
  const body = JSON.stringify({ success: false, error: { code, message, details }, meta: {} });
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
