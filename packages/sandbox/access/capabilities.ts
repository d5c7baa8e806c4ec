import type { PrivilegeTable } from './privileges.ts';

type Capabilities = Record<string, Record<string, 1>>;

/** Which privileges count for which part of the web interface; `dc` is asked on /. */
const COUNTS: Record<string, RegExp> = {
  vms: /^(VM\.|Permissions\.Modify)/,
  access: /^((User|Group)\.|Permissions\.Modify)/,
  storage: /^(Datastore\.|Permissions\.Modify)/,
  nodes: /^(Sys\.|Permissions\.Modify)/,
  sdn: /^(SDN\.|Permissions\.Modify)/,
  dc: /^(Sys\.Audit|Sys\.Modify|SDN\.)/,
  mapping: /^(Mapping\.|Permissions\.Modify)/,
};

/** Roles on a pool show up where the pool's members belong. */
function poolPart(priv: string): string[] {
  if (priv.startsWith('VM.')) return ['vms'];
  if (priv.startsWith('Datastore.')) return ['storage'];
  return priv === 'Permissions.Modify' ? ['vms', 'storage'] : [];
}

function partsOf(path: string, priv: string): string[] {
  const top = /^\/(\w+)/.exec(path)?.[1] ?? 'dc';
  if (top === 'pool') return poolPart(priv);
  return COUNTS[top]?.test(priv) ? [top] : [];
}

/** The `cap` of a login's answer (PVE::RPCEnvironment::compute_api_permission). */
export function capabilities(table: PrivilegeTable, authid: string): Capabilities {
  const cap: Capabilities = Object.fromEntries(Object.keys(COUNTS).map((part) => [part, {}]));
  const required = ['/', '/nodes', '/access/groups', '/vms', '/storage', '/sdn', '/mapping'];
  for (const path of new Set([...required, ...table.tree.paths])) {
    for (const priv of Object.keys(table.on(authid, path))) {
      for (const part of partsOf(path, priv)) (cap[part] ??= {})[priv] = 1;
    }
  }
  return cap;
}
