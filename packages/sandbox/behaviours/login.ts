import { accessFor } from '../access.ts';
import type { Authenticator } from '../auth.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { userRefusal } from '../people.ts';

/** Ends a login that fails, for whatever reason: the client is never told which (pve-access-control API2/AccessControl.pm). */
class LoginRefused extends Error {}

/** POST /access/ticket and its like: passwords, tickets as passwords, and the two ways to answer a second factor. */
export function loginBehaviours(authenticator: () => Authenticator): Behaviours {
  return {
    'GET /access/ticket': () => null,
    'POST /access/ticket': (call) => {
      try {
        return call.params['path'] === undefined ? login(authenticator(), call) : verify(authenticator(), call);
      } catch (error) {
        if (error instanceof LoginRefused) throw new PveError(401, 'authentication failure\n');
        throw error;
      }
    },
  };
}

interface Attempt {
  username: string;
  password: string;
  otp: string | undefined;
  challenge: string | undefined;
}

function attemptOf({ params }: Call): Attempt {
  const text = (key: string): string | undefined => (params[key] === undefined ? undefined : String(params[key]));
  const realm = text('realm');
  const username = `${text('username') ?? ''}${realm === undefined ? '' : `@${realm}`}`;
  return { username, password: text('password') ?? '', otp: text('otp'), challenge: text('tfa-challenge') };
}

function login(auth: Authenticator, call: Call): Record<string, unknown> {
  const { state, clock } = call;
  const attempt = attemptOf(call);
  const now = clock.now();
  demandEnabled(call, attempt.username);
  const owed = holdsTicket(auth, attempt, now) ? undefined : secondFactor(auth, attempt, now);
  const { username } = attempt;
  const CSRFPreventionToken = auth.office.csrfToken(username, now);
  if (owed) {
    const ticket = auth.office.issueChallenge(username, owed, now);
    return { username, ticket, CSRFPreventionToken, NeedTFA: 1 };
  }
  const access = accessFor(state.access, username);
  const tellsCluster = state.cluster !== undefined && access.can('/', 'Sys.Audit');
  return {
    username,
    ticket: auth.office.issue(username, now),
    CSRFPreventionToken,
    cap: access.capabilities(),
    ...(tellsCluster && { clustername: state.cluster?.name }),
  };
}

/** With `path` and `privs`, only tells whether the user has those privileges. */
function verify(auth: Authenticator, call: Call): Record<string, unknown> {
  const attempt = attemptOf(call);
  const now = call.clock.now();
  demandEnabled(call, attempt.username);
  const ticket = auth.office.read(attempt.password, now);
  const ownTicket = ticket?.kind === 'user' && ticket.userid === attempt.username;
  if (!ownTicket && secondFactor(auth, attempt, now)) throw new LoginRefused();
  const privileges = String(call.params['privs'] ?? '')
    .split(/[,;\s\0]+/)
    .filter((word) => word !== '');
  const access = accessFor(call.state.access, attempt.username);
  const path = String(call.params['path']);
  if (privileges.length === 0 || !privileges.every((priv) => access.can(path, priv))) throw new LoginRefused();
  return { username: attempt.username };
}

function demandEnabled({ state, clock }: Call, username: string): void {
  if (userRefusal(state.access, username, clock.now()) !== undefined) throw new LoginRefused();
}

/** Whether the password is a ticket that still holds: one's own, or root@pam's for anybody. */
function holdsTicket(auth: Authenticator, { username, password, otp, challenge }: Attempt, nowMs: number): boolean {
  if (otp !== undefined && challenge !== undefined) throw new LoginRefused();
  const ticket = challenge === undefined ? auth.office.read(password, nowMs) : undefined;
  return ticket?.kind === 'user' && (ticket.userid === 'root@pam' || ticket.userid === username);
}

/** Checks the password and what was given of the second factor; gives the challenge that is still to be answered. */
function secondFactor(auth: Authenticator, attempt: Attempt, nowMs: number): Record<string, unknown> | undefined {
  const { username, password, otp, challenge } = attempt;
  const tfa = auth.tfa.get(username);
  if (challenge !== undefined) {
    const ours = auth.office.read(challenge, nowMs, username);
    if (ours?.kind !== 'challenge' || !tfa?.accept(password, nowMs)) throw new LoginRefused();
    return undefined;
  }
  const expected = auth.passwords.get(username);
  if (expected === undefined || expected !== password) throw new LoginRefused();
  const owed = tfa?.challenge();
  if (otp === undefined || !owed) return owed;
  if (!tfa?.accept(otp, nowMs)) throw new LoginRefused();
  return undefined;
}
