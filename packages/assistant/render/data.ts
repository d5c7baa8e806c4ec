import type { CellValue, Column, Row, View } from '@pxa/contract';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { harmless, harmlessLines, pad } from './text.ts';

/** What a path of the API answered, as a person reads it: lists of records as a table, a record as its fields, texts as they are. */
export function renderData(data: unknown, style: Style): string {
  if (data === null || data === undefined) return 'Proxmox answered with nothing (null).';
  if (Array.isArray(data)) return renderList(data, style);
  if (isRecord(data)) return renderRecord(data);
  return harmlessLines(say(data));
}

function renderList(list: unknown[], style: Style): string {
  if (list.length === 0) return 'The list is empty.';
  if (!list.every(isRecord)) return list.map((item) => harmless(say(item))).join('\n');
  const keys = [...new Set(list.flatMap((item) => Object.keys(item)))];
  const columns: Column[] = [...keys].sort(byUse).map((key) => ({ key, label: key }));
  const rows: Row[] = list.map((item, at) => ({
    id: String(at),
    cells: Object.fromEntries(keys.map((key) => [key, cell(item[key])])),
    evidence: {},
  }));
  const view: View = { dataset: 'raw', title: '', columns, rows };
  return renderTable(view, style).join('\n');
}

// What a thing is called comes first; the rest by letters, since Proxmox gives keys in no order.
const FIRST = ['vmid', 'id', 'sid', 'storage', 'node', 'iface', 'userid', 'name', 'type', 'status', 'state'];

function byUse(one: string, other: string): number {
  const rank = (key: string): number => (FIRST.indexOf(key) + FIRST.length + 1) % (FIRST.length + 1);
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

function cell(value: unknown): CellValue {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' ? value : say(value);
}

function renderRecord(record: Record<string, unknown>): string {
  const keys = Object.keys(record).sort();
  if (keys.length === 0) return 'The record is empty.';
  const width = Math.max(...keys.map((key) => harmless(key).length));
  return keys.map((key) => `${pad(harmless(key), width, 'left')}  ${sayField(record[key], width + 2)}`).join('\n');
}

function sayField(value: unknown, indent: number): string {
  return harmlessLines(say(value)).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

function say(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
