import { AccessTree, ownerOf } from './tree.ts';
import type { Roles } from './tree.ts';
import type { AccessConfig } from './config.ts';

/** Privileges on a path, each with its propagate flag. */
export type Privileges = Readonly<Record<string, 0 | 1>>;

const NONE: Privileges = Object.freeze({});

/** Paths that GET /access/permissions always looks at (RPCEnvironment::get_effective_permissions). */
const TOP_PATHS = ['/', '/access', '/access/groups', '/mapping', '/nodes', '/pool', '/sdn', '/storage', '/vms'];

/** Every privilege there is, by the role that holds them all. */
function everything(tree: AccessTree): Privileges {
  return Object.fromEntries((tree.roles.get('Administrator') ?? []).map((priv) => [priv, 1]));
}

/**
 * What users and tokens may do under one configuration, computed once per caller and path
 * (PVE::RPCEnvironment::permissions and compile_acl_path).
 */
export class PrivilegeTable {
  readonly tree: AccessTree;
  private readonly all: Privileges;
  private readonly known = new Map<string, Map<string, Privileges>>();
  private readonly byRoles = new Map<string, Privileges>();
  private readonly poolRoles = new Map<string, Roles>();

  constructor(config: AccessConfig) {
    this.tree = new AccessTree(config);
    this.all = everything(this.tree);
  }

  /** The privileges of a user or token on a path that is normalised; none on no path. */
  on(authid: string, path: string | undefined): Privileges {
    if (authid === 'root@pam') return this.all;
    if (path === undefined) return NONE;
    let mine = this.known.get(authid);
    if (!mine) this.known.set(authid, (mine = new Map()));
    const key = this.tree.samePrivileges(path);
    let found = mine.get(key);
    if (!found) mine.set(key, (found = this.compile(authid, key)));
    return found;
  }

  private compile(authid: string, path: string): Privileges {
    const owner = ownerOf(authid);
    if (owner === undefined) return this.ofRoles(this.rolesWithPools(authid, path));
    const separated = this.tree.tokens.get(authid);
    if (separated === undefined) return NONE;
    const ofOwner = this.on(owner, path);
    if (!separated) return ofOwner;
    const own = this.ofRoles(this.rolesWithPools(authid, path));
    if (owner === 'root@pam') return own;
    const shared = Object.entries(own).filter(([priv]) => priv in ofOwner);
    return Object.fromEntries(shared.map(([priv, propagate]) => [priv, ofOwner[priv] ? propagate : 0]));
  }

  /** Roles on a pool count on its members, without propagating; NoAccess on either side wins. */
  private rolesWithPools(authid: string, path: string): Roles {
    const roles = this.tree.rolesOf(authid, path);
    const pools = this.tree.poolsOf.get(path);
    if (!pools || roles.has('NoAccess')) return roles;
    const fromPools = pools.flatMap((pool) => [...this.rolesOnPool(authid, pool).keys()]);
    if (fromPools.includes('NoAccess')) return new Map([['NoAccess', 0]]);
    return new Map([...fromPools.map((role): [string, 0] => [role, 0]), ...roles]);
  }

  private rolesOnPool(authid: string, pool: string): Roles {
    const key = `${authid} ${pool}`;
    let found = this.poolRoles.get(key);
    if (!found) this.poolRoles.set(key, (found = this.tree.rolesOf(authid, `/pool/${pool}`)));
    return found;
  }

  /** A privilege propagates where any of the roles that hold it does. */
  private ofRoles(roles: Roles): Privileges {
    if (roles.size === 0) return NONE;
    const key = [...roles].join(' ');
    const known = this.byRoles.get(key);
    if (known) return known;
    const privileges: Record<string, 0 | 1> = {};
    for (const [role, propagate] of roles) {
      for (const priv of this.tree.roles.get(role) ?? []) privileges[priv] = privileges[priv] || propagate;
    }
    this.byRoles.set(key, privileges);
    return privileges;
  }

  /** All paths that are worth asking about: the top ones, those of the ACL, and the members of pools. */
  everyPath(): string[] {
    return [...new Set([...TOP_PATHS, ...this.tree.paths, ...this.tree.poolsOf.keys()])];
  }
}

const tables = new WeakMap<AccessConfig, PrivilegeTable>();

/** The table of a configuration, made once for as long as that object lives. */
export function privilegeTable(config: AccessConfig): PrivilegeTable {
  let table = tables.get(config);
  if (!table) tables.set(config, (table = new PrivilegeTable(config)));
  return table;
}
