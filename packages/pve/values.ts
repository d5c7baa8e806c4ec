/**
 * How to read the fields of Proxmox's answers. Perl decides while it runs whether a field leaves as a number or as a
 * string, booleans are 0, 1 or absent, lists are text; each function here ends one of these oddities, gives null for
 * what is absent or unreadable, and never throws. Null means unknown: it is for the caller to say so, never to show 0.
 */

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/**
 * A number, in the unit that Proxmox sent. Ends: numbers as strings ("0.25", `loadavg`), empty strings, "N/A" and
 * other words (`wearout`), NaN. Booleans are not numbers.
 */
export function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !NUMBER.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A whole number (vmid, port, count); null for fractions and for what JavaScript cannot hold exactly. */
export function asInteger(value: unknown): number | null {
  const number = asNumber(value);
  return number !== null && Number.isSafeInteger(number) ? number : null;
}

const FLAGS: Record<string, boolean> = {
  '1': true,
  on: true,
  yes: true,
  true: true,
  '0': false,
  off: false,
  no: false,
  false: false,
};

/**
 * A boolean. Ends: 0/1 as numbers and as strings, true/false, and the on/yes/true of property strings
 * (pve-common JSONSchema.pm, parse_boolean). Absent is null: whether that means "off" depends on the field.
 */
export function asFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value === 1 ? true : value === 0 ? false : null;
  if (typeof value !== 'string') return null;
  return FLAGS[value.trim().toLowerCase()] ?? null;
}

/**
 * A text. Ends: names and ids of digits only, which arrive as numbers. Null for absent and empty, since Proxmox sends
 * '' where nothing is set (a node's `level` without subscription).
 */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return null;
}

/**
 * A list of texts. Ends: lists written as one text parted by comma, semicolon, blank or NUL (pve-common Tools.pm,
 * split_list), `content` as "images,rootdir", `tags` as "a;b", and the same field as a real array in another call.
 * Absent and empty give an empty list.
 */
export function asList(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(asText).filter((item) => item !== null);
  const text = asText(value);
  return text === null ? [] : text.split(/[,;\s\0]+/).filter((item) => item !== '');
}

/** A JSON object; null for arrays, absent and everything else. */
export function asObject(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  // A parsed JSON object has string keys and values of any kind.
  return value as Record<string, unknown>;
}

/**
 * The rows of a listing. Ends: `null` where there is nothing to list (interfaces of a stopped container), and rows
 * that are no objects, which are left out; `index` is the row's place in the answer, for evidence.
 */
export function asRows(value: unknown): { index: number; row: Record<string, unknown> }[] {
  if (!Array.isArray(value)) return [];
  const rows: { index: number; row: Record<string, unknown> }[] = [];
  value.forEach((item, index) => {
    const row = asObject(item);
    if (row !== null) rows.push({ index, row });
  });
  return rows;
}

/**
 * A point in time, in seconds since 1970. Ends: 0 for "never" (`last_sync` of a replication that has not run,
 * `expire` of a user without end), which is null here, and seconds as strings.
 */
export function asTime(value: unknown): number | null {
  const seconds = asNumber(value);
  return seconds !== null && seconds > 0 ? seconds : null;
}
