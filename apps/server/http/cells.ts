import type { CellValue, Row } from '@pxa/contract';

/** One row's cells as a program takes them: of the type that is asked for, or null. */
export class Cells {
  readonly #row: Row | undefined;

  constructor(row: Row | undefined) {
    this.#row = row;
  }

  text(key: string): string | null {
    const value = this.#value(key);
    return typeof value === 'string' && value !== '' ? value : null;
  }

  number(key: string): number | null {
    const value = this.#value(key);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  whole(key: string): number | null {
    const value = this.number(key);
    return value === null ? null : Math.round(value);
  }

  flag(key: string): boolean | null {
    const value = this.#value(key);
    return typeof value === 'boolean' ? value : null;
  }

  list(key: string): string[] {
    const value = this.#value(key);
    return Array.isArray(value) ? value : [];
  }

  /** Seconds since 1970 as ISO 8601; null where that is no day of a calendar. */
  time(key: string): string | null {
    const at = new Date((this.number(key) ?? Number.NaN) * 1_000);
    return Number.isNaN(at.getTime()) ? null : at.toISOString();
  }

  /** In units of so many, with two decimals. */
  in(unit: number, key: string): number | null {
    const value = this.number(key);
    return value === null ? null : rounded(value / unit);
  }

  /** A share of 1 as percent, with one decimal. */
  percent(key: string): number | null {
    const value = this.number(key);
    return value === null ? null : Math.round(value * 1_000) / 10;
  }

  /** Why a value is null, as the cluster's answer tells it; undefined where it is known, or was not asked for. */
  why(key: string): string | undefined {
    const [, why] = /^unknown: (.*)$/s.exec(this.#row?.evidence[key] ?? '') ?? [];
    return why;
  }

  #value(key: string): CellValue | undefined {
    return this.#row?.cells[key];
  }
}

export const MiB = 2 ** 20;
export const GiB = 2 ** 30;

const rounded = (value: number): number => Math.round(value * 100) / 100;

/**
 * The sum of a column in units of so many, with two decimals; null where one of the rows does not know it, and where there
 * are no rows: then nothing was read.
 */
export function sumOf(rows: readonly Row[], column: string, unit = 1): number | null {
  const values = rows.map((row) => new Cells(row).number(column));
  if (values.length === 0 || values.includes(null)) return null;
  const total = values.reduce<number>((before, value) => before + (value ?? 0), 0);
  return rounded(total / unit);
}
