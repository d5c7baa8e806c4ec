import { allRoutes } from './lines.ts';
import type { Method, RouteId } from './types.ts';

/** A station of the tree of paths: literal children, at most one parameter, and the methods that end here. */
interface Branch {
  literal: Map<string, Branch>;
  parameter?: { name: string; branch: Branch };
  ids: Partial<Record<string, RouteId>>;
}

export interface RouteMatch {
  id: RouteId;
  pathParams: Record<string, string>;
}

/**
 * Below these paths what follows is one value, slashes and all (their `fragmentDelimiter` is empty): a volume's id, an
 * address of an IP set.
 */
const TAKES_ALL = /^\/nodes\/\{node\}\/storage\/\{storage\}\/content$|\/firewall\/ipset\/\{name\}$/;

let tree: Branch | undefined;

function newBranch(): Branch {
  return { literal: new Map(), ids: {} };
}

function step(branch: Branch, part: string): Branch {
  if (part.startsWith('{')) return (branch.parameter ??= { name: part.slice(1, -1), branch: newBranch() }).branch;
  let child = branch.literal.get(part);
  if (!child) branch.literal.set(part, (child = newBranch()));
  return child;
}

function build(): Branch {
  const root = newBranch();
  for (const id of allRoutes()) {
    const space = id.indexOf(' ');
    const parts = id.slice(space + 2).split('/');
    let branch = root;
    for (const part of parts) if (part !== '') branch = step(branch, part);
    branch.ids[id.slice(0, space)] = id;
  }
  return root;
}

/** Percent-decoding as Perl's URI::Escape does it: what is no escape stays as it is. */
function unescape(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25');
  try {
    return decodeURIComponent(bytes);
  } catch {
    return Buffer.from(
      bytes.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
      'latin1',
    ).toString('utf8');
  }
}

function walk(parts: string[], pathParams: Record<string, string>): Branch | undefined {
  let branch = (tree ??= build());
  let template = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    const literal = branch.literal.get(part);
    if (literal) {
      branch = literal;
      template += `/${part}`;
      continue;
    }
    if (!branch.parameter) return undefined;
    const whole = TAKES_ALL.test(template) ? parts.slice(i).join('/') : part;
    const value = /^(\S+)\n?$/.exec(whole)?.[1];
    if (value === undefined) return undefined;
    pathParams[branch.parameter.name] = value;
    template += `/{${branch.parameter.name}}`;
    branch = branch.parameter.branch;
    if (whole !== part) break;
  }
  return branch;
}

/**
 * Which route a request goes to: `path` as on the wire (percent-encoded) without `/api2/json` and without a query.
 * As the real server does, the path is decoded before it is cut, empty parts are skipped, a part with white space
 * matches nothing, and a volume id or an IP set's address takes all that is left (PVE::RESTHandler, map_path_to_methods).
 */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  const pathParams: Record<string, string> = {};
  const parts = unescape(path)
    .split('/')
    .filter((part) => part !== '');
  const id = walk(parts, pathParams)?.ids[method as Method];
  return id === undefined ? undefined : { id, pathParams };
}

/**
 * The path of a route with its parameters put in, percent-encoded unless `encode` is false (Proxmox decodes before
 * it cuts the path). Throws where a parameter of the path is missing.
 */
export function fillPath(path: string, params: Readonly<Record<string, unknown>>, { encode = true } = {}): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === null || value === '') throw new Error(`${path}: ${name} is missing`);
    return encode ? encodeURIComponent(String(value)) : String(value);
  });
}
