import { builtinRoles } from '@pxa/pve/facts';
import { asFlag, asList, withoutGroup } from '../access-change.ts';
import type { AccessConfig } from '../access.ts';
import type { Behaviours, Call } from '../behaviour.ts';
import { knownGroup, rolePrivileges } from '../people.ts';
import { change, text } from './access-writes.ts';

/** Changes of groups and roles (pve-access-control API2/{Group,Role}.pm). */
export const groupWrites: Behaviours = {
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
      const groups = config.groups.map((group) => (group.groupid === groupid ? { ...group, ...comment(call) } : group));
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
};

function comment({ params }: Call): { comment?: string } {
  return params['comment'] === undefined ? {} : { comment: String(params['comment']) };
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
