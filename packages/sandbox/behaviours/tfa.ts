import type { Authenticator } from '../auth.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { findUser } from '../people.ts';
import { isTotpCode, UserTfa, type TfaEntry } from '../tfa.ts';
import { mayReadUsers } from './access.ts';
import { confirm, text } from './access-writes.ts';

const RECOVERY_KEYS = 10;

/** Second factors: what is set up, and setting up authenticators and recovery keys (pve-access-control API2/TFA.pm). */
export function tfaBehaviours(authenticator: () => Authenticator): Behaviours {
  const entriesOf = (call: Call): TfaEntry[] => authenticator().tfa.get(text(call, 'userid'))?.entries() ?? [];
  return {
    'GET /access/tfa': (call) => {
      const mayRead = mayReadUsers(call, ['User.Modify', 'Sys.Audit']);
      return [...authenticator().tfa]
        .filter(([userid, tfa]) => mayRead(userid) && tfa.entries().length > 0)
        .map(([userid, tfa]) => ({ userid, entries: tfa.entries(), ...locks(tfa) }));
    },
    'GET /access/tfa/{userid}': entriesOf,
    'GET /access/tfa/{userid}/{id}': (call) => knownEntry(call, entriesOf(call)),
    'GET /access/users/{userid}/tfa': (call) => {
      const types = entriesOf(call).map(({ type }) => type);
      if (Number(call.params['multiple'] ?? 0) === 1) return { types };
      return types.includes('totp') ? { user: 'oath' } : {};
    },
    'POST /access/tfa/{userid}': (call) => {
      const auth = authenticator();
      confirm(call, auth, 'password');
      const userid = text(call, 'userid');
      if (!findUser(call.state.access, userid)) throw new PveError(500, `no such user ('${userid}')\n`);
      return call.params['type'] === 'recovery' ? addRecovery(call, auth) : addTotp(call, auth);
    },
    'DELETE /access/tfa/{userid}/{id}': (call) => {
      confirm(call, authenticator(), 'password');
      const { id } = knownEntry(call, entriesOf(call));
      authenticator().tfa.get(text(call, 'userid'))?.remove(id);
      return null;
    },
    'PUT /access/users/{userid}/unlock-tfa': (call) => {
      const tfa = authenticator().tfa.get(text(call, 'userid'));
      const wasLocked = tfa !== undefined && (tfa.totpLocked || tfa.lockedUntilMs !== undefined);
      tfa?.unlock();
      return wasLocked ? 1 : 0;
    },
  };
}

function knownEntry(call: Call, entries: TfaEntry[]): TfaEntry {
  const id = text(call, 'id');
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) throw new PveError(404, `No such tfa entry '${id}'\n`);
  return entry;
}

function addTotp(call: Call, auth: Authenticator): Record<string, unknown> {
  const { params, clock } = call;
  const { type, totp, value, description } = params;
  if (type !== 'totp')
    throw new PveError(500, `the sandbox sets up 'totp' and 'recovery' only, not '${String(type)}'\n`);
  if (description === undefined) throw new PveError(500, "'description' is required for new entries\n");
  if (totp === undefined || value === undefined) {
    throw new PveError(500, "type 'totp' requires 'totp' and 'value' parameters\n");
  }
  const secret = /[?&]secret=([A-Za-z2-7=]+)/.exec(String(totp))?.[1] ?? '';
  if (secret === '') throw new PveError(500, 'failed to parse OTP uri\n');
  if (!isTotpCode(secret, String(value), clock.now())) throw new PveError(500, 'failed to verify TOTP challenge\n');
  const id = auth.random.uuid();
  tfaOf(call, auth).addTotp(id, { secret, description: String(description), nowMs: clock.now() });
  return { id };
}

function addRecovery(call: Call, auth: Authenticator): Record<string, unknown> {
  const tfa = tfaOf(call, auth);
  if (tfa.entries().some(({ type }) => type === 'recovery')) {
    throw new PveError(500, 'user already has recovery keys\n');
  }
  const keys = Array.from({ length: RECOVERY_KEYS }, () =>
    auth.random
      .bytes(8)
      .toString('hex')
      .replace(/(.{4})(?=.)/g, '$1-'),
  );
  tfa.setRecovery(keys, call.clock.now());
  return { id: 'recovery', recovery: keys };
}

function tfaOf(call: Call, auth: Authenticator): UserTfa {
  const userid = text(call, 'userid');
  const tfa = auth.tfa.get(userid) ?? new UserTfa({}, call.clock.now());
  auth.tfa.set(userid, tfa);
  return tfa;
}

function locks(tfa: UserTfa): Record<string, number> {
  return {
    ...(tfa.totpLocked && { 'totp-locked': 1 }),
    ...(tfa.lockedUntilMs !== undefined && { 'tfa-locked-until': Math.floor(tfa.lockedUntilMs / 1000) }),
  };
}
