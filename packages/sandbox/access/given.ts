import { accessBy, type Access } from '../access.ts';
import type { AccessConfig } from './config.ts';
import { PrivilegeTable, type Privileges } from './privileges.ts';

/** What `GET /access/permissions` tells a caller of itself: the paths on which it has privileges. */
export type GivenPrivileges = Readonly<Record<string, Privileges>>;

const NONE: Privileges = Object.freeze({});

/**
 * One caller's privileges as the cluster told them, for a twin whose ACL nobody was allowed to read. What is not listed
 * is the unnamed child of the nearest path that is; a guest that comes into a pool gets the pool's on top.
 */
class GivenTable extends PrivilegeTable {
  private readonly authid: string;
  private readonly given: GivenPrivileges;
  private readonly unlisted = new Map<string, Privileges>();

  constructor(config: AccessConfig, authid: string, given: GivenPrivileges) {
    super(config);
    this.authid = authid;
    this.given = given;
  }

  override on(authid: string, path: string | undefined): Privileges {
    if (authid !== this.authid) return super.on(authid, path);
    if (path === undefined) return NONE;
    const listed = this.given[path];
    if (listed) return listed;
    const above = this.nearest(path);
    const pools = this.tree.poolsOf.get(path);
    // thousands of guests share what they have from above and from their pool
    const key = pools === undefined ? above : `${above} ${pools.join(' ')}`;
    let held = this.unlisted.get(key);
    if (!held) this.unlisted.set(key, (held = this.compileUnlisted(above, pools ?? [])));
    return held;
  }

  /** The nearest path above that is listed; '' where there is none. */
  private nearest(path: string): string {
    for (let above = path; above !== '/' && above !== '';) {
      above = above.slice(0, above.lastIndexOf('/')) || '/';
      if (this.given[above]) return above;
    }
    return '';
  }

  private compileUnlisted(above: string, pools: readonly string[]): Privileges {
    const inherited = Object.entries(this.given[above] ?? NONE).filter(([, propagate]) => propagate === 1);
    const fromPools = pools.flatMap((pool) => Object.keys(this.given[`/pool/${pool}`] ?? NONE));
    return Object.fromEntries([...fromPools.map((priv): [string, 0] => [priv, 0]), ...inherited]);
  }
}

/** What a caller may do by the privileges that it was told to have; everybody else as the configuration says. */
export function givenAccess(
  caller: string,
  given: GivenPrivileges,
): (config: AccessConfig, authid: string | null) => Access {
  const tables = new WeakMap<AccessConfig, GivenTable>();
  return (config, authid) => {
    const table = tables.get(config) ?? new GivenTable(config, caller, given);
    tables.set(config, table);
    return accessBy(table, authid);
  };
}
