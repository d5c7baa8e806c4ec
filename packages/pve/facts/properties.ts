import type { Schema } from './types.ts';
import { perlPattern, splitAt } from './perl.ts';
import { refuse } from './formats/refuse.ts';
import { formatProperties } from './lines.ts';
import { validatorOf } from './formats/validators.ts';

/** What a property string holds: booleans as 0 or 1, all else as text. */
export type Properties = Record<string, string | number>;

/** The properties of a format, and a check of the whole where the format has one. */
export interface PropertyFormat {
  properties: Record<string, Schema>;
  validate?: (parsed: Properties) => Properties;
}

/** A named property-string format. Throws on a name that is none (a bug of the caller's). */
export function namedFormat(name: string): PropertyFormat {
  const properties = formatProperties(name);
  if (!properties) throw new Error(`no such property-string format: ${name}`);
  const validate = validatorOf(name);
  return validate ? { properties, validate } : { properties };
}

/** 1 or 0 for the words that property strings take as booleans, else undefined. */
export function parseBoolean(text: string): 0 | 1 | undefined {
  if (/^(1|on|yes|true)\n?$/i.test(text)) return 1;
  if (/^(0|off|no|false)\n?$/i.test(text)) return 0;
  return undefined;
}

function put(format: Record<string, Schema>, into: Properties, given: string, value: string): void {
  if (into[given] !== undefined) refuse(`duplicate key in comma-separated list property: ${given}`);
  let key = given;
  let schema = own(format, key);
  if (schema?.alias !== undefined) {
    const { alias, keyAlias } = schema;
    if (keyAlias !== undefined) {
      if (into[keyAlias] !== undefined) refuse(`key alias '${keyAlias}' is already defined`);
      into[keyAlias] = key;
    }
    key = alias;
    schema = own(format, key);
  }
  into[key] = schema?.type === 'boolean' ? (parseBoolean(value) ?? value) : value;
}

function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The keys and values of a property string, aliases resolved, nothing else checked; refuses what is no such string. */
export function splitProperties(format: Record<string, Schema>, text: string): Properties {
  const found: Properties = Object.create(null) as Properties;
  const defaultKey = Object.keys(format).find((key) => format[key]?.default_key);
  let bare = false;
  for (const part of splitAt(',', text)) {
    if (perlPattern('^\\s*$').test(part)) continue;
    const pair = perlPattern('^([^=]+)=(.+)$').exec(part);
    if (pair) put(format, found, pair[1] ?? '', pair[2] ?? '');
    else if (part.includes('=')) refuse('missing key in comma-separated list property');
    else {
      if (defaultKey === undefined) refuse('value without key, but schema does not define a default key');
      const taken = found[defaultKey] !== undefined && found[defaultKey] !== '' && found[defaultKey] !== '0';
      if (bare || (taken && found[defaultKey] !== 0)) {
        refuse(`duplicate key in comma-separated list property: ${defaultKey}`);
      }
      bare = true;
      const boolean = format[defaultKey]?.type === 'boolean' ? parseBoolean(part) : undefined;
      found[defaultKey] = boolean ?? part;
    }
  }
  return found;
}
