import { builtinRoles } from '@pxa/pve/facts';
import { aclPath, asFlag, asList, withAclEntry, withMembership, withoutGroup, withoutUser } from '../access-change.ts';
import type { AccessConfig, AccessUser, AclEntry } from '../access.ts';
import type { Authenticator } from '../auth.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { findToken, findUser } from '../people.ts';
import { refusalText } from '../refusal-text.ts';

const USER_TEXTS = ['comment', 'email', 'firstname', 'lastname', 'keys'];

/** Changes of users, groups, roles and ACL (pve-access-control API2/{User,Group,Role,ACL,AccessControl}.pm). */
export function accessWrites(authenticator: () => Authenticator): Behaviours {
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

    'POST /access/groups': (call) =>
      change(call, 'create group failed', (config) => {
        const groupid = text(call, 'groupid');
        if (config.groups.some((group) => group.groupid === groupid))
          throw new Error(`group '${groupid}' already exists`);
        return { ...config, groups: [...config.groups, { groupid, users: [], ...comment(call) }] };
      }),

    'PUT /access/groups/{groupid}': (call) =>
      change(call, 'update group failed', (config) => {
        const groupid = knownGroup(config, text(call, 'groupid'));
        const groups = config.groups.map((group) =>
          group.groupid === groupid ? { ...group, ...comment(call) } : group,
        );
        return { ...config, groups };
      }),

    'DELETE /access/groups/{groupid}': (call) =>
      change(call, 'delete group failed', (config) => withoutGroup(config, knownGroup(config, text(call, 'groupid')))),

    'POST /access/roles': (call) =>
      change(call, 'create role failed', (config) => {
        const roleid = text(call, 'roleid');
        if (rolePrivileges(config, roleid)) throw new Error(`role '${roleid}' already exists`);
        return { ...config, roles: [...config.roles, { roleid, privs: privileges(call) }] };
      }),

    'PUT /access/roles/{roleid}': (call) =>
      change(call, 'update role failed', (config) => {
        const roleid = ownRole(config, call, 'modified');
        const roles = config.roles.map((role) => {
          if (role.roleid !== roleid) return role;
          const before = asFlag(call.params['append']) ? role.privs : [];
          return { roleid, privs: [...new Set([...before, ...privileges(call)])] };
        });
        return { ...config, roles };
      }),

    'DELETE /access/roles/{roleid}': (call) =>
      change(call, 'delete role failed', (config) => {
        const roleid = ownRole(config, call, 'deleted');
        return {
          ...config,
          roles: config.roles.filter((role) => role.roleid !== roleid),
          acl: config.acl.filter((entry) => entry.roleid !== roleid),
        };
      }),

    'PUT /access/acl': (call) => {
      const path = demandAclPath(call);
      return change(call, 'ACL update failed', (config) => changeAcl(config, call, path));
    },
  };
}

/** Replaces the access configuration; what goes wrong in between is told as cfs_lock_file tells it: `WHAT: error`. */
export function change(call: Call, failure: string, work: (config: AccessConfig) => AccessConfig): null {
  try {
    call.state.access = work(call.state.access);
  } catch (error) {
    throw new PveError(500, `${failure}: ${refusalText(error).trimEnd()}\n`);
  }
  return null;
}

/** Whoever is not root@pam has to give the own password again before users are changed. */
export function confirm({ caller, params }: Call, auth: Authenticator, parameter: string): void {
  if (caller.authid === 'root@pam') return;
  const given = params[parameter];
  if (given === undefined) throw invalid({ [parameter]: 'password is required to modify user' });
  if (auth.passwords.get(caller.userid) !== given) throw new PveError(500, 'authentication failure\n');
}

export function invalid(errors: Record<string, string>): PveError {
  return new PveError(400, 'Parameter verification failed.\n', errors);
}

export function text({ params }: Call, name: string): string {
  return String(params[name] ?? '');
}

