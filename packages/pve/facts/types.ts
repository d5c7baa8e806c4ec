import type { DeletePath, GetPath, Params, PostPath, PutPath, Returns } from './routes.gen.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A route as the facts name it: `GET /nodes/{node}/qemu`. */
export type RouteId = keyof Params;

/** The paths that can be called with a method. */
export type PathOf<M extends Method> = { GET: GetPath; POST: PostPath; PUT: PutPath; DELETE: DeletePath }[M];

/** What a route takes: path parameters, and those of the query or body, in one object. */
export type ParamsOf<M extends Method, P extends PathOf<M>> = Params[`${M} ${P}` & RouteId];

/** What a route answers under `data`, as far as the facts tell; read its fields through `values.ts`. */
export type ReturnOf<M extends Method, P extends PathOf<M>> = Returns[`${M} ${P}` & RouteId];

/** A parameter or field, in the words of Proxmox's own schemas. */
export interface Schema {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null' | 'any';
  optional?: true;
  default?: unknown;
  defaultIsDynamic?: true;
  enum?: (string | number | null)[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  patternFlags?: string;
  /** A named format, or the properties of a property string. */
  format?: string | { properties: Record<string, Schema> };
  /** Another parameter that must be given, too. */
  requires?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  in?: 'path';
  /** `net[n]` stands for net0 … up to the second number. */
  index?: [first: number, last: number];
  /** Of a property string: the key that may be left out, another name of a key, and a key that is a value, too. */
  default_key?: true;
  alias?: string;
  keyAlias?: string;
  /** Which variants of an object have the field: those whose `type-property` is one of `instance-types`. */
  oneOf?: Schema[];
  'type-property'?: string;
  'type-property-schema'?: Schema;
  'instance-type'?: string;
  'instance-types'?: string[];
}

/** What a method takes: an object, or parts put together (`allOf`), of which one may have variants (`oneOf`). */
export interface ParameterFacts extends Schema {
  allOf?: Schema[];
}

/** A permission check: `['perm', path, privileges, …]`, `['or', …]`, `['and', …]`, `['userid-param', …]`, … */
export type PermissionCheck = readonly [string, ...unknown[]];

export interface Permissions {
  check?: PermissionCheck;
  /** `all`: whoever is logged in; `world`: everybody. */
  user?: 'all' | 'world';
  /** The method's own code checks more than this. */
  extraChecksInCode?: true;
}

/** What is known about one route. */
export interface RouteFacts {
  id: RouteId;
  method: Method;
  path: string;
  /** The method's name in Proxmox's source. */
  name: string;
  parameters: ParameterFacts;
  returns: Schema;
  /** Null: root@pam only. */
  permissions: Permissions | null;
  /** The parameter that names the node which carries the call out. */
  proxyto?: string;
  proxytoCallback?: true;
  /** Carried out by pvedaemon as root. */
  protected?: true;
  /** False: not with an API token. */
  allowtoken?: false;
  exposeCredentials?: true;
  download?: true;
  /** How the rows of this index name its children, as `{vmid}`. */
  childHref?: string;
  source?: string;
}

/** What a storage of some type can hold, and which options it knows. */
export interface StorageType {
  content: string[];
  defaultContent: string[];
  formats?: string[];
  defaultFormat?: string;
  options: Record<string, ('fixed' | 'optional')[]>;
}
