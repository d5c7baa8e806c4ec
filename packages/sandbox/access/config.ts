/** A yes/no as user.cfg, the API or a test writes it. */
export type Switch = boolean | number | string;

export interface AccessUser {
  userid: string;
  enable?: Switch;
  /** Seconds since 1970; 0 or absent: never. */
  expire?: number | string;
  [field: string]: unknown;
}

export interface AccessToken {
  /** `user@realm!name`. */
  tokenid: string;
  /** Absent: 1, the token's privileges are those of its own ACL that its user holds, too. */
  privsep?: Switch;
  expire?: number | string;
  comment?: string;
  [field: string]: unknown;
}

export interface AccessGroup {
  groupid: string;
  users: string[];
  comment?: string;
}

export interface AccessRole {
  roleid: string;
  privs: string[];
}

export interface AccessPool {
  /** Nested pools carry their whole path: `prod/web`. */
  poolid: string;
  vms: (string | number)[];
  storage: string[];
  comment?: string;
}

export interface AclEntry {
  path: string;
  type: 'user' | 'group' | 'token';
  ugid: string;
  roleid: string;
  /** Absent: 1. */
  propagate?: Switch;
}

/**
 * The whole access configuration, as `GET /access/acl` and its siblings write it. Built-in roles are not repeated.
 * It is treated as immutable: what is computed from it is kept for as long as the object lives, so a change makes
 * a new object (a shallow copy with the changed list replaced).
 */
export interface AccessConfig {
  readonly users: readonly AccessUser[];
  readonly groups: readonly AccessGroup[];
  readonly tokens: readonly AccessToken[];
  readonly roles: readonly AccessRole[];
  readonly pools: readonly AccessPool[];
  readonly acl: readonly AclEntry[];
}

/** An access configuration that knows root@pam alone. */
export function emptyAccessConfig(): AccessConfig {
  return {
    users: [{ userid: 'root@pam', enable: 1, expire: 0 }],
    groups: [],
    tokens: [],
    roles: [],
    pools: [],
    acl: [],
  };
}

/** 1, true, '1', 'true', 'on' and 'yes' are on; what is absent is `otherwise`. */
export function isOn(value: Switch | undefined, { otherwise }: { otherwise: boolean }): boolean {
  if (value === undefined) return otherwise;
  return value === true || value === 1 || ['1', 'true', 'on', 'yes'].includes(String(value).toLowerCase());
}
