import { fillPath, routeFacts } from '@pxa/pve/facts';
import type { PermissionCheck, RouteId } from '@pxa/pve/facts';
import { capabilities } from './access/capabilities.ts';
import { permissionRefusal, Refusal, runCheck } from './access/check.ts';
import type { AccessConfig } from './access/config.ts';
import { privilegeTable } from './access/privileges.ts';
import type { Privileges, PrivilegeTable } from './access/privileges.ts';
import { ownerOf } from './access/tree.ts';

export { emptyAccessConfig, isOn } from './access/config.ts';
export type * from './access/config.ts';
export type { Privileges } from './access/privileges.ts';
export { normalizePath } from './access/tree.ts';

/** What a permission check came to; the message ends with its newline, as Proxmox sends it. */
export type Verdict = { ok: true } | { ok: false; status: number; message: string };

/** What one caller may do. */
export interface Access {
  /** `user@realm`, `user@realm!token`, or null for nobody. */
  readonly authid: string | null;
  /** Whether the caller holds a privilege on a path (`/vms/100`). */
  can(path: string, priv: string): boolean;
  /** Whether the caller holds one of several privileges on a path. */
  canAny(path: string, privs: readonly string[]): boolean;
  /** Every privilege on a path with its propagate flag. */
  privileges(path: string): Privileges;
  /** All of `GET /access/permissions`: the paths on which there is a privilege. */
  paths(): Record<string, Privileges>;
  /** The `cap` of a login's answer. */
  capabilities(): Record<string, Record<string, 1>>;
  /** One permission check, in the form of a method's permissions. */
  check(check: PermissionCheck, params: Readonly<Record<string, unknown>>): Verdict;
  /** The permissions of a whole route, ahead of any check in its code, and whether a token may call it. */
  checkRoute(route: RouteId, params: Readonly<Record<string, unknown>>): Verdict;
}

const OK: Verdict = { ok: true };

function verdict(run: () => void): Verdict {
  try {
    run();
    return OK;
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { ok: false, status: refusal.status, message: refusal.message };
  }
}

/** PVE::RPCEnvironment::check_api2_permissions. */
function checkRoute(
  table: PrivilegeTable,
  authid: string | null,
  route: RouteId,
  params: Record<string, unknown>,
): void {
  const facts = routeFacts(route);
  const { permissions } = facts;
  if (facts.allowtoken === false && authid !== null && ownerOf(authid) !== undefined) {
    const uri = fillPath(facts.path, params, { encode: false });
    throw permissionRefusal(`URI '${uri}' not available with API token, need proper ticket.\n`);
  }
  if (authid === null) {
    if (permissions?.user === 'world') return;
    throw permissionRefusal('user != null');
  }
  if (authid === 'root@pam') return;
  if (!permissions) throw permissionRefusal('user != root@pam');
  if (permissions.user === 'all') return;
  if (!permissions.check) throw permissionRefusal();
  runCheck({ table, authid, params, quiet: false }, permissions.check);
}

/** What `authid` (null: nobody) may do under a configuration; results are kept with the configuration. */
export function accessFor(config: AccessConfig, authid: string | null): Access {
  return accessBy(privilegeTable(config), authid);
}

/** What `authid` (null: nobody) may do by a table of privileges. */
export function accessBy(table: PrivilegeTable, authid: string | null): Access {
  const privileges = (path: string): Privileges => (authid === null ? {} : table.on(authid, path));
  return {
    authid,
    privileges,
    can: (path, priv) => priv in privileges(path),
    canAny: (path, privs) => privs.some((priv) => priv in privileges(path)),
    paths: () =>
      Object.fromEntries(
        table
          .everyPath()
          .map((path): [string, Privileges] => [path, privileges(path)])
          .filter(([, held]) => Object.keys(held).length > 0),
      ),
    capabilities: () => capabilities(table, authid ?? ''),
    check: (check, params) => verdict(() => runCheck({ table, authid: authid ?? '', params, quiet: false }, check)),
    checkRoute: (route, params) => verdict(() => checkRoute(table, authid, route, params)),
  };
}
