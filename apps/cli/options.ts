import { usageError } from './exit.ts';

/** The options that every command understands, as commander hands them over. */
export interface GlobalOptions {
  json?: boolean;
  jsonl?: boolean;
  explain?: boolean;
  quiet?: boolean;
  conversation?: string;
  connection?: string;
  sandbox?: boolean;
  world?: string;
  seed?: number;
  nodes?: number;
  guests?: number;
  faults?: string;
  clock?: Date;
  pve?: '8.4' | '9.2';
  port?: number;
  control?: boolean;
  /** False with --no-color. */
  color: boolean;
}

/** A whole number from `low` to `high`. */
export function wholeNumber(name: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= low && value <= high) return value;
    throw usageError(`${name} is a whole number from ${low} to ${high}, not ${JSON.stringify(text.slice(0, 40))}.`);
  };
}

/** A point in time as ISO 8601 writes it; without a zone it is UTC. */
export function isoTime(text: string): Date {
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  const zoned = iso?.[1] !== undefined && iso[4] === undefined ? `${text}Z` : text;
  const date = new Date(iso === null ? NaN : zoned);
  if (!Number.isNaN(date.getTime())) return date;
  throw usageError(`--clock is a time like 2026-02-23T10:00:00Z, not ${JSON.stringify(text.slice(0, 40))}.`);
}

/** The version that the sandbox behaves like. */
export function pveVersion(text: string): '8.4' | '9.2' {
  if (text === '8.4' || text === '9.2') return text;
  throw usageError(`--pve is 8.4 or 9.2, not ${JSON.stringify(text.slice(0, 40))}.`);
}

/** Whether any of the options asks for the sandbox in place of a cluster. */
export function wantsSandbox(options: GlobalOptions): boolean {
  const { sandbox, world, seed, nodes, guests, faults, clock, pve } = options;
  return sandbox === true || [world, seed, nodes, guests, faults, clock, pve].some((option) => option !== undefined);
}
