import { builtinRoles } from '@pxa/pve/facts';
import { isOn } from './config.ts';
import type { AccessConfig } from './config.ts';

/** Roles that apply somewhere, each with its propagate flag. */
export type Roles = ReadonlyMap<string, 0 | 1>;

type Assigned = Map<string, Map<string, 0 | 1>>;

/** One path of the ACL: who has which roles there. */
interface AclNode {
  children: Map<string, AclNode>;
  users: Assigned;
  groups: Assigned;
  tokens: Assigned;
}

const NO_ROLES: Roles = new Map();

function newNode(): AclNode {
  return { children: new Map(), users: new Map(), groups: new Map(), tokens: new Map() };
}

/** PVE::AccessControl::normalize_path: single slashes, none at the end; undefined where a character is not allowed. */
export function normalizePath(path: string): string | undefined {
  if (path === '' || path === '0') return undefined;
  const single = path.replace(/\/+/g, '/').replace(/\/$/, '');
  const whole = single === '' || single === '0' ? '/' : single.startsWith('/') ? single : `/${single}`;
  return /^[\p{L}\p{N}.\-_/]+\n?$/u.test(whole) ? whole : undefined;
}

function assign(to: Assigned, ugid: string, roleid: string, propagate: 0 | 1): void {
  let roles = to.get(ugid);
  if (!roles) to.set(ugid, (roles = new Map()));
  roles.set(roleid, propagate);
}

/**
 * An access configuration ready to be asked. As the parser of user.cfg does, it passes over entries of the ACL whose
 * member, role or path does not exist, members of groups that do not exist, and a guest's second pool.
 */
export class AccessTree {
  readonly roles: ReadonlyMap<string, readonly string[]>;
  readonly users: ReadonlySet<string>;
  /** Token → whether its privileges are separated from its user's. */
  readonly tokens: ReadonlyMap<string, boolean>;
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  /** `/vms/100` or `/storage/local` → the pools that it is a member of. */
  readonly poolsOf = new Map<string, string[]>();
  /** Every path that an entry of the ACL stands on, with those above it. */
  readonly paths = new Set<string>();
  private readonly groupsOf = new Map<string, string[]>();
  private readonly root = newNode();

  constructor(config: AccessConfig) {
    this.roles = new Map([
      ...config.roles.map((role): [string, string[]] => [role.roleid, role.privs.filter(isPrivilege)]),
      ...Object.entries(builtinRoles()),
    ]);
    this.users = new Set(config.users.map((user) => user.userid).concat('root@pam'));
    this.tokens = new Map(
      config.tokens
        .filter(({ tokenid }) => this.users.has(ownerOf(tokenid) ?? ''))
        .map((token) => [token.tokenid, isOn(token.privsep, { otherwise: true })]),
    );
    this.groups = new Map(
      config.groups.map((group) => [group.groupid, new Set(group.users.filter((user) => this.users.has(user)))]),
    );
    for (const [group, members] of this.groups) {
      for (const user of members) this.groupsOf.set(user, [...(this.groupsOf.get(user) ?? []), group]);
    }
    this.addPools(config);
    this.addAcl(config);
  }

  private addPools(config: AccessConfig): void {
    for (const pool of config.pools) {
      for (const vmid of pool.vms) {
        if (!this.poolsOf.has(`/vms/${vmid}`)) this.poolsOf.set(`/vms/${vmid}`, [pool.poolid]);
      }
      for (const storage of pool.storage) {
        const path = `/storage/${storage}`;
        this.poolsOf.set(path, [...(this.poolsOf.get(path) ?? []), pool.poolid]);
      }
    }
  }

  private addAcl(config: AccessConfig): void {
    for (const entry of config.acl) {
      const path = normalizePath(entry.path);
      if (path === undefined || !this.roles.has(entry.roleid)) continue;
      const known = { user: this.users, group: this.groups, token: this.tokens }[entry.type];
      if (!known.has(entry.ugid)) continue;
      const node = this.nodeAt(path);
      const side = { user: node.users, group: node.groups, token: node.tokens }[entry.type];
      assign(side, entry.ugid, entry.roleid, isOn(entry.propagate, { otherwise: true }) ? 1 : 0);
    }
  }

  private nodeAt(path: string): AclNode {
    let node = this.root;
    this.paths.add('/');
    let here = '';
    for (const part of path.split('/')) {
      if (part === '') continue;
      here += `/${part}`;
      let child = node.children.get(part);
      if (!child) {
        node.children.set(part, (child = newNode()));
        this.paths.add(here);
      }
      node = child;
    }
    return node;
  }

  /**
   * A path on which everybody's privileges are the same as on the given one: itself where the ACL or a pool names it,
   * else any unnamed child of the nearest path that the ACL names. Thousands of guests share one.
   */
  samePrivileges(path: string): string {
    if (this.paths.has(path) || this.poolsOf.has(path)) return path;
    let above = path;
    do above = above.slice(0, above.lastIndexOf('/'));
    while (above !== '' && !this.paths.has(above));
    return `${above}/\0`;
  }

  /**
   * The roles of a user or token on a path: on the way from / to the path, what is found on a level (a token's own
   * entry, else the user's, else those of all its groups) replaces what was inherited; NoAccess stands alone
   * (PVE::AccessControl::roles, pools left aside).
   */
  rolesOf(authid: string, path: string): Roles {
    if (this.tokens.get(authid) === false) return this.rolesOf(ownerOf(authid) ?? '', path);
    const parts = path === '/' ? [''] : path.split('/');
    let node: AclNode | undefined = this.root;
    let roles = NO_ROLES;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] ?? '';
      if (part !== '') node = node.children.get(part);
      if (!node) break;
      roles = this.rolesHere(node, authid, { final: i === parts.length - 1 }) ?? roles;
    }
    const noAccess = roles.get('NoAccess');
    return noAccess === undefined ? roles : new Map([['NoAccess', noAccess]]);
  }

  private rolesHere(node: AclNode, authid: string, { final }: { final: boolean }): Roles | undefined {
    const own = (assigned: Assigned, ugid: string): [string, 0 | 1][] =>
      [...(assigned.get(ugid) ?? [])].filter(([, propagate]) => final || propagate === 1);
    for (const side of [node.tokens, node.users]) {
      const found = own(side, authid);
      if (found.length > 0) return new Map(found);
    }
    if (node.groups.size === 0) return undefined;
    const ofGroups = (this.groupsOf.get(authid) ?? []).flatMap((group) => own(node.groups, group));
    return ofGroups.length > 0 ? new Map(ofGroups) : undefined;
  }
}

/** Privileges that this release knows; others in a role are passed over. */
export function isPrivilege(priv: string): boolean {
  return builtinRoles()['Administrator']?.includes(priv) ?? false;
}

/** The user of a token id, or undefined where it is not one (a token's name has two characters or more). */
export function ownerOf(authid: string): string | undefined {
  return /^([^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+)!([A-Za-z][A-Za-z0-9.\-_]+)$/.exec(authid)?.[1];
}
