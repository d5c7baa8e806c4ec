import type { Authenticator } from '../auth.ts';
import { PveError, type Behaviours } from '../behaviour.ts';
import type { UserTfa } from '../tfa.ts';
import { mayReadUsers } from './access.ts';

type Row = Record<string, unknown>;

/** Reads of second factors; secrets never show (pve-access-control API2/TFA.pm). */
export function tfaBehaviours(authenticator: () => Authenticator): Behaviours {
  return {
    'GET /access/tfa': (call) => {
      const mayRead = mayReadUsers(call, ['User.Modify', 'Sys.Audit']);
      return [...authenticator().tfa]
        .filter(([userid]) => mayRead(userid))
        .map(([userid, tfa]) => ({ userid, entries: entries(tfa), ...locks(tfa) }));
    },
    'GET /access/tfa/{userid}': ({ params }) => entries(authenticator().tfa.get(String(params['userid']))),
    'GET /access/tfa/{userid}/{id}': ({ params }) => {
      const id = String(params['id']);
      const entry = entries(authenticator().tfa.get(String(params['userid']))).find((row) => row['id'] === id);
      if (!entry) throw new PveError(404, `No such tfa entry '${id}'\n`);
      return entry;
    },
    'GET /access/users/{userid}/tfa': ({ params }) => {
      const tfa = authenticator().tfa.get(String(params['userid']));
      if (Number(params['multiple'] ?? 0) === 1) return { types: entries(tfa).map((row) => row['type']) };
      return tfa?.hasTotp ? { user: 'oath' } : {};
    },
  };
}

function entries(tfa: UserTfa | undefined): Row[] {
  if (!tfa) return [];
  const created = Math.floor(tfa.createdMs / 1000);
  const rows: Row[] = [];
  if (tfa.hasTotp) rows.push({ id: 'totp', type: 'totp', description: 'sandbox', created, enable: 1 });
  if (tfa.hasRecovery) rows.push({ id: 'recovery', type: 'recovery', description: '', created, enable: 1 });
  return rows;
}

function locks(tfa: UserTfa): Row {
  return {
    ...(tfa.totpLocked && { 'totp-locked': 1 }),
    ...(tfa.lockedUntilMs !== undefined && { 'tfa-locked-until': Math.floor(tfa.lockedUntilMs / 1000) }),
  };
}
