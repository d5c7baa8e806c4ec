import type { CellValue } from '@pxa/contract';

/** One value and where it was read, or how it was computed; `at` of an unknown value (null) begins with `unknown: `. */
export interface Cell {
  readonly value: CellValue;
  readonly at: string;
}

/** A record that Proxmox answered, with the place that it stands at: `calls[0]#/data/3`. */
export interface Rec {
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: string;
}

/** Why a record or a value could not be had: a withheld privilege, a node that does not answer, a field that is not there. */
export interface Unknown {
  readonly unknown: string;
}

/** A row while an answer is made: what was read for it, by source. `base` is what the dataset's list gave. */
export interface Draft {
  readonly id: string;
  readonly recs: Record<string, Rec | Unknown>;
  /** Cells that the list's reader worked out itself (the node whose list it was, a figure parsed from a text). */
  readonly given: Readonly<Record<string, Cell>>;
  /** Cells that take some work, kept so that each is worked out once; there is no map before the first of them. */
  kept: Map<string, Cell> | undefined;
}

/** Most rows have no cells of their own: one object stands for all of these. */
const noCells: Readonly<Record<string, Cell>> = Object.freeze({});

/** A new draft of one record. */
export function draft(id: string, base: Rec | Unknown, given: Readonly<Record<string, Cell>> = noCells): Draft {
  return { id, recs: { base }, given, kept: undefined };
}

/** A value that is not known, and why. */
export function unknownCell(why: string): Cell {
  return { value: null, at: `unknown: ${why}` };
}

export function isUnknown(rec: Rec | Unknown): rec is Unknown {
  return 'unknown' in rec;
}

/** `/data/0` and `net/0` → `/data/0/net~10` (RFC 6901). */
export function pointer(at: string, ...keys: (string | number)[]): string {
  let path = at;
  for (const key of keys) {
    path += '/' + (typeof key === 'number' ? key : key.replaceAll('~', '~0').replaceAll('/', '~1'));
  }
  return path;
}
