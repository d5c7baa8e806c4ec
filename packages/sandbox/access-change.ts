import { isOn, normalizePath, type AccessConfig, type AclEntry } from './access.ts';

/** Paths that an ACL entry may stand on (PVE::AccessControl::check_path). */
const NAME = '[A-Za-z0-9._-]+';
const ACL_PATHS = [
  '/',
  `/access(?:/(?:groups|realm)(?:/${NAME})?)?`,
  `/nodes(?:/${NAME})?`,
  `/pool(?:/${NAME}){0,3}`,
  `/sdn(?:/(?:zones(?:/${NAME}(?:/${NAME}(?:/[1-9][0-9]{0,3})?)?)?|${NAME}(?:/${NAME})?))?`,
  `/storage(?:/${NAME})?`,
  '/vms(?:/[1-9][0-9]{2,})?',
  `/mapping(?:/${NAME}){0,2}`,
].map((pattern) => new RegExp(`^${pattern}$`));

/** The path as the ACL holds it; undefined where none may stand there. */
export function aclPath(path: string): string | undefined {
  const normal = normalizePath(path);
  return normal !== undefined && ACL_PATHS.some((pattern) => pattern.test(normal)) ? normal : undefined;
}

/** The configuration without an ACL entry that stands for the same; with `entry` in its place, unless it is to go. */
export function withAclEntry(config: AccessConfig, entry: AclEntry, action: 'set' | 'remove'): AccessConfig {
  const others = config.acl.filter((other) => !isSame(other, entry));
  return { ...config, acl: action === 'set' ? [...others, entry] : others };
}

function isSame(a: AclEntry, b: AclEntry): boolean {
  return a.path === b.path && a.type === b.type && a.ugid === b.ugid && a.roleid === b.roleid;
}

/** Without a user, the tokens, group memberships and ACL entries of that user. */
export function withoutUser(config: AccessConfig, userid: string): AccessConfig {
  const isTheirs = (tokenid: string): boolean => tokenid.startsWith(`${userid}!`);
  return {
    ...config,
    users: config.users.filter((user) => user.userid !== userid),
    tokens: config.tokens.filter(({ tokenid }) => !isTheirs(tokenid)),
    groups: config.groups.map((group) => ({ ...group, users: group.users.filter((member) => member !== userid) })),
    acl: config.acl.filter(
      ({ type, ugid }) => !(type === 'user' && ugid === userid) && !(type === 'token' && isTheirs(ugid)),
    ),
  };
}

export function withoutToken(config: AccessConfig, full: string): AccessConfig {
  return {
    ...config,
    tokens: config.tokens.filter(({ tokenid }) => tokenid !== full),
    acl: config.acl.filter(({ type, ugid }) => type !== 'token' || ugid !== full),
  };
}

export function withoutGroup(config: AccessConfig, groupid: string): AccessConfig {
  return {
    ...config,
    groups: config.groups.filter((group) => group.groupid !== groupid),
    acl: config.acl.filter(({ type, ugid }) => type !== 'group' || ugid !== groupid),
  };
}

/** With a user in exactly these groups; `keep` leaves the others that the user is in. */
export function withMembership(
  config: AccessConfig,
  userid: string,
  groups: readonly string[],
  others: 'keep' | 'leave',
): AccessConfig {
  return {
    ...config,
    groups: config.groups.map((group) => {
      const rest = group.users.filter((member) => member !== userid);
      const stays = others === 'keep' && rest.length < group.users.length;
      return { ...group, users: stays || groups.includes(group.groupid) ? [...rest, userid] : rest };
    }),
  };
}

/** 0 or 1 as user.cfg writes it; absent where the parameter is. */
export function asFlag(value: unknown): 0 | 1 | undefined {
  if (value === undefined) return undefined;
  return isOn(value as boolean | number | string, { otherwise: false }) ? 1 : 0; // validated as a boolean of Proxmox
}

/** The entries of a list parameter. */
export function asList(value: unknown): string[] {
  const text = Array.isArray(value) ? value.join(',') : value === undefined ? '' : String(value);
  return text.split(/[,;\s\0]+/).filter((entry) => entry !== '');
}
