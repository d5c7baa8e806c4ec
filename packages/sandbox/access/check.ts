import type { PermissionCheck } from '@pxa/pve/facts';
import { isPrivilege, normalizePath } from './tree.ts';
import type { PrivilegeTable } from './privileges.ts';

/** Ends a check with the refusal that Proxmox would send. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** 403 `Permission check failed`, with what was missing where that is told. */
export function permissionRefusal(what?: string): Refusal {
  return new Refusal(403, `Permission check failed${what === undefined ? '' : ` (${what})`}\n`);
}

interface Asked {
  table: PrivilegeTable;
  authid: string;
  params: Readonly<Record<string, unknown>>;
  /** Inside `or`: a refusal is an answer, not an end. */
  quiet: boolean;
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** PVE::Tools::template_replace: what is absent, empty or 0 becomes `-`. */
function fill(template: string, params: Asked['params']): string {
  return template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = text(params[name]);
    return value === '' || value === '0' ? '-' : value;
  });
}

function knownPrivilege(priv: string): void {
  if (!isPrivilege(priv)) throw new Refusal(500, `invalid privilege '${priv}'\n`);
}

function checkAll(asked: Asked, path: string | undefined, privs: readonly string[]): boolean {
  const held = asked.table.on(asked.authid, path);
  for (const priv of privs) {
    knownPrivilege(priv);
    if (priv in held) continue;
    if (asked.quiet) return false;
    throw permissionRefusal(`${path ?? ''}, ${priv}`);
  }
  return true;
}

function checkAny(asked: Asked, path: string | undefined, privs: readonly string[]): boolean {
  const held = asked.table.on(asked.authid, path);
  for (const priv of privs) {
    knownPrivilege(priv);
    if (priv in held) return true;
  }
  if (asked.quiet) return false;
  throw permissionRefusal(`${path ?? ''}, ${privs.join('|')}`);
}

/** The options that follow the fixed parts of a check: name, value, name, value. */
function optionsOf(check: PermissionCheck, from: number): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (let i = from; i < check.length; i += 2) options[String(check[i])] = check[i + 1];
  return options;
}

function checkPerm(asked: Asked, check: PermissionCheck): boolean {
  // The facts file writes ['perm', path, [privileges], …options].
  const [, template, privs] = check as unknown as [string, string, string[]];
  const options = optionsOf(check, 3);
  const required = options['require_param'];
  if (typeof required === 'string' && asked.params[required] === undefined) {
    if (asked.quiet) return false;
    throw permissionRefusal();
  }
  const path = normalizePath(fill(template, asked.params));
  return options['any'] ? checkAny(asked, path, privs) : checkAll(asked, path, privs);
}

function userMustExist(asked: Asked, userid: string): boolean {
  const valid = asked.quiet ? isUserid(userid) : verifyUserid(userid) !== '';
  if (valid && asked.table.tree.users.has(userid)) return true;
  if (asked.quiet) return false;
  throw new Refusal(500, `no such user ('${userid}')\n`);
}

function isUserid(userid: string): boolean {
  try {
    return verifyUserid(userid) !== '';
  } catch {
    return false;
  }
}

/** A user id's realm; refuses as PVE::AccessControl::verify_username does. */
function verifyUserid(userid: string): string {
  const length = [...userid].length;
  if (length < 3) throw new Refusal(500, `user name '${userid}' is too short\n`);
  if (length > 64) throw new Refusal(500, `user name '${userid}' is too long (${length} > 64)\n`);
  const realm = /^[^\s:/]+@([A-Za-z][A-Za-z0-9.\-_]+)$/.exec(userid)?.[1];
  if (realm === undefined) throw new Refusal(500, `value '${userid}' does not look like a valid user name\n`);
  return realm;
}

function checkUseridParam(asked: Asked, subtest: unknown): boolean {
  const userid = text(asked.params['userid']);
  const realm = verifyUserid(userid);
  if (subtest === 'Realm.AllocateUser') return checkAll(asked, `/access/realm/${realm}`, ['Realm.AllocateUser']);
  if (!userMustExist(asked, userid)) return false;
  if (asked.authid === userid) return true;
  if (asked.quiet) return false;
  throw permissionRefusal();
}

function checkUseridGroup(asked: Asked, check: PermissionCheck): boolean {
  // The facts file writes ['userid-group', [privileges], …options].
  const privs = check[1] as string[];
  const groupsParam = optionsOf(check, 2)['groups_param'];
  const userid = text(asked.params['userid']);
  const mustExist = groupsParam !== 'create';
  if (mustExist && !userMustExist(asked, userid)) return false;
  const quiet = { ...asked, quiet: true };
  if (checkAny(quiet, '/access/groups', privs)) return true;

  const allowed = [...asked.table.tree.groups].filter(([group]) => checkAny(quiet, `/access/groups/${group}`, privs));
  if (groupsParam !== undefined) {
    const groups = text(asked.params['groups'])
      .split(/[\s,;\0]+/)
      .filter((group) => group !== '');
    if (groups.length === 0) throw permissionRefusal(`/access/groups, ${privs.join('|')}`);
    const refused = groups.find((group) => !allowed.some(([name]) => name === group));
    if (refused !== undefined) throw permissionRefusal(`/access/groups/${refused}, ${privs.join('|')}`);
  }
  if (!mustExist || allowed.some(([, members]) => members.has(userid))) return true;
  if (asked.quiet) return false;
  throw permissionRefusal();
}

/** Who may change an ACL: Permissions.Modify, or the privilege to allocate what the path names. */
function checkPermModify(asked: Asked, template: unknown): boolean {
  const path = normalizePath(fill(text(template), asked.params));
  if (path === undefined) return false;
  const allocate = { storage: 'Datastore.Allocate', vms: 'VM.Allocate', pool: 'Pool.Allocate' };
  const kind = /^\/(storage|vms|pool)\/./.exec(path)?.[1];
  // The expression above matches these three words only.
  const more = kind === undefined ? [] : [allocate[kind as keyof typeof allocate]];
  return checkAny(asked, path, ['Permissions.Modify', ...more]);
}

/**
 * Carries out a permission check of a method (PVE::RPCEnvironment::exec_api2_perm_check): true, or throws a Refusal;
 * false only where `quiet`. The parts of an `and` refuse aloud even inside an `or`, as the original does.
 */
export function runCheck(asked: Asked, check: PermissionCheck): boolean {
  const [test, ...rest] = check;
  // Members of `and` and `or` are checks themselves.
  const parts = rest as PermissionCheck[];
  switch (test) {
    case 'and':
      for (const part of parts) runCheck({ ...asked, quiet: false }, part);
      return true;
    case 'or':
      if (parts.some((part) => runCheck({ ...asked, quiet: true }, part))) return true;
      if (asked.quiet) return false;
      throw permissionRefusal();
    case 'perm':
      return checkPerm(asked, check);
    case 'userid-param':
      return checkUseridParam(asked, rest[0]);
    case 'userid-group':
      return checkUseridGroup(asked, check);
    case 'perm-modify':
      return checkPermModify(asked, rest[0]);
    default:
      throw new Error(`unknown permission test: ${test}`);
  }
}
