import type { Action, SlotKind } from '@pxa/catalog';
import type { Instant } from '@pxa/contract';
// Its own door: whoever asks once is not to wait for the schemas of everything.
import { instantText } from '@pxa/contract/text';

/** An order in words: what is done, to what, and with what. */
export function saysOrder(action: Action, on: string, input: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(input).map(([name, value]) => {
    const kind = action.input[name]?.kind;
    return `${spaced(name)} ${kind === undefined ? String(value) : saysValue(kind, value)}`;
  });
  const what = on === '' ? action.verb : `${action.verb} ${on}`;
  return given.length === 0 ? what : `${what} (${given.join(', ')})`;
}

/** `diskSize` as `disk size`. */
export function spaced(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}

function saysValue(kind: SlotKind, value: unknown): string {
  if (kind === 'time') return instantText(value as Instant); // What the reader of such slots gives.
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value !== 'number') return String(value);
  if (kind === 'size') return saysSize(value);
  return kind === 'duration' ? `${value} seconds` : String(value);
}

/** The largest unit that a size is a whole number of: it is said back as it was said. */
function saysSize(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let [number, unit] = [bytes, 0];
  while (number !== 0 && number % 1024 === 0 && unit < units.length - 1) [number, unit] = [number / 1024, unit + 1];
  return `${number} ${units[unit] ?? ''}`;
}
