import { formatSize } from '../size.ts';
import type { Schema } from '../facts/types.ts';
import type { PropertyFormat } from '../facts/properties.ts';
import { refuseMisfits } from '../facts/formats/index.ts';
import { refuse } from '../facts/formats/refuse.ts';

type Data = Readonly<Record<string, string | number | undefined>>;

function valueText(key: string, value: string | number, schema: Schema | undefined): string {
  if (schema?.format === 'disk-size') return formatSize(Number(value));
  const text = String(value);
  if (text.includes(',')) refuse(`illegal value with commas for ${key}`);
  return text;
}

/** Which key carries which other one as its value: model → macaddr (`virtio=BC:24:…`). */
function combinations(properties: Record<string, Schema>): Map<string, string> {
  const pairs = Object.values(properties).flatMap(({ alias, keyAlias }): [string, string][] =>
    alias !== undefined && keyAlias !== undefined ? [[keyAlias, alias]] : [],
  );
  return new Map(pairs);
}

function partOf(
  key: string,
  data: Data,
  properties: Record<string, Schema>,
  { combined, bare }: { combined: string | undefined; bare: boolean },
): string {
  const schema = properties[key];
  const value = data[key] ?? '';
  const other = combined === undefined ? undefined : data[combined];
  if (combined !== undefined && other !== undefined) {
    return `${valueText(key, value, schema)}=${valueText(combined, other, properties[combined])}`;
  }
  const meant = schema?.alias === undefined ? schema : properties[schema.alias];
  if (!meant) refuse(`invalid key '${key}'`);
  const text = valueText(key, value, meant);
  return bare ? text : `${key}=${text}`;
}

/**
 * A property string of its values: the default key first and bare, then the required ones, then the rest, each in
 * order of their names; sizes (in bytes) in their largest unit (PVE::JSONSchema::print_property_string). Refuses
 * (FormatError) what the format does not take.
 */
export function printProperties(format: PropertyFormat, data: Data, skip: readonly string[] = []): string {
  const { properties } = format;
  // Keys that the schema does not know come to light while printing.
  refuseMisfits('', properties, data, { additional: true });
  const printed: Data = format.validate ? format.validate(definedOnly(data)) : data;
  const combine = combinations(properties);
  const names = Object.keys(printed).sort();
  const defaultKey = Object.keys(properties).find((key) => properties[key]?.default_key);
  const required = names.filter((key) => properties[key] && !properties[key].optional);
  const done = new Set(skip);
  const parts: string[] = [];
  for (const key of [...(defaultKey === undefined ? [] : [defaultKey]), ...required, ...names]) {
    if (done.has(key)) continue;
    done.add(key);
    if (printed[key] === undefined) continue;
    const combined = combine.get(key);
    parts.push(partOf(key, printed, properties, { combined, bare: key === defaultKey }));
    if (combined !== undefined && printed[combined] !== undefined) done.add(combined);
  }
  return parts.join(',');
}

function definedOnly(data: Data): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}
