import type { FastifyInstance } from 'fastify';

/**
 * Which methods a path is there for, for those that ask for another: RFC 9110 section 15.5.6 wants them told. Called before
 * any route is registered; gives none for a path that there is not.
 */
export function methodsByPath(app: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly url: string; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => void routes.push({ url, methods: [method].flat() }));
  return (path) => {
    const found = routes.filter(({ url }) => isFor(url, path));
    return [...new Set(found.flatMap(({ methods }) => methods))].toSorted();
  };
}

/** Whether a path is one of a route that is written `/v1/vms/:vm_id`, or `/docs/static/*`. */
function isFor(url: string, path: string): boolean {
  const [wanted, parts] = [url.split('/'), path.split('/')];
  if (wanted.at(-1) !== '*' && wanted.length !== parts.length) return false;
  return wanted.every((part, at) => part === '*' || part === parts[at] || (part.startsWith(':') && Boolean(parts[at])));
}
