import { bytes, type ColumnDef, computed, fraction, rate, time } from '../kit/index.ts';

/** Proxmox leaves out what it has no value of: the machine was off, or the version does not record it. */
const noSample = (): string => 'no sample: it was off then, or this version does not record it';
const why = { why: noSample };

const share = (used: number, total: number): number | null => (total > 0 ? used / total : null);

/** The time of a sample. */
export const timeColumn: ColumnDef = time('TIME', 'time', { words: 'time|when|date' });

/** A column of bytes and its total, with the share that they make. */
export function usage(
  label: string,
  keys: { used: string; total: string },
  fields: { used: string; total: string },
): Record<string, ColumnDef> {
  return {
    [keys.used]: bytes(label, fields.used, why),
    [keys.total]: bytes(`MAX ${label}`, fields.total, why),
    [`${keys.used}_share`]: computed(
      `${label} %`,
      [keys.used, keys.total],
      { unit: 'fraction', formula: `${fields.used} / ${fields.total}` },
      share,
    ),
  };
}

export const cpuColumn: ColumnDef = fraction('CPU', 'cpu', why);

/** Bytes a second in this series, where the lists have counters. */
export function rates(
  fields: Readonly<Record<string, readonly [label: string, words: string]>>,
): Record<string, ColumnDef> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, [label, words]]) => [field, rate(label, field, { ...why, words })]),
  );
}

/** Traffic or I/O of both directions. */
export function both(label: string, a: string, b: string): ColumnDef {
  return computed(label, [a, b], { unit: 'rate', formula: `${a} + ${b}` }, (x: number, y: number) => x + y);
}
