import type { Schema } from '../types.ts';
import { formatProperties } from '../lines.ts';
import { isPerlFalse, splitList } from '../perl.ts';
import { namedFormat, parseProperties } from '../properties.ts';
import { accessFormats } from './access.ts';
import { clusterFormats } from './cluster.ts';
import { firewallFormats } from './firewall.ts';
import { guestFormats } from './guest.ts';
import { networkFormats } from './network.ts';
import { storageFormats } from './storage.ts';
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
