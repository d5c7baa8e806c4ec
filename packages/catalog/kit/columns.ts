import type { CellValue, Unit } from '@pxa/contract';
import { type Cell, type Draft, isUnknown, pointer, unknownCell } from './cell.ts';
import { type CellRead, type ColumnType, computedRead, fieldRead, readyRead } from './cell-read.ts';

/** The words for a column, in lower case and the singular; alternatives parted by `|`. */
export interface ColumnWords {
  /** What the column is called: `ip address|address`. */
  words?: string;
  /** The words for each of its values: `{ running: 'running|up|active' }`. */
  values?: Record<string, string>;
  /** For a flag: phrases that say yes, and phrases that say no. */
  yes?: string;
  no?: string;
  /** The kind of thing that its values name: a name of such a thing after "on", "in" or "of" filters on it. */
  names?: EntityKind;
}

export type EntityKind = 'guest' | 'node' | 'storage' | 'pool' | 'tag' | 'user' | 'vlan' | 'bridge';

export interface ColumnDef extends ColumnWords {
  readonly label: string;
  readonly type: ColumnType;
  readonly unit: Unit;
  /** The sources that it is read from; `base` is the list itself. */
  readonly from: readonly string[];
  /** The columns that it is computed from. */
  readonly uses: readonly string[];
  readonly read: CellRead;
}

interface FieldOptions extends ColumnWords {
  /** The source; the list itself where left out. */
  from?: string;
  /** What an absent field stands for, where Proxmox leaves out its default. */
  absent?: CellValue;
  /** Why the field is absent, where the record tells. */
  why?: (data: Readonly<Record<string, unknown>>) => string | undefined;
}

/** A column that is a field of what Proxmox answered; `path` may lead into nested objects (`cpuinfo/model`). */
function field(label: string, path: string, type: ColumnType, unit: Unit, options: FieldOptions): ColumnDef {
  const { from = 'base', absent, why, ...words } = options;
  const read = fieldRead(from, path, type, { absent, why });
  return { label, type, unit, from: [from], uses: [], read, ...words };
}

type Reader = (label: string, path: string, options?: FieldOptions) => ColumnDef;
const fieldOf =
  (type: ColumnType, unit: Unit): Reader =>
  (label, path, options = {}) =>
    field(label, path, type, unit, options);

/** A text. */
export const text = fieldOf('text', 'text');
/** A list of texts; Proxmox parts them by `,`, `;` or spaces. */
export const list = fieldOf('list', 'text');
/** Yes or no; Proxmox writes 1, 0, or nothing. */
export const flag = fieldOf('flag', 'yes_no');
/** A size in bytes. */
export const bytes = fieldOf('number', 'bytes');
/** A share; 1 = 100%. */
export const fraction = fieldOf('number', 'fraction');
/** A stretch of time in seconds. */
export const seconds = fieldOf('number', 'seconds');
/** A point in time, in seconds since 1970. */
export const time = fieldOf('number', 'time');
/** A number of things. */
export const count = fieldOf('number', 'count');
/** Bytes per second. */
export const rate = fieldOf('number', 'rate');

interface ComputedOptions extends ColumnWords {
  unit: Unit;
  type?: ColumnType;
  /** How it is computed, in words that `--explain` shows: `mem / maxmem`. */
  formula: string;
}

/**
 * A column that is computed from others of the same row. It is unknown where one of them is; `compute` may give null
 * where the result has no meaning (a share of nothing).
 */
export function computed(
  label: string,
  uses: readonly string[],
  options: ComputedOptions,
  compute: (...values: never[]) => CellValue,
): ColumnDef {
  const { unit, type = 'number', formula, ...words } = options;
  const read = computedRead(uses, formula, compute);
  return { label, type, unit, from: ['base'], uses, read, ...words };
}

/** A column whose cells the list's reader gave itself. */
export function given(label: string, key: string, type: ColumnType, unit: Unit, words: ColumnWords = {}): ColumnDef {
  const read = readyRead((row) => row.given[key] ?? unknownCell(`Proxmox gave no ${key}`));
  return { label, type, unit, from: ['base'], uses: [], read, ...words };
}

/** A column that is worked out from a whole record (a configuration with numbered keys, say). */
export function extracted(
  label: string,
  type: ColumnType,
  unit: Unit,
  from: string,
  extract: (data: Readonly<Record<string, unknown>>) => { value: CellValue; keys: readonly string[] } | Cell,
  words: ColumnWords = {},
): ColumnDef {
  const read = (row: Draft): Cell => {
    const rec = row.recs[from];
    if (rec === undefined) return unknownCell(`${from} was not read`);
    if (isUnknown(rec)) return unknownCell(rec.unknown);
    const got = extract(rec.data);
    if ('at' in got) return got;
    const at = got.keys.length === 0 ? rec.at : got.keys.map((key) => pointer(rec.at, key)).join(', ');
    return got.value === null ? unknownCell(`not in ${from}`) : { value: got.value, at };
  };
  return { label, type, unit, from: [from], uses: [], read, ...words };
}

/** A column whose cells a further read worked out itself: the record holds them ready, by `key`. */
export function worked(
  label: string,
  source: string,
  key: string,
  type: ColumnType,
  unit: Unit,
  words: ColumnWords = {},
): ColumnDef {
  const read = readyRead((row) => {
    const rec = row.recs[source];
    if (rec === undefined) return unknownCell(`${source} was not read`);
    if (isUnknown(rec)) return unknownCell(rec.unknown);
    const cell = rec.data[key];
    // The reader that worked the cells out put nothing else under its keys.
    return cell === undefined ? unknownCell(`Proxmox gave no ${key}`) : (cell as Cell);
  });
  return { label, type, unit, from: [source], uses: [], read, ...words };
}
