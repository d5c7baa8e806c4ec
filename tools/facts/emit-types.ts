import { routesOf } from './source.ts';
import type { SourceFacts, SourceParameters, SourceSchema } from './source.ts';

/** Whether a type is written for what we send (strict) or for what Proxmox sends (numbers come as strings, too). */
type Direction = 'in' | 'out';

const SCALARS: Record<Direction, Record<string, string>> = {
  in: { boolean: 'Flag', integer: 'number', number: 'number', string: 'string', null: 'null' },
  out: { boolean: 'FlagOut', integer: 'NumberOut', number: 'NumberOut', string: 'string', null: 'null' },
};

/** Object types that occur more than once get a name, so that the compiler resolves each of them once. */
class Names {
  private readonly seen = new Map<string, { name: string; uses: number }>();

  use(text: string): string {
    const known = this.seen.get(text);
    if (known) {
      known.uses++;
      return known.name;
    }
    const name = `T${this.seen.size}`;
    this.seen.set(text, { name, uses: 1 });
    return name;
  }

  declarations(): string[] {
    return [...this.seen].map(([text, { name }]) => `interface ${name} ${text}`);
  }
}

function key(name: string, schema: SourceSchema): string {
  if (schema.index) return `[key: \`${name.replace('[n]', '')}\${number}\`]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function isOptional(schema: SourceSchema): boolean {
  return schema.optional === true || (schema.oneOf?.every((one) => one.optional) ?? false);
}

function members(properties: Record<string, SourceSchema>, direction: Direction, names: Names): string[] {
  return Object.entries(properties).map(([name, schema]) => {
    const type = typeOf(schema, direction, names);
    const optional = isOptional(schema);
    const mark = optional && !schema.index ? '?' : '';
    return `${key(name, schema)}${mark}: ${type}${optional ? ' | undefined' : ''}`;
  });
}

function objectType(schema: SourceSchema, direction: Direction, names: Names): string {
  const open = schema.additionalProperties && direction === 'in' ? ['[key: string]: unknown'] : [];
  const all = [...members(schema.properties ?? {}, direction, names), ...open];
  if (all.length === 0) return direction === 'in' ? 'None' : 'Record<string, unknown>';
  return names.use(`{ ${all.join('; ')} }`);
}

function enumType(values: (string | number | null)[], direction: Direction): string {
  const texts = values.filter((value) => typeof value === 'string').map((value) => JSON.stringify(value));
  return direction === 'in' ? texts.join(' | ') || 'string' : [...texts, 'Other'].join(' | ');
}

function typeOf(schema: SourceSchema, direction: Direction, names: Names): string {
  if (schema.oneOf) return schema.oneOf.map((one) => typeOf(one, direction, names)).join(' | ');
  if (schema.type === 'array') {
    const item = schema.items ? typeOf(schema.items, direction, names) : 'unknown';
    return /[ |]/.test(item) ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type === 'object' || schema.properties) return objectType(schema, direction, names);
  if (schema.enum && (schema.type ?? 'string') === 'string') return enumType(schema.enum, direction);
  return SCALARS[direction][schema.type ?? ''] ?? 'unknown';
}

function paramsType(parameters: SourceParameters, names: Names): string {
  if (!parameters.allOf) return objectType(parameters, 'in', names);
  return parameters.allOf
    .map((part) => {
      if (!part.oneOf) return objectType(part, 'in', names);
      const property = part['type-property'] ?? 'type';
      const ones = part.oneOf.map((one) => {
        const chosen = { [property]: { type: 'string', enum: [one['instance-type'] ?? ''] } };
        return objectType({ ...one, properties: { ...chosen, ...one.properties } }, 'in', names);
      });
      return `(${ones.join(' | ')})`;
    })
    .join(' & ');
}

/** The TypeScript declarations of all routes: their ids, parameters and results. */
export function emitTypes(facts: SourceFacts): string {
  const names = new Names();
  const routes = routesOf(facts);
  const params = routes.map(([id, method]) => `  '${id}': ${paramsType(method.parameters, names)};`);
  const returns = routes.map(([id, method]) => {
    const nothing = method.returns.optional ? ' | null' : '';
    return `  '${id}': ${typeOf(method.returns, 'out', names)}${nothing};`;
  });
  const paths = (['GET', 'POST', 'PUT', 'DELETE'] as const).map((verb) => {
    const own = routes.filter(([id]) => id.startsWith(`${verb} `)).map(([id]) => `  | '${id.slice(verb.length + 1)}'`);
    const name = `${verb[0]}${verb.slice(1).toLowerCase()}Path`;
    return `/** Paths that can be called with ${verb}. */\nexport type ${name} =\n${own.join('\n')};`;
  });
  return [
    `/** A boolean as Proxmox takes it. */\nexport type Flag = boolean | 0 | 1;`,
    `/** A boolean as Proxmox may send it. */\nexport type FlagOut = boolean | 0 | 1 | '0' | '1';`,
    `/** A number as Proxmox may send it: which it is depends on Perl's internals. */\nexport type NumberOut = number | string;`,
    `/** A value beyond those that the schema names. */\ntype Other = string & {};`,
    `type None = Record<string, never>;`,
    ...names.declarations(),
    `/** What each route takes: path parameters, and query or body. */\nexport interface Params {\n${params.join('\n')}\n}`,
    `/** What each route answers under \`data\`. */\nexport interface Returns {\n${returns.join('\n')}\n}`,
    ...paths,
  ].join('\n');
}
