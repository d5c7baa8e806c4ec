import { allRoutes, routeFacts, type RouteId } from '@pxa/pve/facts';
import type { Behaviours } from '../behaviour.ts';

/** GET /, which the facts do not list: the areas of the API in the order in which PVE::API2 registers them. */
export function rootIndex(): { subdir: string }[] {
  return ['version', 'cluster', 'nodes', 'storage', 'access', 'pools'].map((subdir) => ({ subdir }));
}

/**
 * The routes that only list what is below them, as Proxmox's own index methods do: answered from the facts, in
 * alphabetical order. Each is a GET whose child's name is the one thing that its rows are documented to hold.
 */
export function indexBehaviours(): Behaviours {
  const behaviours: Behaviours = {};
  const children = literalChildren();
  for (const id of allRoutes()) {
    if (!id.startsWith('GET ')) continue;
    const key = indexKey(id);
    const below = children.get(id.slice('GET '.length));
    if (key === undefined || !below) continue;
    const rows = [...below].sort().map((name) => ({ [key]: name }));
    behaviours[id] = () => rows;
  }
  return behaviours;
}

/** What a pure index calls its children: `{subdir}`, `{name}`, …; undefined for lists of things. */
function indexKey(id: RouteId): string | undefined {
  const { childHref, returns } = routeFacts(id);
  const key = /^\{([^}]+)\}$/.exec(childHref ?? '')?.[1];
  if (key === undefined) return undefined;
  const fields = Object.keys(returns.items?.properties ?? {});
  return fields.every((field) => field === key) ? key : undefined;
}

/** The fixed parts that follow each path; paths that are followed by a parameter are lists, not indexes. */
function literalChildren(): Map<string, Set<string>> {
  const children = new Map<string, Set<string>>();
  const lists = new Set<string>();
  for (const id of allRoutes()) {
    const parts = id.slice(id.indexOf(' ') + 2).split('/');
    parts.forEach((part, depth) => {
      const parent = `/${parts.slice(0, depth).join('/')}`;
      if (part.startsWith('{')) lists.add(parent);
      else children.set(parent, (children.get(parent) ?? new Set()).add(part));
    });
  }
  for (const list of lists) children.delete(list);
  return children;
}
