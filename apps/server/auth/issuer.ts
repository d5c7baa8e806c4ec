import { createHash } from 'node:crypto';
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { Problem } from '../http/problem.ts';
import type { ServerOptions } from '../operations/options.ts';
import type { Caller } from './caller.ts';
import { nameIn, scopesIn } from './claims.ts';
import { discovered, trustedUrl } from './discovery.ts';
import type { Oauth } from './settings.ts';
import { askWeb } from './web.ts';

/** Signatures by a private key alone: `none` is no signature, and with HS… whoever can check could also sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** RFC 9068 section 4 has `at+jwt`; many issuers leave it at `JWT`. */
const TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt', undefined]);
/** Clocks of the issuer and ours may differ by so much. */
const SKEW_SECONDS = 30;
const MOST_LETTERS = 8_192;
const KEYS_COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;

type Surroundings = Pick<ServerOptions, 'askWeb' | 'isDev' | 'keysCooldownMs'> & { now: () => number };

/** Whether a text has the form of a signed JWT. */
export const isJwt = (text: string): boolean =>
  text.length <= MOST_LETTERS && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text) && !text.startsWith('pxa_');

/** An OpenID Connect issuer whose access tokens are taken. Its keys are fetched when they are needed, and kept for ten minutes. */
export class Issuer {
  readonly #oauth: Oauth;
  readonly #surroundings: Surroundings;
  #keys: Promise<JWTVerifyGetKey> | undefined;
  #failedMs = -Infinity;

  /** @throws RangeError where its address is neither https, nor of this machine */
  constructor(oauth: Oauth, surroundings: Surroundings) {
    trustedUrl(oauth.issuer, surroundings.isDev === true);
    this.#oauth = oauth;
    this.#surroundings = surroundings;
  }

  /** Who holds an access token; undefined where it is not good. @throws Problem 503 where the issuer cannot be asked */
  async callerOf(token: string): Promise<Caller | undefined> {
    if (!this.#looksOurs(token)) return undefined;
    const claims = await this.#verified(token);
    if (claims?.sub === undefined || isOtherKind(claims)) return undefined;
    const { issuer, approval } = this.#oauth;
    const id = createHash('sha256').update(`${issuer}\n${claims.sub}`).digest('base64url').slice(0, 22);
    return { id: `oidc_${id}`, name: nameIn(claims, this.#oauth), scopes: scopesIn(claims, this.#oauth), approval };
  }

  /** Nothing is fetched for what could never be good. */
  #looksOurs(token: string): boolean {
    try {
      const { alg, typ } = decodeProtectedHeader(token);
      const { iss } = decodeJwt(token);
      return iss === this.#oauth.issuer && ALGORITHMS.includes(alg ?? '') && TYPES.has(typ?.toLowerCase());
    } catch {
      return false;
    }
  }

  async #verified(token: string): Promise<JWTPayload | undefined> {
    const { issuer, audience } = this.#oauth;
    const keys = await this.#keysOnce();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(this.#surroundings.now()),
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw unavailable();
    }
  }

  /** Where the keys are found. A failed look is not repeated at once: a flood of tokens is no flood of requests to the issuer. */
  async #keysOnce(): Promise<JWTVerifyGetKey> {
    const { now, askWeb: ask = askWeb, isDev = false, keysCooldownMs = KEYS_COOLDOWN_MS } = this.#surroundings;
    if (this.#keys === undefined) {
      if (now() - this.#failedMs < keysCooldownMs) throw unavailable();
      this.#keys = discovered(this.#oauth.issuer, { ask, isDev, timeoutMs: TIMEOUT_MS }).then((url) =>
        createRemoteJWKSet(url, {
          cooldownDuration: keysCooldownMs,
          timeoutDuration: TIMEOUT_MS,
          [customFetch]: (href, init) => ask(href, { ...init, redirect: 'error' }),
        }),
      );
    }
    try {
      return await this.#keys;
    } catch {
      this.#keys = undefined;
      this.#failedMs = now();
      throw unavailable();
    }
  }
}

/** The token is at fault, and not the way to the issuer's keys. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return (
    !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) && error.code !== 'ERR_JOSE_GENERIC'
  );
}

/** Tokens that an issuer signs with the same keys and that are no access tokens: who got one may not use it here. */
function isOtherKind(claims: JWTPayload): boolean {
  const { typ } = claims; // Keycloak tells its kinds of tokens so
  const isNamed = typeof typ === 'string' && ['id', 'refresh', 'logout', 'offline'].includes(typ.toLowerCase());
  return isNamed || 'at_hash' in claims || 'c_hash' in claims || 'events' in claims;
}

function unavailable(): Problem {
  const message = 'The identity provider did not answer, so that the token could not be checked. Try again later.';
  return new Problem(503, 'IDENTITY_UNAVAILABLE', message, { reason: 'issuer_unreachable' });
}
