import type { CellValue, Unit } from '@pxa/contract';
import { harmless } from './text.ts';

/** What stands where a value is not known. */
export const UNKNOWN = '–';

// Proxmox counts in powers of 1024 and people call the result GB, as Proxmox's own interface long did.
const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A number with at most so many decimals and no idle zeros. */
export function decimal(value: number, digits: number): string {
  if (Number.isInteger(value)) return String(value);
  const factor = 10 ** digits;
  // Rounded so, a number prints with no more decimals than it needs.
  const rounded = Math.round(value * factor) / factor;
  return rounded === 0 ? '0' : String(rounded);
}

/** The index of the size unit in which `bytes` reads best: below 1024, after rounding to one decimal. */
export function sizeIndex(bytes: number): number {
  let index = 0;
  while (index < SIZES.length - 1 && Math.abs(bytes) / 1024 ** index >= 1023.95) index += 1;
  return index;
}

/** Bytes in a given size unit, without its name. */
export function bytesIn(bytes: number, index: number): string {
  return decimal(bytes / 1024 ** index, index === 0 ? 0 : 1);
}

export function sizeName(index: number): string {
  return SIZES[index] ?? 'B';
}

/** `4402341478` → `4.1 GB`. */
export function formatBytes(bytes: number): string {
  const index = sizeIndex(bytes);
  return `${bytesIn(bytes, index)} ${sizeName(index)}`;
}

/** `0.34` → `34%`. What is nearly nothing or nearly all keeps a decimal, so that it is not shown as 0% or 100%. */
export function formatFraction(fraction: number): string {
  const percent = fraction * 100;
  const nearAnEnd = (percent > 0 && percent < 1) || (percent > 99 && percent < 100);
  if (!nearAnEnd) return `${decimal(percent, 0)}%`;
  if (percent < 0.05) return '<0.1%';
  return percent > 99.94 ? '>99.9%' : `${decimal(percent, 1)}%`;
}

/** Seconds in their two largest parts: `14d 6h`, `3h 12m`, `42s`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds < 1) return seconds === 0 ? '0s' : `${decimal(seconds, 1)}s`;
  const whole = Math.round(seconds);
  if (whole >= 86_400) return twoParts(Math.floor(whole / 86_400), 'd', Math.floor(whole / 3600) % 24, 'h');
  if (whole >= 3600) return twoParts(Math.floor(whole / 3600), 'h', Math.floor(whole / 60) % 60, 'm');
  return whole >= 60 ? twoParts(Math.floor(whole / 60), 'm', whole % 60, 's') : `${whole}s`;
}

function twoParts(large: number, largeName: string, small: number, smallName: string): string {
  return small === 0 ? `${large}${largeName}` : `${large}${largeName} ${small}${smallName}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  // Swedish writes dates as ISO 8601 does.
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formatters.set(timeZone, made);
  return made;
}

/** Seconds since 1970 as local time in an IANA zone: `2026-02-23 01:14:32`. */
export function formatTime(seconds: number, timeZone: string): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  if (timeZone === 'UTC') return date.toISOString().slice(0, 19).replace('T', ' ');
  return formatterFor(timeZone).format(date);
}

/** A moment of ours, ISO 8601, to the minute: `2026-02-23 10:15 UTC`. What is no such text stays as it is. */
export function formatMoment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function formatNumber(value: number, unit: Unit | undefined, timeZone: string): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'rate':
      return `${formatBytes(value)}/s`;
    case 'fraction':
      return formatFraction(value);
    case 'seconds':
      return formatDuration(value);
    case 'time':
      return formatTime(value, timeZone);
    case 'yes_no':
      return value === 0 ? 'no' : 'yes';
    case 'mhz':
      return `${decimal(value, 0)} MHz`;
    case 'days':
      return `${decimal(value, 1)} ${value === 1 ? 'day' : 'days'}`;
    case 'vcpus':
      return decimal(value, 1);
    case 'count':
    case 'guests':
    case 'nodes':
    case 'text':
    case undefined:
      return decimal(value, 2);
  }
}

/** One cell as a person reads it, harmless to a terminal; `timeZone` is that of times. */
export function formatValue(value: CellValue | undefined, unit: Unit | undefined, timeZone: string): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return formatNumber(value, unit, timeZone);
  if (Array.isArray(value)) return harmless(value.join(', '));
  return harmless(value);
}
