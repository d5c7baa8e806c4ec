import type { IncomingMessage } from 'node:http';
import { PveError } from './behaviour.ts';
import type { BodyKind } from './body.ts';
import { systemTime } from './clock.ts';

/** The limits of pve-http-server (AnyEvent.pm:52-54): header lines with the empty one, their bytes, and a body's bytes. */
const HEADER_LINES = 64;
const HEADER_BYTES = 8 * 1024;
const BODY_BYTES = 512 * 1024;
/** What is still read of a body that is refused, so that its sender gets to see the refusal. */
const DRAIN_BYTES = 64 * 1024 * 1024;
const DRAIN_QUIET_MS = 100;

const KNOWN_METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE']);

/** Whether the headers are more than the real server reads; it then says nothing and hangs up. */
export function headersTooLarge(request: IncomingMessage): boolean {
  const lines = request.rawHeaders.length / 2 + 1;
  if (lines >= HEADER_LINES) return true;
  let bytes = 0;
  request.rawHeaders.forEach((text, index) => {
    bytes += text.length + (index % 2 === 0 ? ': '.length : 0);
  });
  return bytes >= HEADER_BYTES;
}

/** What is wrong before anybody is asked who they are: the method, then how the body comes. */
export function refuseEarly(request: IncomingMessage): void {
  const method = request.method ?? '';
  if (!KNOWN_METHODS.has(method)) throw new PveError(501, `method '${method}' not available`);
  const encoding = request.headers['transfer-encoding'];
  if (encoding === undefined) return;
  if (encoding.toLowerCase() === 'chunked') throw new PveError(501, 'chunked transfer encoding not supported');
  throw new PveError(501, `Unknown transfer encoding '${encoding}'`);
}

/** How the body of an authenticated request is to be read; null = there is none. */
export function bodyKind(request: IncomingMessage): BodyKind | null {
  const length = Number(request.headers['content-length'] ?? 0);
  const contentType = request.headers['content-type'] ?? '';
  const type = contentType.split(/\s*[;,]\s*/, 1)[0] ?? '';
  const kind = type === 'application/json' ? 'json' : 'form';
  if (!length) return null;
  if (request.method !== 'POST' && request.method !== 'PUT') {
    throw new PveError(501, `Unexpected content for method '${request.method ?? ''}'`);
  }
  if (length > BODY_BYTES) throw new PveError(501, 'for data too large');
  if (!['', 'application/x-www-form-urlencoded', 'application/json'].includes(type)) {
    throw new PveError(506, `upload 'Content-Type '${contentType}' not implemented`);
  }
  return kind;
}

/** The whole body as text. Rejects when the connection ends early. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set, so bytes
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads and forgets what the client is still sending, until it has sent all of it, or nothing for a while. */
export async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.readableEnded || request.destroyed) return;
  let seen = 0;
  await new Promise<void>((resolve) => {
    let callOff = systemTime.after(DRAIN_QUIET_MS, resolve);
    request.on('data', (chunk: Buffer) => {
      callOff();
      seen += chunk.length;
      if (seen > DRAIN_BYTES) resolve();
      else callOff = systemTime.after(DRAIN_QUIET_MS, resolve);
    });
    for (const end of ['end', 'close', 'error']) request.once(end, () => resolve());
  });
}
