import { builtinRoles } from '@pxa/pve/facts';
import { isOn, type AccessConfig, type AccessGroup, type AccessToken, type AccessUser } from './access.ts';

export function findUser(config: AccessConfig, userid: string): AccessUser | undefined {
  return config.users.find((user) => user.userid === userid);
}

/** `full` is `user@realm!token`. */
export function findToken(config: AccessConfig, full: string): AccessToken | undefined {
  return config.tokens.find((token) => token.tokenid === full);
}

export function tokensOf(config: AccessConfig, userid: string): AccessToken[] {
  return config.tokens.filter(({ tokenid }) => tokenid.startsWith(`${userid}!`));
}

export function groupsOf(config: AccessConfig, userid: string): AccessGroup[] {
  return config.groups.filter(({ users }) => users.includes(userid));
}

/** Why the user may not log in, in the words of PVE::AccessControl (check_user_enabled); undefined = may. */
export function userRefusal(config: AccessConfig, userid: string, nowMs: number): string | undefined {
  const user = findUser(config, userid);
  if (!user) return `no such user ('${userid}')`;
  if (!isOn(user.enable, { otherwise: true })) return `user '${userid}' is disabled`;
  return isPast(user.expire, nowMs) ? `user '${userid}' access expired` : undefined;
}

/** The same for a token of a user who may. */
export function tokenRefusal(config: AccessConfig, full: string, nowMs: number): string | undefined {
  const [userid = '', tokenid = ''] = full.split('!');
  const token = findToken(config, full);
  if (!token) return `no such token '${tokenid}' for user '${userid}'`;
  return isPast(token.expire, nowMs) ? `token '${tokenid}' access expired` : undefined;
}

function isPast(expire: number | string | undefined, nowMs: number): boolean {
  const seconds = Number(expire ?? 0);
  return seconds > 0 && seconds * 1000 < nowMs;
}

/** The privileges of a built-in role or one of the cluster's own. */
export function rolePrivileges(config: AccessConfig, roleid: string): readonly string[] | undefined {
  return builtinRoles()[roleid] ?? config.roles.find((role) => role.roleid === roleid)?.privs;
}

/** The group's id; throws where there is no such group. */
export function knownGroup(config: AccessConfig, groupid: string): string {
  if (!config.groups.some((group) => group.groupid === groupid)) throw new Error(`group '${groupid}' does not exist`);
  return groupid;
}
