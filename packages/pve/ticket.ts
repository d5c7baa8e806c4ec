import type { Authorization, Credentials, Identity, LoginResult, PostLogin } from './auth.ts';
import type { Problem } from './problem.ts';
import { Secret, scrub } from './secret.ts';
import { answerChallenge, challengeKinds } from './second-factor.ts';
import { SettingsError } from './transport/address.ts';
import { asFlag, asObject, asText } from './values.ts';

/** Proxmox accepts a ticket for two hours (pve-access-control AccessControl.pm, $ticket_lifetime). */
const LIFETIME_MS = 2 * 3_600_000;
/** From this age on a ticket is exchanged for a new one while it is still good, which needs no second factor. */
const RENEW_AFTER_MS = 3_600_000;
/** Left for the way, and for a server whose clock runs ahead. */
const MARGIN_MS = 5 * 60_000;
/** After a refusal nothing is sent for so long: accounts can be locked, and each refusal takes Proxmox 3 s. */
const REFUSED_FOR_MS = 60_000;

interface Ticket {
  readonly ticket: Secret;
  readonly csrf: Secret;
  readonly username: string;
  readonly issuedMs: number;
  readonly generation: number;
}

type Password = Extract<Credentials, { kind: 'password' }>;
type LoggedIn = { readonly ok: true; readonly ticket: Ticket } | Extract<Authorization, { ok: false }>;

/** A login by password: the ticket, its renewal, the second factor. One login at a time, which all that wait share. */
export class TicketIdentity implements Identity {
  readonly who: string;
  readonly #username: string;
  readonly #password: Secret;
  readonly #askOtp: Password['askOtp'];
  readonly #now: () => number;
  #otp: Secret | undefined;
  #ticket: Ticket | undefined;
  #generation = 0;
  #underWay: Promise<LoggedIn> | undefined;
  #refusal: { readonly problem: Problem; readonly untilMs: number } | undefined;

  /** @throws SettingsError where the user's realm is missing, or the password is empty. */
  constructor(credentials: Password, now: () => number) {
    this.#username = userid(credentials);
    if (credentials.password === '') throw new SettingsError('The password is empty.');
    this.who = `user ${this.#username}`;
    this.#password = new Secret(credentials.password);
    this.#otp = credentials.otp === undefined ? undefined : new Secret(credentials.otp);
    this.#askOtp = credentials.askOtp;
    this.#now = now;
  }

  async authorize(post: PostLogin): Promise<Authorization> {
    const isOthers = this.#underWay !== undefined;
    const result = await this.#currentTicket(post);
    // The call of a login that another request made stands in that request's calls.
    if (!result.ok) return isOthers ? { ...result, call: -1 } : result;
    const { ticket, csrf, generation } = result.ticket;
    const read = { cookie: `PVEAuthCookie=${encodeURIComponent(ticket.reveal())}` };
    return { ok: true, read, write: { ...read, CSRFPreventionToken: csrf.reveal() }, generation };
  }

