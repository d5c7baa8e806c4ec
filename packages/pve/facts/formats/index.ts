import type { Schema } from '../types.ts';
import { formatProperties } from '../lines.ts';
import { isPerlFalse, splitList } from '../perl.ts';
import { namedFormat, splitProperties } from '../properties.ts';
import type { Properties, PropertyFormat } from '../properties.ts';
import { checkObject } from '../schema.ts';
import type { Errors } from '../schema.ts';
import { accessFormats } from './access.ts';
import { clusterFormats } from './cluster.ts';
import { firewallFormats } from './firewall.ts';
import { guestFormats } from './guest.ts';
import { networkFormats } from './network.ts';
import { storageFormats } from './storage.ts';
import { FormatError } from './refuse.ts';
import type { FormatCheck } from './refuse.ts';

let checks: Record<string, FormatCheck> | undefined;

/** All checks of single values by the name of their format. */
function allChecks(): Record<string, FormatCheck> {
  return (checks ??= {
    ...networkFormats,
    ...storageFormats,
    ...guestFormats,
    ...accessFormats,
    ...clusterFormats,
    ...firewallFormats,
    string: () => {},
  });
}

/** Whether a name is that of a format that is known here. */
export function isFormat(name: string): boolean {
  return Object.hasOwn(allChecks(), name.replace(/-(list|opt)$/, '')) || formatProperties(name) !== undefined;
}

/**
 * Checks a value against a named format (also NAME-list, NAME-opt) or the properties of a property string; refuses
 * with a FormatError in Proxmox's words (PVE::JSONSchema::check_format). `key` is the prefix of a property string's
 * fields in the text.
 */
export function checkFormat(format: string | { properties: Record<string, Schema> }, value: string, key = ''): void {
  if (typeof format !== 'string') return void parseProperties(format, value, key);
  if (formatProperties(format)) return void parseProperties(namedFormat(format), value, key);
  const [, name = format, kind] = /^(.*?)(?:-(list|opt))?$/.exec(format) ?? [];
  const check = Object.hasOwn(allChecks(), name) ? allChecks()[name] : undefined;
  if (!check) throw new Error(`undefined format '${format}'`);
  if (kind === 'list') for (const one of splitList(value)) check(one);
  else if (kind !== 'opt' || !isPerlFalse(value)) check(value);
}

/** Refuses an object whose properties do not fit, in the words of PVE::Exception: a line for each finding. */
export function refuseMisfits(
  path: string,
  properties: Record<string, Schema>,
  value: Record<string, unknown>,
  rules: { additional: boolean },
): void {
  const errors: Errors = {};
  checkObject(path, properties, value, rules, { errors, checkFormat });
  const findings = Object.entries(errors).map(([key, error]) => `${key}: ${error}\n`);
  if (findings.length > 0) throw new FormatError(`format error\n${findings.join('')}`);
}

/**
 * What a property string holds by its format. Refuses (FormatError) with the texts of
 * PVE::JSONSchema::parse_property_string; `key` is the prefix of the fields in them (`net0`).
 */
export function parseProperties(format: PropertyFormat, text: string, key = ''): Properties {
  const found = splitProperties(format.properties, text);
  refuseMisfits(key, format.properties, found, { additional: false });
  const plain: Properties = { ...found };
  return format.validate ? format.validate(plain) : plain;
}