function comment({ params }: Call): { comment?: string } {
  return params['comment'] === undefined ? {} : { comment: String(params['comment']) };
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

function knownGroup(config: AccessConfig, groupid: string): string {
  if (!config.groups.some((group) => group.groupid === groupid)) throw new Error(`group '${groupid}' does not exist`);
  return groupid;
}

function rolePrivileges(config: AccessConfig, roleid: string): readonly string[] | undefined {
  return builtinRoles()[roleid] ?? config.roles.find((role) => role.roleid === roleid)?.privs;
}

function ownRole(config: AccessConfig, call: Call, verb: 'modified' | 'deleted'): string {
  const roleid = text(call, 'roleid');
  if (roleid in builtinRoles()) throw new Error(`auto-generated role '${roleid}' cannot be ${verb}`);
  if (!rolePrivileges(config, roleid)) throw new Error(`role '${roleid}' does not exist`);
  return roleid;
}

function privileges({ params }: Call): string[] {
  const known = builtinRoles()['Administrator'] ?? [];
  const listed = asList(params['privs']);
  const unknown = listed.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`invalid privilege '${unknown}'`);
  return listed;
}

function demandAclPath(call: Call): string {
  const { users, groups, tokens } = call.params;
  if (!users && !groups && !tokens) {
    const required = "either 'users', 'groups' or 'tokens' is required.";
    throw invalid({ users: required, groups: required, tokens: required });
  }
  const path = aclPath(text(call, 'path'));
  if (path === undefined) throw invalid({ path: `invalid ACL path '${text(call, 'path')}'` });
  return path;
}

function changeAcl(config: AccessConfig, call: Call, path: string): AccessConfig {
  const { params } = call;
  const action = asFlag(params['delete']) ? 'remove' : 'set';
  const propagate = asFlag(params['propagate']) ?? 1;
  let changed = config;
  for (const roleid of asList(params['roles'])) {
    demandSuperset(config, call, { path, roleid, propagate, action });
    for (const [type, ugid] of subjects(config, call)) {
      const entry: AclEntry = { path, type, ugid, roleid, propagate };
      changed = withAclEntry(changed, entry, action);
    }
  }
  return changed;
}

/** Who the entries are for; each has to exist. */
function subjects(config: AccessConfig, { params }: Call): [AclEntry['type'], string][] {
  const groups = asList(params['groups']).map((id): ['group', string] => ['group', knownGroup(config, id)]);
  const users = asList(params['users']).map((id): ['user', string] => {
    if (!findUser(config, id)) throw new Error(`user '${id}' does not exist`);
    return ['user', id];
  });
  const tokens = asList(params['tokens']).map((id): ['token', string] => {
    const [userid = '', name = ''] = id.split('!');
    if (!findToken(config, id)) throw new Error(`no such token '${name}' for user '${userid}'`);
    return ['token', id];
  });
  return [...groups, ...users, ...tokens];
}

interface Grant {
  path: string;
  roleid: string;
  propagate: 0 | 1;
  action: 'set' | 'remove';
}

/** Without Permissions.Modify only privileges that one holds oneself can be handed out. */
function demandSuperset(config: AccessConfig, { access }: Call, { path, roleid, propagate, action }: Grant): void {
  const privs = rolePrivileges(config, roleid);
  if (!privs) throw new Error(`role '${roleid}' does not exist`);
  const held = access.privileges(path);
  if ('Permissions.Modify' in held) return;
  const what = `Cannot ${action === 'set' ? 'add' : 'remove'} role '${roleid}'`;
  if (!privs.every((priv) => priv in held)) {
    throw invalid({ role: `${what} - requires 'Permissions.Modify' or superset of privileges.` });
  }
  if (propagate === 1 && !privs.every((priv) => held[priv] === 1)) {
    throw invalid({
      role: `${what} with propagation - requires 'Permissions.Modify' or propagated superset of privileges.`,
    });
  }
}
