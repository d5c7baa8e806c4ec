import type { Method, ParameterFacts, RouteId, Schema } from './facts/index.ts';
import { fillPath, isRouteId, matchRoute, routeFacts, validate } from './facts/index.ts';
import { encodeForm, formOf } from './form.ts';
import type { Problem } from './problem.ts';
import { readable } from './problem-of-answer.ts';

/** A request that the facts allow, ready for the wire. */
export interface Request {
  readonly routeId: RouteId;
  /** Percent-encoded, without /api2/json and without query. */
  readonly path: string;
  /** What goes into the query or the form: the parameters without those of the path. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The path with the query, as a read sends it. */
  readonly pathAndQuery: string;
  /** The same as `calls` shows it: with /api2/json ahead, and without the values of passwords. */
  readonly shown: string;
  /** The node that the path names. */
  readonly node: string | undefined;
}

/** A call that the facts do not know: a route, or a parameter that is missing or unknown. It is a bug of the caller's. */
export class NotInFacts extends Error {
  override readonly name: string = 'NotInFacts';
}

/** A value that Proxmox would refuse, by parameter. It may have come from a person or from the cluster's own data. */
export class ValueRefused extends NotInFacts {
  override readonly name = 'ValueRefused';
  readonly errors: Record<string, string>;

  constructor(routeId: RouteId, errors: Record<string, string>) {
    const texts = Object.entries(errors).map(([name, text]) => `${name}: ${text.trim()}`);
    super(`${routeId} does not take this: ${texts.join('; ')}`);
    this.errors = errors;
  }
}

/**
 * The request for a route as the facts name it (`/nodes/{node}/qemu`) and all of its parameters in one object.
 *
 * @throws NotInFacts, ValueRefused
 */
export function requestOf(method: Method, template: string, given: object): Request {
  const params: Readonly<Record<string, unknown>> = { ...given };
  const id = `${method} ${template}`;
  if (!isRouteId(id)) throw new NotInFacts(`There is no route ${id}.`);
  const path = filled(template, params);
  const inPath = pathNames(template);
  // Proxmox decodes the path before it cuts it, so a slash in a value could lead to another route, and it takes no
  // white space (pve-common RESTHandler.pm, map_path_to_methods).
  const match = matchRoute(method, path);
  const lost = inPath.find((name) => match?.id !== id || match.pathParams[name] !== String(params[name]));
  if (lost !== undefined) throw new ValueRefused(id, { [lost]: 'this value cannot stand in a path of the API' });
  return finish(id, path, params, new Set(inPath));
}

/**
 * The request for a concrete path (`/nodes/pve1/qemu`), with the parameters that are not in it.
 *
 * @throws NotInFacts, ValueRefused
 */
export function requestAt(method: Method, path: string, params: Readonly<Record<string, unknown>>): Request {
  const match = matchRoute(method, path);
  if (match === undefined) throw new NotInFacts(`There is no route ${method} ${path}.`);
  const template = match.id.slice(match.id.indexOf(' ') + 1);
  for (const name of Object.keys(match.pathParams)) {
    if (name in params) throw new NotInFacts(`${match.id}: ${name} is given in the path already.`);
  }
  const inPath = new Set(pathNames(template));
  return finish(match.id, filled(template, match.pathParams), { ...params, ...match.pathParams }, inPath);
}

function finish(
  routeId: RouteId,
  path: string,
  all: Readonly<Record<string, unknown>>,
  inPath: ReadonlySet<string>,
): Request {
  checkNames(routeId, all);
  const fields = formOf(all);
  const errors = validate(routeId, Object.fromEntries(fields));
  if (Object.keys(errors).length > 0) throw new ValueRefused(routeId, errors);
  const params = Object.fromEntries(fields.filter(([name]) => !inPath.has(name)));
  const node = typeof all['node'] === 'string' && inPath.has('node') ? all['node'] : undefined;
  return {
    routeId,
    path,
    params,
    pathAndQuery: withQuery(path, params),
    shown: `/api2/json${withQuery(path, withoutSecrets(params))}`,
    node,
  };
}

function withQuery(path: string, params: Readonly<Record<string, unknown>>): string {
  const query = encodeForm(params);
  return query === '' ? path : `${path}?${query}`;
}

/** Parameters of reads and deletions that hold a secret: of scans for CIFS and PBS, of second factors, of consoles. */
const SECRET_NAMES = /^(?:password|(?:vnc)?ticket|lock-token)$/;

function withoutSecrets(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, SECRET_NAMES.test(name) ? 'hidden' : value]),
  );
}

/** Percent-encoding that leaves readable what a path may hold: UPIDs and volume ids keep their colons. */
function filled(template: string, params: Readonly<Record<string, unknown>>): string {
  for (const name of pathNames(template)) {
    const value = params[name];
    if (value === undefined || value === null || value === '') throw new NotInFacts(`${template}: ${name} is missing.`);
  }
  return fillPath(template, params).replace(/%(?:3A|40|2C|2B|3D)/g, decodeURIComponent);
}

function pathNames(template: string): string[] {
  return [...template.matchAll(/\{([^}]+)\}/g)].map((found) => found[1] ?? '');
}

function checkNames(routeId: RouteId, params: Readonly<Record<string, unknown>>): void {
  const { parameters } = routeFacts(routeId);
  for (const name of Object.keys(params)) {
    if (params[name] !== undefined && !isKnown(parameters, name)) {
      throw new NotInFacts(`${routeId} has no parameter ${name}.`);
    }
  }
  for (const [name, schema] of Object.entries(parameters.properties ?? {})) {
    const isMissing = params[name] === undefined || params[name] === null;
    if (isMissing && schema.optional !== true && schema.index === undefined) {
      throw new NotInFacts(`${routeId}: the parameter ${name} is missing.`);
    }
  }
}

function isKnown(facts: ParameterFacts | Schema, name: string): boolean {
  const { properties = {}, additionalProperties } = facts;
  if (name in properties || (additionalProperties !== undefined && additionalProperties !== false)) return true;
  if ('type-property' in facts && facts['type-property'] === name) return true;
  const parts = [...(facts.oneOf ?? []), ...('allOf' in facts ? (facts.allOf ?? []) : [])];
  if (parts.some((part) => isKnown(part, name))) return true;
  const numbered = /^(.*?)(\d+)$/.exec(name);
  return numbered !== null && isIndexed(properties, numbered[1] ?? '', Number(numbered[2]));
}

function isIndexed(properties: Record<string, Schema>, stem: string, number: number): boolean {
  const index = properties[`${stem}[n]`]?.index;
  return index !== undefined && number >= index[0] && number <= index[1];
}

/** What a person reads of a request that was not sent because of what it holds. */
export function invalidProblem(error: NotInFacts): Problem {
  return {
    kind: 'invalid',
    status: 0,
    message: readable(error.message),
    next_step: 'Correct what is named, then ask again. Nothing was sent.',
    ...(error instanceof ValueRefused ? { errors: error.errors } : {}),
  };
}