  refused(generation: number): boolean {
    // A ticket that has been replaced meanwhile was rightly refused; the new one is worth a try.
    if (this.#ticket?.generation === generation) this.#ticket = undefined;
    return true;
  }

  scrub(text: string): string {
    const held = [this.#password, this.#otp, this.#ticket?.ticket, this.#ticket?.csrf];
    return scrub(
      text,
      held.filter((secret) => secret !== undefined),
    );
  }

  #currentTicket(post: PostLogin): Promise<LoggedIn> {
    const held = this.#ticket;
    const ageMs = held === undefined ? LIFETIME_MS : this.#now() - held.issuedMs;
    if (held !== undefined && ageMs < RENEW_AFTER_MS) return Promise.resolve({ ok: true, ticket: held });
    this.#underWay ??= this.#obtain(post, held, ageMs).finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  async #obtain(post: PostLogin, held: Ticket | undefined, ageMs: number): Promise<LoggedIn> {
    if (held === undefined || ageMs >= LIFETIME_MS - MARGIN_MS) return this.#login(post);
    const renewed = await post({ username: held.username, password: held.ticket.reveal() });
    if (renewed.ok) return this.#accept(renewed);
    // Where the renewal met an outage, the ticket at hand is good for a while yet.
    return renewed.problem.status === 401 ? this.#login(post) : { ok: true, ticket: held };
  }

  async #login(post: PostLogin): Promise<LoggedIn> {
    const refusal = this.#refusal;
    if (refusal !== undefined && this.#now() < refusal.untilMs)
      return { ok: false, problem: refusal.problem, call: -1 };
    const first = await post({ username: this.#username, password: this.#password.reveal() });
    if (!first.ok) return this.#refuse(first);
    return asFlag(asObject(first.data)?.['NeedTFA']) === true ? this.#secondFactor(post, first) : this.#accept(first);
  }

  async #secondFactor(post: PostLogin, first: LoginResult & { ok: true }): Promise<LoggedIn> {
    const { ticket: challenge, username } = readTicket(first.data);
    if (challenge === null) return { ok: false, problem: strange(), call: first.call };
    const kinds = challengeKinds(challenge);
    const code = await this.#code(kinds);
    if (code === undefined) return { ok: false, problem: secondFactorMissing(this.who, kinds), call: first.call };
    const password = answerChallenge(code, kinds);
    const second = await post({ username: username ?? this.#username, 'tfa-challenge': challenge, password });
    if (second.ok) return this.#accept(second);
    if (second.problem.status !== 401) return second;
    return { ok: false, problem: secondFactorRefused(this.who), call: second.call };
  }

  /** A given code serves once: used again it would be refused, and refusals lock the account. */
  async #code(kinds: string[]): Promise<string | undefined> {
    const given = this.#otp?.reveal();
    this.#otp = undefined;
    if (given !== undefined) return given;
    try {
      return await this.#askOtp?.(kinds);
    } catch {
      return undefined; // The person did not want to give one.
    }
  }

  #accept(result: LoginResult & { ok: true }): LoggedIn {
    const { ticket, csrf, username } = readTicket(result.data);
    if (ticket === null || csrf === null) return { ok: false, problem: strange(), call: result.call };
    this.#refusal = undefined;
    this.#generation += 1;
    this.#ticket = {
      ticket: new Secret(ticket),
      csrf: new Secret(csrf),
      username: username ?? this.#username,
      issuedMs: this.#now(),
      generation: this.#generation,
    };
    return { ok: true, ticket: this.#ticket };
  }

  #refuse(result: LoginResult & { ok: false }): LoggedIn {
    if (result.problem.status !== 401) return result;
    const problem = passwordRefused(this.who);
    this.#refusal = { problem, untilMs: this.#now() + REFUSED_FOR_MS };
    return { ok: false, problem, call: result.call };
  }
}

function userid({ username, realm }: Password): string {
  if (/[\s:/]/.test(username) || username === '')
    throw new SettingsError('The user name must be written as USER@REALM.');
  if (realm !== undefined && !username.endsWith(`@${realm}`)) return `${username}@${realm}`;
  if (username.includes('@')) return username;
  throw new SettingsError('The realm is missing: write USER@REALM, as in root@pam.');
}

function readTicket(data: unknown): { ticket: string | null; csrf: string | null; username: string | null } {
  const fields = asObject(data);
  return {
    ticket: asText(fields?.['ticket']),
    csrf: asText(fields?.['CSRFPreventionToken']),
    username: asText(fields?.['username']),
  };
}

function unauthenticated(message: string, next_step: string): Problem {
  return { kind: 'unauthenticated', status: 401, message, next_step };
}

function passwordRefused(who: string): Problem {
  return unauthenticated(
    `Proxmox VE refused the login of ${who}: wrong user, realm or password, or the account is disabled.`,
    'Check them, the realm too (root@pam is not root@pve), and connect again.',
  );
}

function secondFactorRefused(who: string): Problem {
  return unauthenticated(
    `Proxmox VE refused the second factor of ${who}.`,
    'Try a fresh code. Too many wrong ones lock the account until a recovery key is used. An API token needs no code.',
  );
}

function secondFactorMissing(who: string, kinds: string[]): Problem {
  const known = kinds.length === 0 ? 'a kind that only a browser can give' : kinds.join(', ');
  return unauthenticated(
    `The login of ${who} needs a second factor (${known}), and none was given.`,
    'Give a TOTP code or a recovery key, or connect with an API token, which needs none.',
  );
}

function strange(): Problem {
  return {
    kind: 'not_proxmox',
    status: 200,
    message: 'The login was answered without a ticket.',
    next_step: 'Check that the address is that of a Proxmox VE node.',
  };
}
