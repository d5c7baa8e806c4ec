/** One parameter or field as the facts file writes it; see the notes under `meta` in that file. */
export interface SourceSchema {
  type?: string;
  optional?: boolean;
  enum?: (string | number | null)[];
  format?: string | { properties: Record<string, SourceSchema> };
  properties?: Record<string, SourceSchema>;
  additionalProperties?: boolean | SourceSchema;
  items?: SourceSchema;
  oneOf?: SourceSchema[];
  index?: [number, number];
  'instance-type'?: string;
}

/** The parameters of a method: an object, or parts that are put together (HA rules). */
export interface SourceParameters extends SourceSchema {
  allOf?: (SourceSchema & { 'type-property'?: string })[];
}

export interface SourceMethod {
  name: string;
  parameters: SourceParameters;
  returns: SourceSchema;
  permissions: unknown;
}

export interface SourceFacts {
  meta: { version: string };
  roles: Record<string, string[]>;
  storageTypes: Record<string, unknown>;
  formats: Record<string, { kind: string; properties?: Record<string, SourceSchema> }>;
  paths: Record<string, Record<string, SourceMethod>>;
}

/** Every route as `METHOD path`, in the order of the facts file. */
export function routesOf(facts: SourceFacts): [id: string, method: SourceMethod][] {
  return Object.entries(facts.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, method]): [string, SourceMethod] => [`${verb} ${path}`, method]),
  );
}
