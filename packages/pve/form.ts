/** A parameter as a form holds it: its name, and a text, or texts where it is a list. */
export type Field = readonly [name: string, value: string | string[]];

/** Parameters as texts, sorted by name: booleans as 1 and 0, absent ones left out, lists kept as lists. */
export function formOf(params: Readonly<Record<string, unknown>>): Field[] {
  const fields: Field[] = [];
  for (const name of Object.keys(params).toSorted()) {
    const value = params[name];
    if (value === undefined || value === null) continue;
    fields.push([name, Array.isArray(value) ? value.map(textOf) : textOf(value)]);
  }
  return fields;
}

/**
 * One value as Proxmox takes it: booleans strictly as 1 or 0 (pve-common JSONSchema.pm).
 *
 * @throws TypeError for objects and other values that no form can hold.
 */
function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  throw new TypeError(`a parameter cannot be ${typeof value === 'object' ? 'an object' : String(value)}`);
}

/**
 * The parameters as query or form body. A list becomes a repeated name. Everything that Proxmox's parser would stumble
 * over (`;`, `+`, a second `=`) is percent-encoded (pve-http-server AnyEvent.pm, decode_urlencoded).
 */
export function encodeForm(params: Readonly<Record<string, unknown>>): string {
  return formOf(params)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item) => [name, item] as const))
    .map(([name, item]) => `${encodeURIComponent(name)}=${encodeURIComponent(item)}`)
    .join('&');
}
