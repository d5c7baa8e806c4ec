import { createHmac } from 'node:crypto';

/** Before a secret whose key is written in base64. */
const PREFIX = 'whsec_';
const BYTES = 32;

/** A new secret, of random bytes, in the form of Standard Webhooks. */
export function newWebhookSecret(random: (bytes: number) => Buffer): string {
  return `${PREFIX}${random(BYTES).toString('base64')}`;
}

/** The key of a secret: what `whsec_` stands before is base64; anything else is taken letter by letter. */
function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8');
}

/** Whether a secret can be used: one in the form of Standard Webhooks has to hold base64. */
export function isUsableSecret(secret: string): boolean {
  const coded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : undefined;
  return coded === undefined || (/^[A-Za-z0-9+/]{22,}={0,2}$/.test(coded) && coded.length % 4 === 0);
}

/**
 * The headers by which a receiver knows who sent a message, and drops what it has had before: Standard Webhooks, HMAC-SHA-256
 * over id, time and body, one signature for each secret that is good. `atMs` is milliseconds since 1970.
 */
export function signedHeaders(
  message: { readonly id: string; readonly atMs: number; readonly body: string },
  secrets: readonly string[],
): Record<string, string> {
  const seconds = String(Math.floor(message.atMs / 1_000));
  const signed = `${message.id}.${seconds}.${message.body}`;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', keyOf(secret)).update(signed).digest('base64')}`,
  );
  return { 'webhook-id': message.id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}
