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
import {
  aclNow,
  groupRefusals,
  ownGroups,
  ownUser,
  roleNow,
  type RoleNow,
  selfRefusals,
  userNow,
} from './access-now.ts';

/** Whom rights are given to, and on what, in the words of an order. */
const input = {
  role: { kind: 'word', say: [] },
  user: { kind: 'user', say: [] },
  group: { kind: 'word', say: [] },
  path: { kind: 'word', say: ['(on|at|for) [path] {}'] },
  guest: { kind: 'guest', say: ['(on|for) [vm|guest|container] {}'] },
  pool: { kind: 'pool', say: ['(on|for) {}'] },
  storage: { kind: 'storage', say: ['(on|for) storage {}'] },
  node: { kind: 'node', say: ['(on|for) [node] {}'] },
  everything: { kind: 'flag', say: ['(on|for) (everything|the whole cluster|the datacenter|all)'] },
  propagate: {
    kind: 'flag',
    say: ['with propagation'],
    no: ['without propagation', 'not propagated', 'and nothing below'],
  },
} as const;

interface Said {
  readonly role?: string;
  readonly user?: string;
  readonly group?: string;
  readonly path?: string;
  readonly guest?: string;
  readonly pool?: string;
  readonly storage?: string;
  readonly node?: string;
  readonly everything?: boolean;
  readonly propagate?: boolean;
}

/** The path of what was named; undefined where nothing was. */
function pathOf(said: Said): string | undefined {
  if (said.guest !== undefined) return `/vms/${said.guest.replace(/^\w+\//, '')}`;
  if (said.pool !== undefined) return `/pool/${said.pool}`;
  if (said.storage !== undefined) return `/storage/${said.storage}`;
  if (said.node !== undefined) return `/nodes/${said.node}`;
  return said.everything === true ? '/' : said.path;
}

/** pve-access-control AccessControl.pm, check_path. */
const PATH =
  /^\/(access(\/(groups|realm)(\/[\w.-]+)?)?|nodes(\/[\w.-]+)?|pool(\/[\w.-]+){0,3}|sdn(\/.+)?|storage(\/[\w.-]+)?|vms(\/\d+)?|mapping(\/\w+(\/[\w.-]+)?)?)?$/;

interface Grant {
  readonly role: RoleNow;
  readonly who: string;
  readonly kind: 'user' | 'group' | 'token';
  readonly path: string;
}

/** What was said, looked up; or what is in the way. @throws CannotPlan */
async function grantOf(planning: Planning, said: Said): Promise<{ grant: Grant } | { refusals: Refusal[] }> {
  const role = await roleNow(planning, said.role ?? '');
  const who = said.user ?? said.group ?? '';
  const path = pathOf(said);
  const wrong: Refusal[] = [];
  if (path === undefined || !PATH.test(path))
    wrong.push({
      why: `“${path ?? ''}” is no path that rights are given on.`,
      next: 'Say it as “on pool web”, “on vm 101”, “on storage nas”, “on everything”, or as a path: /vms/101.',
    });
  if (said.user === undefined) wrong.push(...(await groupRefusals(planning, [who])));
  else {
    const [userid = '', token] = said.user.split('!');
    const user = await userNow(planning, userid);
    if (token !== undefined && !user.tokens.includes(token))
      wrong.push({ why: `User ${userid} has no token ${token}.`, next: `It has ${user.tokens.join(', ') || 'none'}.` });
  }
  if (wrong.length > 0) return { refusals: wrong };
  const kind = said.user === undefined ? 'group' : who.includes('!') ? 'token' : 'user';
  return { grant: { role, who, kind, path: path ?? '' } };
}

/** Never our own rights: those of our token, our user, or a group that it is in. */
async function ownRights(planning: Planning, { who, kind }: Grant): Promise<Refusal[]> {
  if (kind === 'group') {
    const own = await ownGroups(planning);
    return own.includes(who)
      ? [
          {
            why: `${ownUser(planning)}, whom pxa itself runs as, is in group ${who}: it does not change its own rights.`,
            next: 'Somebody else has to do that, in Proxmox itself.',
          },
        ]
      : [];
  }
  return selfRefusals(planning, who, 'change its own rights');
}

