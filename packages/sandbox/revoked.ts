import { routeFacts } from '@pxa/pve/facts';
import type { Access, AccessConfig, Privileges, Verdict } from './access.ts';
import { Refusal, runCheck } from './access/check.ts';
import { PrivilegeTable } from './access/privileges.ts';

/** A privilege that is held back; `on` a path and below it, else everywhere. */
export interface Revoked {
  privilege: string;
  on?: string | undefined;
}

class ReducedTable extends PrivilegeTable {
  private readonly revoked: readonly Revoked[];

  constructor(config: AccessConfig, revoked: readonly Revoked[]) {
    super(config);
    this.revoked = revoked;
  }

  override on(authid: string, path: string | undefined): Privileges {
    return reduce(super.on(authid, path), path ?? '', this.revoked);
  }
}

/** The same caller without some privileges. root@pam itself, which is never checked, keeps its calls. */
export function withoutPrivileges(access: Access, config: AccessConfig, revoked: readonly Revoked[]): Access {
  const table = new ReducedTable(config, revoked);
  const privileges = (path: string): Privileges => reduce(access.privileges(path), path, revoked);
  return {
    ...access,
    privileges,
    can: (path, priv) => priv in privileges(path),
    canAny: (path, privs) => privs.some((priv) => priv in privileges(path)),
    paths: () => {
      const reduced = Object.entries(access.paths()).map(
        ([path, held]) => [path, reduce(held, path, revoked)] as const,
      );
      return Object.fromEntries(reduced.filter(([, held]) => Object.keys(held).length > 0));
    },
    checkRoute: (route, params) => {
      const verdict = access.checkRoute(route, params);
      const check = routeFacts(route).permissions?.check;
      if (!verdict.ok || !check || access.authid === null || access.authid === 'root@pam') return verdict;
      return asVerdict(() => runCheck({ table, authid: access.authid ?? '', params, quiet: false }, check));
    },
  };
}

function asVerdict(run: () => void): Verdict {
  try {
    run();
    return { ok: true };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { ok: false, status: refusal.status, message: refusal.message };
  }
}

function reduce(held: Privileges, path: string, revoked: readonly Revoked[]): Privileges {
  const gone = revoked.filter(
    ({ on }) => on === undefined || path === on || path.startsWith(`${on.replace(/\/$/, '')}/`),
  );
  if (gone.length === 0) return held;
  const names = new Set(gone.map(({ privilege }) => privilege));
  return Object.fromEntries(Object.entries(held).filter(([name]) => !names.has(name)));
}
