const GET = 'GET ';

/** What can follow a path that was typed in part. */
export interface NextSegments {
  /** The longest part of the path that the API knows. */
  parent: string;
  /** The segments below it; parameters in braces. */
  below: string[];
}

/** The segments that the API knows below the longest known beginning of `path`. `routes` are ids such as `GET /nodes`. */
export function nextSegments(routes: readonly string[], path: string): NextSegments {
  const templates = routes.filter((id) => id.startsWith(GET)).map((id) => segmentsOf(id.slice(GET.length)));
  const typed = segmentsOf(path);
  let matching = templates;
  let depth = 0;
  for (const segment of typed) {
    const next = matching.filter((template) => fits(template[depth], segment));
    // A literal segment is meant where there is one, as in Proxmox's own lookup.
    const literal = next.filter((template) => template[depth] === segment);
    if (next.length === 0) break;
    matching = literal.length > 0 ? literal : next;
    depth += 1;
  }
  const below = new Set(matching.map((template) => template[depth]).filter((segment) => segment !== undefined));
  return { parent: `/${typed.slice(0, depth).join('/')}`, below: [...below].sort() };
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function fits(template: string | undefined, segment: string): boolean {
  return template !== undefined && (template === segment || template.startsWith('{'));
}

/** Completions of the last, unfinished segment of a path, each a whole path: `/clu` → `/cluster`, `/cluster/`. */
export function completePath(routes: readonly string[], typed: string): string[] {
  const cut = typed.lastIndexOf('/');
  const parent = cut <= 0 ? '/' : typed.slice(0, cut);
  const { parent: known, below } = nextSegments(routes, parent);
  if (segmentsOf(known).length !== segmentsOf(parent).length) return [];
  const start = known === '/' ? '' : known;
  return below
    .filter((segment) => !segment.startsWith('{') && segment.startsWith(typed.slice(cut + 1)))
    .map((segment) => `${start}/${segment}`);
}
