import { randomBytes, randomUUID } from 'node:crypto';
import { PveError, type Caller } from './behaviour.ts';
import type { Clock } from './clock.ts';
import { tokenRefusal, userRefusal } from './people.ts';
import { UPLOAD } from './receive.ts';
import type { State } from './state.ts';
import { UserTfa, type SecondFactor } from './tfa.ts';
import { TicketOffice } from './tickets.ts';
import type { Traits } from './traits.ts';

/** Where identifiers and keys come from. */
export interface Randomness {
  uuid(): string;
  bytes(count: number): Buffer;
}

export const systemRandomness: Randomness = { uuid: () => randomUUID(), bytes: (count) => randomBytes(count) };

/** What worlds do not hold: passwords, token secrets and second factors. */
export interface Secrets {
  passwords: Record<string, string>;
  /** By `user@realm!token`. */
  tokens: Record<string, string>;
  tfa: Record<string, SecondFactor>;
}

/** The headers that say who asks. */
export interface Credentials {
  cookie: string | undefined;
  authorization: string | undefined;
  csrfToken: string | undefined;
}

/** Who asks; null where the call needs nobody. */
export interface Identity {
  caller: Caller | null;
  /** Whether an API token was sent, even where nobody looked at it. */
  withToken: boolean;
}

/** Calls that need no login (pve-manager HTTPServer.pm, auth_handler). */
const OPEN_CALLS = new Set([
  'GET /access/domains',
  'GET /access/ticket',
  'POST /access/ticket',
  'POST /access/vncticket',
  'POST /access/openid/auth-url',
  'POST /access/openid/login',
]);

/** Whether a call needs no login, so that nobody looks who makes it; the path relative to /api2/FORMAT. */
export const isOpenCall = (method: string, path: string): boolean => OPEN_CALLS.has(`${method} ${path}`);

/** Knows everybody who may come in, and checks what they show. */
export class Authenticator {
  readonly office: TicketOffice;
  readonly tfa = new Map<string, UserTfa>();
  readonly passwords: Map<string, string>;
  readonly tokenSecrets: Map<string, string>;
  readonly random: Randomness;
  private readonly state: State;
  private readonly clock: Clock;
  private readonly traits: Traits;

  constructor(state: State, secrets: Secrets, clock: Clock, traits: Traits, random: Randomness = systemRandomness) {
    this.state = state;
    this.clock = clock;
    this.traits = traits;
    this.random = random;
    this.office = new TicketOffice(random.bytes(32));
    this.passwords = new Map(Object.entries(secrets.passwords));
    this.tokenSecrets = new Map(Object.entries(secrets.tokens));
    for (const [userid, setup] of Object.entries(secrets.tfa)) this.tfa.set(userid, new UserTfa(setup, clock.now()));
  }

  /**
   * Who sends `method path` (the path relative to /api2/FORMAT, decoded).
   * Throws a 401 whose message becomes the reason phrase; the answer has no body.
   */
  identify(method: string, path: string, sent: Credentials): Identity {
    const ticket = authValue(sent.cookie, TICKET) ?? authValue(sent.authorization, TICKET);
    const token = ticket === undefined ? authValue(sent.authorization, TOKEN) : undefined;
    const withToken = token !== undefined;
    if (isOpenCall(method, path)) return { caller: null, withToken };
    if (token !== undefined) return { caller: this.byToken(token), withToken };
    if (ticket === undefined) throw new PveError(401, 'No ticket\n');
    const caller = this.byTicket(ticket);
    const needsCsrf = method !== 'GET' && !(method === 'POST' && UPLOAD.test(path));
    if (needsCsrf && !this.office.isCsrfToken(sent.csrfToken ?? '', caller.userid, this.clock.now())) {
      throw new PveError(401, 'Permission denied - invalid csrf token\n');
    }
    return { caller, withToken };
  }

  /** A ticket and CSRF token for a user, as a login would give them; for tools and tests that skip the password. */
  ticketFor(userid: string): { ticket: string; csrfToken: string } {
    const now = this.clock.now();
    return { ticket: this.office.issue(userid, now), csrfToken: this.office.csrfToken(userid, now) };
  }

  /** Forgets the password, second factors and token secrets of a user who is removed. */
  forget(userid: string): void {
    this.passwords.delete(userid);
    this.tfa.delete(userid);
    for (const full of this.tokenSecrets.keys()) if (full.startsWith(`${userid}!`)) this.tokenSecrets.delete(full);
  }

  /** The refusal of a ticket that is too old. */
  expired(): PveError {
    return this.refused('permission denied - invalid PVE ticket');
  }

  private byTicket(text: string): Caller {
    const ticket = this.office.read(text, this.clock.now());
    if (!ticket) throw this.expired();
    if (ticket.kind === 'challenge') throw this.refused('No ticket');
    const refusal = userRefusal(this.state.access, ticket.userid, this.clock.now());
    if (refusal !== undefined) throw this.refused(refusal);
    return { userid: ticket.userid, authid: ticket.userid };
  }

  private byToken(text: string): Caller {
    const equals = text.lastIndexOf('=');
    if (equals === -1) throw this.refused('no tokenid specified');
    const full = text.slice(0, equals);
    const [, userid = '', tokenid = ''] =
      /^([^\s:/]+@[A-Za-z][A-Za-z0-9._-]+)!([A-Za-z][A-Za-z0-9._-]+)$/.exec(full) ?? [];
    if (userid === '') throw this.refused(`failed to parse tokenid '${full}'`);
    const now = this.clock.now();
    const refusal = userRefusal(this.state.access, userid, now) ?? tokenRefusal(this.state.access, full, now);
    if (refusal !== undefined) throw this.refused(refusal);
    if (this.tokenSecrets.get(full) !== text.slice(equals + 1)) throw this.refused('invalid token value!');
    return { userid, tokenid, authid: full };
  }

  private refused(reason: string): PveError {
    return new PveError(401, this.traits.uniformAuthFailure ? 'Authentication failed!\n' : `${reason}\n`);
  }
}

/** The value of a scheme in a Cookie or Authorization header: `KEY=value` or `KEY value` (Formatter.pm, extract_auth_value). */
const TICKET = /(?:^|\s)PVEAuthCookie(?:=| )([^;]*)/;
const TOKEN = /(?:^|\s)PVEAPIToken(?:=| )([^;]*)/;

function authValue(header: string | undefined, scheme: RegExp): string | undefined {
  const value = scheme.exec(header ?? '')?.[1];
  if (value === undefined || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
