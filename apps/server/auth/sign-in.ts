import type { FastifyRequest } from 'fastify';
import type { ServerOptions } from '../operations/options.ts';
import { Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { userBy } from './basic.ts';
import type { Caller } from './caller.ts';
import { FailedSignIns } from './failed-sign-ins.ts';
import { isJwt, Issuer } from './issuer.ts';
import { callerByToken } from './own-token.ts';

/** Ways to say who one is, as `Authorization` begins. */
type Scheme = 'bearer' | 'basic' | 'none' | 'other';

/** Tells who makes a request: by a token of the service, one of the issuer that is trusted, or, for development, a password. */
export class SignIn {
  readonly #service: Service;
  readonly #isDev: boolean;
  readonly #issuer: Issuer | undefined;
  readonly #failed: FailedSignIns;

  /** @throws RangeError where the issuer that is set cannot be trusted */
  constructor(service: Service, options: ServerOptions) {
    const { oauth } = service.settings;
    this.#service = service;
    this.#isDev = options.isDev === true;
    this.#issuer = oauth && new Issuer(oauth, { now: service.now, ...options });
    this.#failed = new FailedSignIns(service);
  }

  /** Who makes a request. What failed is kept in the audit log, bounded. @throws Problem 401, 503 */
  async callerOf(request: FastifyRequest): Promise<Caller> {
    const [scheme, credentials] = credentialsOf(request);
    const caller = await this.#callerBy(scheme, credentials);
    if (caller !== undefined) return caller;
    if (scheme !== 'none') await this.#failed.add(request.ip, scheme);
    throw scheme === 'basic' ? notSignedIn(this.#isDev) : notKnown();
  }

  /** Writes down what failed and was only counted. */
  close(): Promise<void> {
    return this.#failed.close();
  }

  #callerBy(scheme: Scheme, credentials: string): Caller | undefined | Promise<Caller | undefined> {
    if (scheme === 'basic') return this.#isDev ? userBy(credentials, this.#service.settings.dev_users) : undefined;
    if (scheme !== 'bearer') return undefined;
    if (this.#issuer !== undefined && isJwt(credentials)) return this.#issuer.callerOf(credentials);
    return callerByToken(credentials, this.#service);
  }
}

function credentialsOf({ headers }: FastifyRequest): [Scheme, string] {
  const { authorization } = headers;
  if (authorization === undefined) return ['none', ''];
  const [scheme = '', credentials = ''] = authorization.split(' ', 2);
  const name = scheme.toLowerCase();
  return [name === 'bearer' || name === 'basic' ? name : 'other', credentials];
}

/** One text for whatever is wrong: it does not tell a guess from a token that has ended. */
function notKnown(): Problem {
  const message = 'This needs a valid token: send it as “Authorization: Bearer pxa_…”.';
  return new Problem(401, 'INVALID_TOKEN', message, { reason: 'authentication_failed' });
}

function notSignedIn(isDev: boolean): Problem {
  const message = isDev
    ? 'Invalid username or password'
    : 'Names and passwords are taken for development only. Send a token: “Authorization: Bearer pxa_…”.';
  return new Problem(401, 'INVALID_CREDENTIALS', message, { field: 'password', reason: 'authentication_failed' });
}