async function changeAcl(planning: Planning, said: Said, give: boolean): Promise<Planned> {
  const looked = await grantOf(planning, said);
  if ('refusals' in looked) return refused(...looked.refusals);
  const found = looked.grant;
  const own = await ownRights(planning, found);
  if (own.length > 0) return refused(...own);
  const { role, who, kind, path } = found;
  const has = (await aclNow(planning)).some(
    (entry) => entry.path === path && entry.who === who && entry.role === role.role && entry.type === kind,
  );
  if (has === give) return already(`${who} ${has ? 'has' : 'does not have'} role ${role.role} on ${path}.`);
  const says = give ? `Give ${who} role ${role.role} on ${path}` : `Take role ${role.role} on ${path} from ${who}`;
  const subject = kind === 'user' ? { users: who } : kind === 'group' ? { groups: who } : { tokens: who };
  const step = call(
    'PUT',
    '/access/acl',
    {
      path,
      roles: role.role,
      ...subject,
      ...(said.propagate === undefined ? {} : { propagate: said.propagate }),
      ...(give ? {} : { delete: true }),
    },
    says,
  );
  return piece({
    says,
    risk: give ? 'change' : 'disruptive',
    steps: [
      {
        ...step,
        node: await anyNode(planning),
        limitSeconds: 60,
        relies: [entryFact(found, give ? null : role.role)],
        expects: [entryFact(found, give ? role.role : null)],
      },
    ],
    assumptions: give && said.propagate === undefined ? ['It holds for everything below as well'] : [],
    warnings: [
      `${role.role} is: ${role.privs.join(', ')}.`,
      ...(give && role.privs.includes('Permissions.Modify')
        ? [`With Permissions.Modify, ${who} can give any right on ${path}, to itself too.`]
        : []),
      ...(kind === 'token' && give ? ['A token with privilege separation has no more than its user has as well.'] : []),
      ...(give ? [] : ['What it has there by other roles, groups or paths above it keeps.']),
    ],
    changes: [{ about: who, key: `role on ${path}`, before: give ? null : role.role, after: give ? role.role : null }],
  });
}

/** That the entry is in the list of permissions; or, by null, that it is not. */
function entryFact({ role, who, kind, path }: Grant, is: string | null): Fact {
  const entry = [`[path=${path}]`, `[type=${kind}]`, `[ugid=${who}]`, `[roleid=${role.role}]`];
  return factAt(`role ${role.role} of ${kind} ${who} on ${path}`, '/access/acl', [...entry, 'roleid'], is);
}

export const grant = action({
  id: 'acl.grant',
  verb: 'give a role',
  risk: 'change',
  say: [
    '(give|grant|assign) [role] {role} [role] to [user|token] {user} {*}',
    '(give|grant|assign) [role] {role} [role] to group {group} {*}',
    '(give|grant|assign) [user|token] {user} [role] {role} [role] {+}',
    '(give|grant) [user|token] {user} role {role} {*}',
    '(give|grant) group {group} role {role} {*}',
    '(make) [user] {user} [a|an] {role} {+}',
  ],
  input,
  plan: (planning, { input: said }) => changeAcl(planning, said, true),
  examples: [
    {
      say: 'give role PVEVMUser to ben@pve on pool production',
      sends: ['PUT /access/acl path=/pool/production roles=PVEVMUser users=ben@pve'],
    },
    {
      say: 'grant ben@pve PVEAuditor on storage local-zfs',
      sends: ['PUT /access/acl path=/storage/local-zfs roles=PVEAuditor users=ben@pve'],
    },
    {
      say: 'grant PVEAuditor to group operators on everything',
      sends: ['PUT /access/acl path=/ roles=PVEAuditor groups=operators'],
    },
    {
      say: 'grant PVEVMAdmin to token anna@pve!ci on vm 104',
      sends: ['PUT /access/acl path=/vms/104 roles=PVEVMAdmin tokens=anna@pve!ci'],
    },
    { say: 'give role Administrator to root@pam on everything', sends: 'clarification' },
    { say: 'give role Emperor to ben@pve on everything', sends: 'clarification' },
    { say: 'give role PVEAuditor to auditor@pve on everything', sends: 'answer' },
  ],
});

export const revoke = action({
  id: 'acl.revoke',
  verb: 'take a role away',
  risk: 'disruptive',
  say: [
    '(revoke|take|take away|withdraw|remove) [role] {role} [role] from [user|token] {user} {*}',
    '(revoke|take|take away|withdraw|remove) [role] {role} [role] from group {group} {*}',
    '(revoke|withdraw) role {role} of [user|token] {user} {*}',
  ],
  input,
  plan: (planning, { input: said }) => changeAcl(planning, said, false),
  examples: [
    {
      say: 'revoke PVEAuditor from auditor@pve on everything',
      sends: ['PUT /access/acl path=/ roles=PVEAuditor users=auditor@pve delete=1'],
    },
    { say: 'revoke PVEAdmin from ben@pve on everything', sends: 'answer' },
    { say: 'take role PVEAuditor from nobody@pve on /', sends: 'clarification' },
  ],
});
