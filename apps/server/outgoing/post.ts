import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { isOpenAddress, type Reach } from './addresses.ts';
import { ClosedAddress, guardedLookup, type Resolve, systemResolve } from './resolve.ts';
import { checkUrl, closed } from './url.ts';

/** What came of a request: what it was answered with, or what was in the way, for a person. */
export type Sent =
  { readonly ok: true; readonly code: number; readonly excerpt: string } | { readonly ok: false; readonly why: string };

/** How requests go out. */
export interface OutgoingOptions extends Reach {
  /** From the look for its address to the end of its answer. */
  readonly limitMs?: number;
  readonly resolve?: Resolve;
  /** Certificates that are trusted beside the system's. */
  readonly ca?: string;
}

const LIMIT_MS = 10_000;
/** How much of an answer is kept. */
const EXCERPT_BYTES = 1_024;

/**
 * Sends a body to an address that somebody gave. Never to a closed address, whatever its name leads to by now; a redirect
 * is an answer like another and is not followed; certificates are verified.
 */
export async function post(
  address: string,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  options: OutgoingOptions,
): Promise<Sent> {
  const checked = checkUrl(address, options);
  if (!checked.ok) return { ok: false, why: checked.says };
  try {
    return await exchanged(checked.url, message, options);
  } catch (error) {
    return { ok: false, why: whyOf(error, options.limitMs ?? LIMIT_MS) };
  }
}

class TooLate extends Error {
  override readonly name = 'TooLate';
}

function exchanged(
  url: URL,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  options: OutgoingOptions,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body, 'utf8');
    const request = begun(url, { ...headers, 'content-length': String(bytes.length) }, options);
    let answer: Promise<Sent> | undefined;
    const timer = setTimeout(() => request.destroy(new TooLate()), options.limitMs ?? LIMIT_MS);
    const end = (): void => clearTimeout(timer);
    request.on('response', (response) => {
      answer = answered(response);
      answer.then(resolve, reject).finally(end);
    });
    request.on('error', (error) => {
      end();
      // Once it was answered, what is read of the answer tells.
      if (answer === undefined) reject(error);
    });
    request.on('close', () => {
      end();
      if (answer === undefined) reject(new Error('the connection was closed without an answer'));
    });
    request.end(bytes);
  });
}

function begun(url: URL, headers: Record<string, string>, options: OutgoingOptions): ClientRequest {
  const { resolve = systemResolve, ca } = options;
  const own = {
    method: 'POST',
    headers,
    // No connection is kept, and no proxy of the environment asks for us.
    agent: false,
    lookup: guardedLookup(resolve, options),
  } as const;
  const request =
    url.protocol === 'https:'
      ? requestHttps(url, { ...own, ...(ca === undefined ? {} : { ca }) })
      : requestHttp(url, own);
  request.on('socket', (socket) => watch(socket, request, options));
  return request;
}

/** The address that a connection has come to is held against the rule once more, before anything is sent over it. */
function watch(socket: Socket, request: ClientRequest, reach: Reach): void {
  socket.once('connect', () => {
    const { remoteAddress = '' } = socket;
    if (isOpenAddress(remoteAddress, reach)) return;
    request.destroy(new ClosedAddress(closed(remoteAddress, reach).says));
  });
}

/** An answer with its first bytes; the rest is not read, and what does not come is not waited for beyond the limit. */
function answered(response: IncomingMessage): Promise<Sent> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (): void => {
      const text = Buffer.concat(chunks).subarray(0, EXCERPT_BYTES).toString('utf8');
      resolve({ ok: true, code: response.statusCode ?? 0, excerpt: harmless(text) });
      response.destroy();
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= EXCERPT_BYTES) done();
    });
    response.on('end', done);
    response.on('error', done);
    response.on('close', done);
  });
}

/** Another's words, without what would steer a terminal or end a text in a database. */
const harmless = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

function whyOf(error: unknown, limitMs: number): string {
  if (error instanceof TooLate) return `There was no answer within ${limitMs / 1_000} seconds.`;
  if (error instanceof ClosedAddress) return error.message;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = WHY[code];
  if (known !== undefined) return known;
  return error instanceof Error && error.message !== ''
    ? `It could not be sent: ${error.message}`
    : 'It could not be sent.';
}

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody listens there: the connection was refused.',
  ECONNRESET: 'The connection was broken off before there was an answer.',
  ENOTFOUND: 'There is no such name in the DNS.',
  EAI_AGAIN: 'The DNS did not answer.',
  EHOSTUNREACH: 'There is no way to that address.',
  ENETUNREACH: 'There is no way to that network.',
  ETIMEDOUT: 'The connection came to no end in time.',
  CERT_HAS_EXPIRED: 'Its certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is signed by itself, and not trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is signed by an authority that is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is signed by an authority that is not trusted.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name.',
};
