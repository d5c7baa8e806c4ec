import { asFlag, asList, withMembership, withoutUser } from '../access-change.ts';
import type { AccessConfig, AccessUser } from '../access.ts';
import type { Authenticator } from '../auth.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { findUser } from '../people.ts';
import { change, confirm, text } from './access-writes.ts';

const USER_TEXTS = ['comment', 'email', 'firstname', 'lastname', 'keys'];

/** Changes of users and passwords (pve-access-control API2/{User,AccessControl}.pm). */
export function userWrites(authenticator: () => Authenticator): Behaviours {
  return {
    'POST /access/users': (call) =>
      change(call, 'create user failed', (config) => {
        const userid = text(call, 'userid');
        if (findUser(config, userid)) throw new Error(`user '${userid}' already exists`);
        if (call.params['password'] !== undefined) authenticator().passwords.set(userid, text(call, 'password'));
        const user = { userid, enable: 1, expire: 0, ...userChanges(call) };
        return joinGroups({ ...config, users: [...config.users, user] }, call, userid);
      }),

    'PUT /access/users/{userid}': (call) =>
      change(call, 'update user failed', (config) => {
        const userid = text(call, 'userid');
        if (!findUser(config, userid)) throw new Error(`no such user ('${userid}')`);
        const users = config.users.map((user) => (user.userid === userid ? { ...user, ...userChanges(call) } : user));
        return joinGroups({ ...config, users }, call, userid);
      }),

    'DELETE /access/users/{userid}': (call) =>
      change(call, 'delete user failed', (config) => {
        const userid = text(call, 'userid');
        if (!findUser(config, userid)) throw new Error(`no such user ('${userid}')`);
        authenticator().forget(userid);
        return withoutUser(config, userid);
      }),

    'PUT /access/password': (call) => {
      const userid = text(call, 'userid');
      confirm(call, authenticator(), 'confirmation-password');
      if (!findUser(call.state.access, userid)) throw new PveError(500, `no such user ('${userid}')\n`);
      authenticator().passwords.set(userid, text(call, 'password'));
      return null;
    },
  };
}

function userChanges({ params }: Call): Partial<AccessUser> {
  const changes: Partial<AccessUser> = {};
  for (const field of USER_TEXTS) if (params[field] !== undefined) changes[field] = params[field];
  const enable = asFlag(params['enable']);
  if (enable !== undefined) changes.enable = enable;
  if (params['expire'] !== undefined) changes.expire = Number(params['expire']);
  return changes;
}

function joinGroups(config: AccessConfig, call: Call, userid: string): AccessConfig {
  if (call.params['groups'] === undefined) return config;
  const groups = asList(call.params['groups']);
  const unknown = groups.find((name) => !config.groups.some(({ groupid }) => groupid === name));
  if (unknown !== undefined) throw new Error(`no such group '${unknown}'`);
  return withMembership(config, userid, groups, asFlag(call.params['append']) ? 'keep' : 'leave');
}
