import type { Schema } from './types.ts';
import { looksLikeInteger, looksLikeNumber, perlMatches, perlNumber, perlText } from './perl.ts';
import { FormatError } from './formats/refuse.ts';

/** Field → what is wrong with it, in Proxmox's words. */
export type Errors = Record<string, string>;

/** Where findings are put, and how formats are checked: a property string's format leads back to this file. */
export interface Findings {
  readonly errors: Errors;
  readonly checkFormat: (format: NonNullable<Schema['format']>, value: string, path: string) => void;
}

const UNKNOWN = 'property is not defined in schema and the schema does not allow additional properties';
const MISSING = 'property is missing and it is not optional';

function add({ errors }: Findings, path: string, text: string): void {
  const key = path === '' ? '_root' : path;
  // Proxmox joins several findings on one field with a backslash and an n, not with a newline.
  errors[key] = errors[key] === undefined ? text : `${errors[key]}\\n${text}`;
}

/** What Perl's `ref` says of a value that is no scalar. */
function referenceKind(value: unknown): string | undefined {
  if (Array.isArray(value)) return 'ARRAY';
  if (typeof value === 'boolean') return 'JSON::PP::Boolean';
  return typeof value === 'object' && value !== null ? 'HASH' : undefined;
}

function scalarText(value: unknown): string {
  return typeof value === 'number' ? perlText(value) : String(value);
}

/** What is wrong with the type of a value, or undefined. */
function typeProblem(type: string | undefined, value: unknown): string | undefined {
  if (type === undefined || type === 'any') return undefined;
  const failed = `type check ('${type}') failed`;
  const kind = referenceKind(value);
  if (type === 'null') return `${failed} - value is not null`;
  if (type === 'array') return kind === 'ARRAY' ? undefined : failed;
  if (type === 'object') return kind === 'HASH' ? undefined : failed;
  if (kind !== undefined) {
    return type === 'boolean' && kind === 'JSON::PP::Boolean' ? undefined : `${failed} - got ${kind}`;
  }
  const text = scalarText(value);
  const fits =
    type === 'boolean'
      ? text === '1' || text === '0'
      : type === 'integer'
        ? looksLikeInteger(text)
        : type === 'number'
          ? looksLikeNumber(text)
          : true;
  return fits ? undefined : `${failed} - got '${text}'`;
}

function formatProblem(schema: Schema, text: string, path: string, found: Findings): string | undefined {
  if (schema.format === undefined) return undefined;
  try {
    found.checkFormat(schema.format, text, path);
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return `invalid format - ${error.message}`;
    throw error;
  }
}

function boundsProblem(schema: Schema, text: string): string | undefined {
  const length = [...text].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    return `value may only be ${schema.maxLength} characters long`;
  }
  if (schema.minLength !== undefined && length < schema.minLength) {
    return `value must be at least ${schema.minLength} characters long`;
  }
  if (!looksLikeNumber(text)) return undefined;
  const number = perlNumber(text);
  if (schema.maximum !== undefined && number > schema.maximum) {
    return `value must have a maximum value of ${schema.maximum}`;
  }
  if (schema.minimum !== undefined && number < schema.minimum) {
    return `value must have a minimum value of ${schema.minimum}`;
  }
  return undefined;
}

function scalarProblem(schema: Schema, text: string, path: string, found: Findings): string | undefined {
  const format = formatProblem(schema, text, path, found);
  if (format !== undefined) return format;
  if (schema.pattern && !perlMatches(schema.pattern, text, schema.patternFlags)) {
    return 'value does not match the regex pattern';
  }
  const bounds = boundsProblem(schema, text);
  if (bounds !== undefined) return bounds;
  if (schema.enum && !schema.enum.some((one) => String(one) === text)) {
    return `value '${text}' does not have a value in the enumeration '${schema.enum.join(', ')}'`;
  }
  return undefined;
}

/** The variant that an object's own type asks for. Without a type the field is as good as optional. */
function checkVariants(value: unknown, schema: Schema, path: string, found: Findings, instance: unknown): boolean {
  let optional = true;
  for (const variant of schema.oneOf ?? []) {
    if (typeof instance !== 'string' || !variant['instance-types']?.includes(instance)) continue;
    optional = variant.optional === true;
    checkProp(value, variant, path, found);
  }
  return optional;
}

/** Checks one value (PVE::JSONSchema::check_prop). `instance` is what the object's type-property holds. */
export function checkProp(value: unknown, schema: Schema, path: string, found: Findings, instance?: unknown): void {
  const optionalHere = schema.oneOf ? checkVariants(value, schema, path, found, instance) : false;
  if (value === undefined || value === null) {
    const mayMiss = schema.optional || schema.alias !== undefined || schema.type === 'null' || optionalHere;
    if (!mayMiss) add(found, path, MISSING);
    return;
  }
  const type = typeProblem(schema.type, value);
  if (type !== undefined) return add(found, path, type);
  if (Array.isArray(value)) {
    if (schema.items) for (const [i, item] of value.entries()) checkProp(item, schema.items, `${path}[${i}]`, found);
    return;
  }
  if (referenceKind(value) === 'HASH') {
    if (!schema.properties && !schema.additionalProperties) return;
    const additional = schema.additionalProperties ?? true;
    // The kind of the value was found to be HASH.
    return checkObject(path, schema.properties ?? {}, value as Record<string, unknown>, { additional }, found);
  }
  if (typeof value === 'boolean') return;
  const problem = scalarProblem(schema, scalarText(value), path, found);
  if (problem !== undefined) add(found, path, problem);
}

/** `net[n]` with its bounds becomes net0 … net31; what is looked up is kept. */
function schemaOf(properties: Record<string, Schema>, key: string): Schema | undefined {
  if (Object.hasOwn(properties, key)) return properties[key]?.index ? undefined : properties[key];
  const indexed = /^(.*?)(0|[1-9][0-9]{0,5})$/.exec(key);
  if (!indexed) return undefined;
  const schema = Object.hasOwn(properties, `${indexed[1]}[n]`) ? properties[`${indexed[1]}[n]`] : undefined;
  const number = Number(indexed[2]);
  const inside = schema?.index && number >= schema.index[0] && number <= schema.index[1];
  return inside ? schema : undefined;
}

/** Keys of an object with what their names say about bounds: whether others than those of the schema may stand there. */
interface ObjectRules {
  additional: boolean | Schema;
}

/** Checks an object (PVE::JSONSchema::check_object); `path` is empty at the top. */
export function checkObject(
  path: string,
  properties: Record<string, Schema>,
  value: Record<string, unknown>,
  { additional }: ObjectRules,
  found: Findings,
): void {
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const instanceOf = (schema: Schema): unknown => {
    const property = schema['type-property'];
    return property === undefined ? undefined : value[property];
  };
  for (const [key, schema] of Object.entries(properties)) {
    if (!schema.index) checkProp(value[key], schema, at(key), found, instanceOf(schema));
  }
  for (const [key, one] of Object.entries(value)) {
    const schema = schemaOf(properties, key);
    if (!schema) {
      if (additional === false) add(found, at(key), UNKNOWN);
      else if (typeof additional === 'object') checkProp(one, additional, at(key), found);
      continue;
    }
    if (schema.index) checkProp(one, schema, at(key), found);
    const { requires } = schema;
    if (requires !== undefined && one !== undefined && one !== null && (value[requires] ?? undefined) === undefined) {
      add(found, at(requires), `missing property required by '${at(key)}'`);
    }
  }
}
