import { checkFormat } from '../../packages/pve/facts/formats/index.ts';
import { parseHotplug, parseStartupOrder } from '../../packages/pve/facts/formats/guest.ts';
import * as strings from '../../packages/pve/property-string.ts';
import { formatSize, parseSize } from '../../packages/pve/size.ts';
import { storedTags, tagProblem } from '../../packages/pve/tags.ts';
import type { TagStyle } from '../../packages/pve/tags.ts';
import { decodeUpid, encodeUpid, isErrorStatus, statusType } from '../../packages/pve/upid.ts';
import type { Upid } from '../../packages/pve/upid.ts';
import { archiveInfo, decodeVolid, parseVolname, storedFilename } from '../../packages/pve/volid.ts';
import { compare, compareLines } from './compare.ts';
import type { Difference } from './compare.ts';
import type { PlainVector } from './vectors.ts';
import type { RouteId } from '../../packages/pve/facts/index.ts';

type Check = (vector: PlainVector) => Difference | undefined;

/** What a call gives, or the text with which it refuses. */
function outcome(run: () => unknown): { value: unknown } | { error: string } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof Error) return { error: error.message };
    throw error;
  }
}

const text = (value: unknown): string => String(value);

const format: Check = (v) => {
  const got = outcome(() => checkFormat(text(v['format']), text(v['input'])));
  return compare('error' in got ? got.error : null, v['error'] ?? null);
};

function formatNamed(schema: unknown, name: string): strings.PropertyFormat {
  if (typeof schema !== 'string' || !schema.includes('#')) return strings.namedFormat(name);
  const [route = '', parameter = ''] = schema.split('#');
  return strings.formatOf(route as RouteId, parameter);
}

/** A property string by its schema: what it holds, and how it is written again. */
const bySchema: Check = (v) => {
  const schema = formatNamed(v['schema'], text(v['format']));
  const got = outcome(() => strings.parseProperties(schema, text(v['input']), text(v['key'])));
  if ('error' in got) {
    const wanted = text(v['error']);
    return v['unordered'] ? compareLines(got.error, wanted) : compare(got.error, wanted);
  }
  const difference = compare(got.value, v['parsed']);
  if (difference || v['printed'] === undefined) return difference;
  return compare(strings.printProperties(schema, got.value as strings.Properties), v['printed']);
};

const drive: Check = (v) => {
  const { value, warnings } = strings.readDrive(text(v['key']), text(v['input']));
  const got = { parsed: value ?? null, warnings, printed: value && strings.printDrive(value) };
  const difference = compare(got.parsed, v['parsed']) ?? compare(got.warnings, v['warnings'] ?? []);
  return difference ?? (v['printed'] === undefined ? undefined : compare(got.printed, v['printed']));
};

const ctVolume: Check = (v) => {
  const key = text(v['key']);
  const got = outcome(() => strings.readCtVolume(key, text(v['input'])));
  if ('error' in got) return compare(got.error, v['error'] ?? null);
  const difference = compare(got.value, v['parsed']);
  if (difference || v['printed'] === undefined) return difference;
  return compare(strings.printCtVolume(key, got.value as strings.CtVolume), v['printed']);
};

/** Parsers of the product that only read; nothing stands for null. */
function reading(read: (input: string) => unknown): Check {
  return (v) => {
    const got = outcome(() => read(text(v['input'])));
    return 'error' in got ? compare(got.error, v['error'] ?? null) : compare(got.value ?? null, v['parsed']);
  };
}

const PROPERTY_KINDS: Record<string, Check> = {
  schema: bySchema,
  drive,
  'ct-volume': ctVolume,
  ipconfig: reading(strings.parseIpConfig),
  startup: reading(parseStartupOrder),
  hotplug: reading(parseHotplug),
};

const propertyString: Check = (v) => {
  const check = PROPERTY_KINDS[text(v['kind'])];
  return check ? check(v) : { got: `unknown kind ${text(v['kind'])}`, wanted: 'a known one' };
};

const upid: Check = (v) => {
  if (v['op'] === 'upid_encode') return compare(encodeUpid(v['fields'] as Upid), v['upid']);
  if (v['op'] === 'status_type') {
    const status = text(v['status'] ?? '');
    return compare([statusType(status), isErrorStatus(status)], [v['type'], v['is_error']]);
  }
  const got = outcome(() => decodeUpid(text(v['upid'])));
  return 'error' in got ? compare(got.error, v['error'] ?? null) : compare(got.value, v['decoded']);
};

const size: Check = (v) =>
  v['op'] === 'parse_size'
    ? compare(parseSize(text(v['input'])), v['bytes'])
    : compare(formatSize(Number(v['bytes'])), v['text']);

const tags: Check = (v) => {
  const problem = tagProblem(text(v['input']));
  if (problem !== undefined) return compare(problem, v['error'] ?? null);
  return compare(storedTags(text(v['input']), (v['style'] ?? {}) as TagStyle), v['stored'] ?? null);
};

const VOLID_OPS: Record<string, [read: (v: PlainVector) => unknown, wanted: (v: PlainVector) => unknown]> = {
  volid: [(v) => decodeVolid(text(v['volid'])), (v) => ({ storage: v['storage'], volname: v['volname'] })],
  volname: [(v) => parseVolname(text(v['type']), text(v['volname'])), (v) => v['parsed']],
  filename: [(v) => storedFilename(text(v['filename'])), (v) => v['stored']],
  archive: [(v) => archiveInfo(text(v['archive'])), (v) => v['info']],
};

const volid: Check = (v) => {
  const [read, wanted] = VOLID_OPS[text(v['op'])] ?? [];
  if (!read || !wanted) return { got: `unknown op ${text(v['op'])}`, wanted: 'a known one' };
  const got = outcome(() => read(v));
  return 'error' in got ? compare(got.error, v['error'] ?? null) : compare(got.value, wanted(v));
};

/** The checks of the files whose vectors are no requests. */
export const plainChecks: Record<string, Check> = {
  'format.jsonl': format,
  'propertystring.jsonl': propertyString,
  'upid.jsonl': upid,
  'size.jsonl': size,
  'tags.jsonl': tags,
  'volid.jsonl': volid,
};
