import { createHash, createHmac } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { canonicalJson, isSecretName } from '@pxa/assistant/store';
import { Problem } from '../http/problem.ts';

const FORM = /^[\x21-\x7e]{1,255}$/;

/** What a request is kept by. */
export interface KeyedRequest {
  /** A hash of the key: who reads the store cannot work out of it what was asked. */
  readonly key: string;
  /** Of method, path, query and body; nobody without the key can try bodies against it. */
  readonly hash: string;
}

/** The key of a request that has one. @throws Problem 400 where it is none */
export function keyedOf(request: FastifyRequest): KeyedRequest | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !FORM.test(key)) {
    const message = 'Idempotency-Key is one text of 1 to 255 visible ASCII characters, a UUID for instance.';
    throw new Problem(400, 'BAD_REQUEST', message, { field: 'Idempotency-Key', reason: 'invalid_header' });
  }
  const { method, url } = request;
  const text = canonicalJson([method, url, bodyOf(request)]);
  return {
    key: createHash('sha256').update(key).digest('hex'),
    hash: createHmac('sha256', key).update(text).digest('hex'),
  };
}

/** A file on its way is not read for this: its length stands for it. */
function bodyOf({ body, headers }: FastifyRequest): unknown {
  return body ?? { length: headers['content-length'] ?? null };
}

/** What answers call a column, or a setting that changes, by: no secret stands under it. */
const COLUMN = 'key';

/** Whether an answer holds what is shown once: such a one is not kept, neither in the clear nor at all. */
export function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]: [string, unknown]) =>
    typeof inner === 'string' ? inner !== '' && name !== COLUMN && isSecretName(name) : holdsSecret(inner),
  );
}
