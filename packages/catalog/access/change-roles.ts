import type { Fact } from '@pxa/contract';
import {
  action,
  already,
  anyNode,
  call,
  factAt,
  piece,
  type Planned,
  type Planning,
  type Refusal,
  refused,
} from '../kit/index.ts';
import { aclNow, ownGroups, ownUser, roleNow, rolesNow } from './access-now.ts';

/** Roles that we have by some entry: what they get, we get. */
async function ownRoles(planning: Planning): Promise<ReadonlySet<string>> {
  const groups = await ownGroups(planning);
  const own = new Set([planning.self, ownUser(planning), ...groups]);
  return new Set((await aclNow(planning)).filter(({ who }) => own.has(who)).map(({ role }) => role));
}

/** The privileges that there are, from Proxmox's own role of all of them. */
async function privilegeRefusals(planning: Planning, privs: readonly string[]): Promise<Refusal[]> {
  const all = (await rolesNow(planning)).find(({ role }) => role === 'Administrator')?.privs ?? [];
  return privs
    .filter((priv) => all.length > 0 && !all.includes(priv))
    .map((priv) => ({
      why: `There is no privilege ${priv}.`,
      next: `Near it: ${all.filter((each) => each.startsWith(priv.slice(0, 3))).join(', ') || 'see “show role Administrator”'}.`,
    }));
}

const privInput = { role: { kind: 'word', say: [] }, privs: { kind: 'words', say: [] } } as const;
const roleFact = (role: string, key: string, is: Fact['is']): Fact =>
  factAt(`${key === 'roleid' ? 'role' : key} ${role}`, '/access/roles', [`[roleid=${role}]`, key], is);

export const createRole = action({
  id: 'role.create',
  verb: 'create the role',
  risk: 'change',
  say: ['(create|add|make) [new] role {role} (with|of|holding) [privilege|privileges] {privs}'],
  input: privInput,
  async plan(planning, { input: { role = '', privs = [] } }): Promise<Planned> {
    if ((await rolesNow(planning)).some((each) => each.role === role))
      return refused({
        why: `There is a role ${role} already.`,
        next: `Change it: “add privilege VM.Audit to role ${role}”.`,
      });
    const wrong = await privilegeRefusals(planning, privs);
    if (/^PVE/i.test(role))
      wrong.push({ why: `Names that begin with PVE are Proxmox’s own.`, next: 'Choose another name.' });
    if (wrong.length > 0) return refused(...wrong);
    const says = `Create role ${role}: ${privs.join(', ')}`;
    return piece({
      says,
      steps: [
        {
          ...call('POST', '/access/roles', { roleid: role, privs: privs.join(',') }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [roleFact(role, 'roleid', null)],
          expects: [roleFact(role, 'privs', privs.join(','))],
        },
      ],
      changes: [{ about: 'roles', key: role, before: null, after: privs.join(', ') }],
    });
  },
  examples: [
    {
      say: 'create role Backupper with VM.Backup and VM.Audit',
      sends: ['POST /access/roles roleid=Backupper privs=VM.Backup,VM.Audit'],
    },
    { say: 'create role Dancer with VM.Dance', sends: 'clarification' },
    { say: 'create role Operator with VM.Audit', sends: 'clarification' },
  ],
});

export const changeRole = action({
  id: 'role.change',
  verb: 'change the role',
  risk: 'disruptive',
  say: [
    '(add|give) (privilege|privileges) {privs} to role {role}',
    '(remove|take|drop) (privilege|privileges) {drop} from role {role}',
  ],
  input: { ...privInput, drop: { kind: 'words', say: [] } },
  async plan(planning, { input: said }): Promise<Planned> {
    const found = await roleNow(planning, said.role ?? '');
    const { privs = [], drop = [] } = said;
    const wrong = await privilegeRefusals(planning, [...privs, ...drop]);
    if (found.builtin)
      wrong.push({
        why: `Role ${found.role} is Proxmox’s own, and cannot be changed.`,
        next: `Make one: “create role NAME with ${found.privs.slice(0, 2).join(' and ')}”.`,
      });
    if ((await ownRoles(planning)).has(found.role))
      wrong.push({
        why: `${planning.self}, whom pxa itself runs as, has role ${found.role}: it does not change its own rights.`,
        next: 'Somebody else has to do that, in Proxmox itself.',
      });
    if (wrong.length > 0) return refused(...wrong);
    const after = [...new Set([...found.privs, ...privs])].filter((priv) => !drop.includes(priv));
    if (after.length === found.privs.length) return already(`Role ${found.role} is so: ${found.privs.join(', ')}.`);
    const users = (await aclNow(planning))
      .filter(({ role }) => role === found.role)
      .map(({ who, path }) => `${who} on ${path}`);
    const says = `Change role ${found.role}: ${after.join(', ')}`;
    return piece({
      says,
      steps: [
        {
          ...call('PUT', '/access/roles/{roleid}', { roleid: found.role, privs: after.join(',') }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [roleFact(found.role, 'privs', found.privs.join(','))],
          expects: [roleFact(found.role, 'privs', after.join(','))],
        },
      ],
      warnings: [users.length === 0 ? 'Nobody has it.' : `Who has it: ${users.join(', ')}.`],
      changes: [
        { about: `role ${found.role}`, key: 'privileges', before: found.privs.join(', '), after: after.join(', ') },
      ],
    });
  },
  examples: [
    { say: 'add privilege VM.Migrate to role Operator', sends: ['PUT /access/roles/Operator'] },
    { say: 'add privilege VM.Migrate to role PVEAuditor', sends: 'clarification' },
    {
      say: 'remove privilege VM.Console from role Operator',
      sends: ['PUT /access/roles/Operator privs=VM.Audit,VM.Backup,VM.PowerMgmt,VM.Snapshot'],
    },
  ],
});

export const deleteRole = action({
  id: 'role.delete',
  verb: 'delete the role',
  risk: 'destructive',
  say: ['(delete|remove|drop) role {role}'],
  input: { role: { kind: 'word', say: [] } },
  async plan(planning, { input: said }): Promise<Planned> {
    const { role, privs, builtin } = await roleNow(planning, said.role ?? '');
    const wrong: Refusal[] = [];
    if (builtin) wrong.push({ why: `Role ${role} is Proxmox’s own, and cannot go.`, next: 'Name one of your own.' });
    if ((await ownRoles(planning)).has(role))
      wrong.push({
        why: `${planning.self}, whom pxa itself runs as, has role ${role}.`,
        next: 'Somebody else has to do that, in Proxmox itself.',
      });
    if (wrong.length > 0) return refused(...wrong);
    const users = (await aclNow(planning))
      .filter((entry) => entry.role === role)
      .map(({ who, path }) => `${role} of ${who} on ${path}`);
    const says = `Delete role ${role}`;
    return piece({
      says,
      steps: [
        {
          ...call('DELETE', '/access/roles/{roleid}', { roleid: role }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [roleFact(role, 'privs', privs.join(','))],
          expects: [roleFact(role, 'roleid', null)],
        },
      ],
      loses: [`role ${role}: ${privs.join(', ')}`, ...users],
      changes: [{ about: 'roles', key: role, before: privs.join(', '), after: null }],
      confirm: role,
    });
  },
  examples: [
    { say: 'delete role Operator', sends: ['DELETE /access/roles/Operator'] },
    { say: 'delete role PVEAdmin', sends: 'clarification' },
    { say: 'delete role Nothing', sends: 'clarification' },
  ],
});
