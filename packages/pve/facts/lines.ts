import { formatLines, roleLine, routeLines, schemaLines, storageTypeLine } from './routes.gen.ts';
import type { Method, RouteFacts, RouteId, Schema, StorageType } from './types.ts';

/** The generated text is cut into lines at first use; a line is parsed when it is looked up, and then kept. */
let routeTexts: Map<string, string> | undefined;
let schemaTexts: string[] | undefined;
const routes = new Map<string, RouteFacts>();
const schemas: Schema[] = [];

function keyed(text: string): Map<string, string> {
  return new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]),
  );
}

function texts(): Map<string, string> {
  return (routeTexts ??= keyed(routeLines));
}

function schema(number: number): Schema {
  const known = schemas[number];
  if (known) return known;
  schemaTexts ??= schemaLines.split('\n');
  // The generator wrote this line as a Schema.
  const parsed = expand(JSON.parse(schemaTexts[number] ?? '{}')) as Schema;
  schemas[number] = parsed;
  return parsed;
}

/** Puts the schemas in place of their numbers, in every map of properties. */
function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand);
  if (value === null || typeof value !== 'object') return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (name !== 'properties') out[name] = expand(inner);
    else out[name] = Object.fromEntries(Object.entries(inner as object).map(([key, n]) => [key, schema(Number(n))]));
  }
  return out;
}

/** All route ids, in the order of the facts. */
export function allRoutes(): RouteId[] {
  // The generator wrote keys and types from one list.
  return [...texts().keys()] as RouteId[];
}

/** Whether a text names a route. */
export function isRouteId(id: string): id is RouteId {
  return texts().has(id);
}

/** The facts of one route; builds nothing for the others. Throws on an id that is none (a bug of the caller's). */
export function routeFacts(id: RouteId): RouteFacts {
  const known = routes.get(id);
  if (known) return known;
  const text = texts().get(id);
  if (text === undefined) throw new Error(`no such route: ${id}`);
  const space = id.indexOf(' ');
  // The ids begin with one of the four methods, and the line was written as RouteFacts.
  const head = { id, method: id.slice(0, space) as Method, path: id.slice(space + 1) };
  const facts = { ...head, ...(expand(JSON.parse(text)) as Omit<RouteFacts, keyof typeof head>) };
  routes.set(id, facts);
  return facts;
}

let formats: Map<string, string> | undefined;
const parsedFormats = new Map<string, Record<string, Schema>>();

/** The properties of a named property-string format (`pve-qm-ide`), or undefined where it is not one. */
export function formatProperties(name: string): Record<string, Schema> | undefined {
  const known = parsedFormats.get(name);
  if (known) return known;
  const text = (formats ??= keyed(formatLines)).get(name);
  if (text === undefined) return undefined;
  // The generator wrote {properties} in each of these lines.
  const { properties } = expand(JSON.parse(text)) as { properties: Record<string, Schema> };
  parsedFormats.set(name, properties);
  return properties;
}

let roles: Readonly<Record<string, readonly string[]>> | undefined;
let types: Readonly<Record<string, StorageType>> | undefined;

/** The built-in roles with their privileges. */
export function builtinRoles(): Readonly<Record<string, readonly string[]>> {
  return (roles ??= JSON.parse(roleLine) as Record<string, string[]>);
}

/** The storage types with what they can hold and which options they know. */
export function storageTypes(): Readonly<Record<string, StorageType>> {
  return (types ??= JSON.parse(storageTypeLine) as Record<string, StorageType>);
}
