import { promisify } from 'node:util';
import { constants, deflate, gzip } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { Result, type PveError } from './behaviour.ts';
import type { Traits } from './traits.ts';

/** One answer before it is written: as `HTTP::Response` in pve-http-server's AnyEvent.pm. */
export interface Reply {
  status: number;
  /** The reason phrase; only its first line is sent. Absent: the usual one of the status. */
  message?: string | undefined;
  contentType?: string | undefined;
  body?: string | Buffer | undefined;
  headers?: Record<string, string>;
}

/** A file instead of data: what the real server streams for `download=1`. */
export class Download {
  readonly text: string;
  readonly contentType: string;
  readonly fileName: string;
  constructor(text: string, fileName: string, contentType = 'text/plain') {
    this.text = text;
    this.fileName = fileName;
    this.contentType = contentType;
  }
}

/** The forms of answer that the address picks: /api2/json, /api2/extjs, … (pve-http-server Formatter/Standard.pm). */
export type Format = 'json' | 'extjs' | 'htmljs';

const JSON_TYPE = 'application/json;charset=UTF-8';

/** The reply to a call that went well. */
export function success(format: Format, result: unknown): Reply {
  if (result instanceof Download) return downloadReply(result);
  const { data, beside } = result instanceof Result ? result : { data: result, beside: {} };
  const envelope: Record<string, unknown> = { data: data ?? null };
  for (const [key, value] of Object.entries(beside)) if (value) envelope[key] = value;
  if (format !== 'json') envelope['success'] = 1;
  return formatted(format, { status: 200, message: 'OK' }, envelope);
}

/** The reply to a call that was refused: the status for json, 200 with `success: 0` for extjs and its like. */
export function failure(format: Format, error: PveError, traits: Traits): Reply {
  const envelope: Record<string, unknown> = { data: null };
  if (error.errors) envelope['errors'] = error.errors;
  if (format === 'json') {
    if (traits.messageInJson) envelope['message'] = error.message;
    return formatted(format, { status: error.status, message: error.message }, envelope);
  }
  envelope['message'] = error.message;
  envelope['status'] = error.status;
  envelope['success'] = 0;
  return formatted(format, { status: 200, message: 'OK' }, envelope);
}

function formatted(format: Format, line: { status: number; message: string }, envelope: unknown): Reply {
  const text = JSON.stringify(envelope);
  if (format === 'json' || format === 'extjs') return { ...line, contentType: JSON_TYPE, body: text };
  return { ...line, contentType: 'text/html;charset=UTF-8', body: escapeHtml(text) };
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function downloadReply(download: Download): Reply {
  return {
    status: 200,
    message: 'OK',
    contentType: download.contentType,
    body: download.text,
    headers: { 'Content-Disposition': `attachment; filename="${download.fileName}"` },
  };
}

/** Answers smaller than this are never packed. */
const PACK_FROM_BYTES = 1024;
const PACKERS = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** How an answer may be packed for a client, by its Accept-Encoding; gzip where both would do. */
export function packingFor(acceptEncoding: string): keyof typeof PACKERS | undefined {
  if (acceptEncoding.includes('gzip')) return 'gzip';
  return acceptEncoding.includes('deflate') ? 'deflate' : undefined;
}

/** How the answer travels, as the request's headers and the connection's age decide it. */
export interface Delivery {
  packing: keyof typeof PACKERS | undefined;
  keepAlive: boolean;
  /** What the `Date` and `Expires` headers say. */
  nowMs: number;
}

/** Writes the reply as pveproxy does: its headers, closed after an error, packed from 1 KiB on (AnyEvent.pm:response). */
export async function send(response: ServerResponse, reply: Reply, delivery: Delivery): Promise<void> {
  const date = new Date(delivery.nowMs).toUTCString();
  const keepAlive = delivery.keepAlive && reply.status < 400;
  const headers: Record<string, string | number> = {
    'Cache-Control': 'max-age=0',
    Connection: keepAlive ? 'Keep-Alive' : 'close',
    Date: date,
    Pragma: 'no-cache',
    Server: 'pve-api-daemon/3.0',
  };
  let body = typeof reply.body === 'string' ? Buffer.from(reply.body) : (reply.body ?? Buffer.alloc(0));
  if (delivery.packing && body.length > PACK_FROM_BYTES) {
    body = await PACKERS[delivery.packing](body, { level: constants.Z_BEST_SPEED });
    headers['Content-Encoding'] = delivery.packing;
  }
  if (body.length > 0) headers['Content-Length'] = body.length;
  if (reply.contentType) headers['Content-Type'] = reply.contentType;
  headers['Expires'] = date;
  Object.assign(headers, reply.headers);
  if (body.length === 0) {
    // Neither a length nor chunks: the end of the connection, or of the headers, is the end of the answer.
    response.removeHeader('Content-Length');
    response.removeHeader('Transfer-Encoding');
  }
  response.writeHead(reply.status, reason(reply), headers);
  response.end(body);
}

/** The first line of the message; characters that a status line cannot hold are shown as `?`. */
function reason(reply: Reply): string | undefined {
  if (reply.message === undefined) return undefined;
  const line = reply.message.split('\n', 1)[0] ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  return line.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}
