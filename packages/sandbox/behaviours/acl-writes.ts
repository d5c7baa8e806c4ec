import { aclPath, asFlag, asList, withAclEntry } from '../access-change.ts';
import type { AccessConfig, AclEntry } from '../access.ts';
import type { Behaviours, Call } from '../behaviour.ts';
import { findToken, findUser, knownGroup, rolePrivileges } from '../people.ts';
import { change, invalid, text } from './access-writes.ts';

/** PUT /access/acl (pve-access-control API2/ACL.pm). */
export const aclWrites: Behaviours = {
  'PUT /access/acl': (call) => {
    const path = demandAclPath(call);
    return change(call, 'ACL update failed', (config) => changeAcl(config, call, path));
  },
};

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
