import { z } from 'zod';
import type { AskWeb } from './web.ts';

const MOST_BYTES = 256 * 1024;
const Document = z.object({ issuer: z.string(), jwks_uri: z.string() });

/** How an issuer is asked. */
interface Way {
  readonly ask: AskWeb;
  readonly isDev: boolean;
  readonly timeoutMs: number;
}

/**
 * Where an issuer's keys are, as its discovery document says (OpenID Connect Discovery 1.0, section 4); it must name itself
 * as it was asked for, and no redirect is followed. Rejects with what is wrong.
 */
export async function discovered(issuer: string, { ask, isDev, timeoutMs }: Way): Promise<URL> {
  const url = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const answered = await ask(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!answered.ok) throw new Error(`${url.href} answered ${answered.status}`);
  const document = Document.parse(JSON.parse(await boundedText(answered)));
  if (document.issuer !== issuer) throw new Error(`${url.href} is of another issuer`);
  return trustedUrl(document.jwks_uri, isDev);
}

/** @throws RangeError where an address of an issuer is not https: whoever is in between could sign in as anybody */
export function trustedUrl(text: string, isDev: boolean): URL {
  const url = new URL(text);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && (isHere || isDev))) return url;
  throw new RangeError(`The issuer's address ${url.origin} is not https. Only with --dev is http accepted.`);
}

async function boundedText(answered: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answered.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error(`the discovery document is longer than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
