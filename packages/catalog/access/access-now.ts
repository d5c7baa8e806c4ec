import type { Fact } from '@pxa/contract';
import { asFlag, asList, asNumber } from '@pxa/pve/values';
import { CannotPlan, factAt, needed, type Planning, type Rec, type Refusal } from '../kit/index.ts';

/** A user as a plan is made on it. */
export interface UserNow {
  readonly userid: string;
  readonly enabled: boolean;
  /** Seconds since 1970; 0 for never. */
  readonly expire: number;
  readonly groups: readonly string[];
  /** The names of its tokens. */
  readonly tokens: readonly string[];
}

export async function usersNow(planning: Planning): Promise<UserNow[]> {
  const list = needed(await planning.list('/access/users', { full: true }), 'The users');
  return list.map(({ data }) => ({
    userid: String(data['userid']),
    enabled: asFlag(data['enable']) !== false,
    expire: asNumber(data['expire']) ?? 0,
    groups: asList(data['groups']),
    tokens: tokensIn(data['tokens']),
  }));
}

function tokensIn(value: unknown): string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  return all.flatMap((token) =>
    typeof token === 'object' && token !== null && 'tokenid' in token ? [String(token.tokenid)] : [],
  );
}

/** @throws CannotPlan where there is no such user */
export async function userNow(planning: Planning, userid: string): Promise<UserNow> {
  const all = await usersNow(planning);
  const found = all.find((user) => user.userid === userid);
  if (found !== undefined) return found;
  const next = `There are: ${all.map((user) => user.userid).join(', ')}.`;
  throw new CannotPlan({ why: `There is no user ${userid}.`, next, say: 'list users' });
}

/** Who we are to Proxmox, without the token: `root@pam`. */
export const ownUser = ({ self }: Planning): string => self.replace(/!.*$/, '');

/** What is never done to the user and the token that this runs as: who could widen their own rights has all of them. */
export function selfRefusals(planning: Planning, subject: string, what: string): Refusal[] {
  if (subject !== planning.self && subject !== ownUser(planning)) return [];
  return [
    {
      why: `${subject} is whom pxa itself runs as: it does not ${what}.`,
      next: 'Somebody else has to do that, in Proxmox itself.',
    },
  ];
}

/** The groups that we are in: what they are given, we are given. */
export async function ownGroups(planning: Planning): Promise<readonly string[]> {
  const user = (await usersNow(planning)).find(({ userid }) => userid === ownUser(planning));
  return user?.groups ?? [];
}

export interface AclNow {
  readonly path: string;
  readonly type: string;
  readonly who: string;
  readonly role: string;
}

export async function aclNow(planning: Planning): Promise<AclNow[]> {
  const list = needed(await planning.list('/access/acl', {}), 'The permissions');
  return list.map(({ data }) => ({
    path: String(data['path']),
    type: String(data['type']),
    who: String(data['ugid']),
    role: String(data['roleid']),
  }));
}

export interface RoleNow {
  readonly role: string;
  readonly privs: readonly string[];
  /** Proxmox's own, which cannot be changed. */
  readonly builtin: boolean;
}

export async function rolesNow(planning: Planning): Promise<RoleNow[]> {
  const list = needed(await planning.list('/access/roles', {}), 'The roles');
  return list.map(({ data }: Rec) => ({
    role: String(data['roleid']),
    privs: asList(data['privs']),
    builtin: asFlag(data['special']) === true,
  }));
}

/** @throws CannotPlan where there is no such role */
export async function roleNow(planning: Planning, said: string): Promise<RoleNow> {
  const all = await rolesNow(planning);
  const found = all.find(({ role }) => role.toLowerCase() === said.toLowerCase());
  if (found !== undefined) return found;
  throw new CannotPlan({
    why: `There is no role ${said}.`,
    next: `There are: ${all.map(({ role }) => role).join(', ')}.`,
    say: 'list roles',
  });
}

async function groupsNow(planning: Planning): Promise<string[]> {
  return needed(await planning.list('/access/groups', {}), 'The groups').map(({ data }) => String(data['groupid']));
}

export async function groupRefusals(planning: Planning, groups: readonly string[]): Promise<Refusal[]> {
  const known = await groupsNow(planning);
  return groups
    .filter((group) => !known.includes(group))
    .map((group) => ({
      why: `There is no group ${group}.`,
      next: `There are: ${known.join(', ') || 'none'}. To make it: “create group ${group}”.`,
      say: `create group ${group}`,
    }));
}

/** A fact of a user in the list. */
export const userFact = (userid: string, key: string, is: Fact['is'], how?: Fact['how']): Fact =>
  factAt(
    key === 'userid' ? `user ${userid}` : `${key} of user ${userid}`,
    '/access/users',
    [`[userid=${userid}]`, key],
    is,
    how === undefined ? {} : { how },
  );

/** A date as a person reads it. */
export const dateText = (seconds: number): string =>
  seconds === 0 ? 'never' : new Date(seconds * 1_000).toISOString().slice(0, 10);
