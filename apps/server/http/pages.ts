import type { Page, PageOf } from '@pxa/assistant/store';
import { z } from 'zod';
import { notAcceptable, type Problem } from './problem.ts';

export const Pagination = z
  .object({
    total: z.int(),
    limit: z.int(),
    offset: z.int(),
    pages: z.int(),
    current_page: z.int(),
    has_next: z.boolean(),
    has_previous: z.boolean(),
    next_cursor: z.string().nullable(),
    previous_cursor: z.string().nullable(),
  })
  .meta({ id: 'Pagination' });
export type Pagination = z.infer<typeof Pagination>;

/** Where a row stands in an order: its sort key, and its id where others have the same. */
export interface Place {
  readonly key: string | number;
  readonly id: string;
}

/** Which part of a list: from an offset, or from a place that an earlier page ended at. */
export interface PageWish {
  readonly limit: number;
  readonly offset: number;
  readonly cursor?: string | undefined;
}

const Cursor = z.strictObject({
  k: z.union([z.string(), z.number()]),
  i: z.string(),
  d: z.enum(['next', 'previous']),
});

const whole = z.coerce.number<string>().int();

/** What every list takes in its query: which part of it, and in which order; the first sort key is the usual one. */
export function listQuery<const S extends readonly [string, ...string[]]>(sorts: S, order: 'asc' | 'desc' = 'asc') {
  return {
    limit: whole.min(1).max(200).default(50),
    offset: whole.min(0).default(0),
    cursor: z.string().min(1).optional(),
    sort: z.enum(sorts).default(sorts[0] as S[number]), // a tuple that is not empty has a first
    order: z.enum(['asc', 'desc']).default(order),
  };
}

/** The page of a list that a query asks for, in its order: rows stand by their place. @throws Problem 422 */
export function listed<T>(
  rows: readonly T[],
  query: PageWish & { readonly order: 'asc' | 'desc' },
  place: (row: T) => Place,
): { rows: T[]; pagination: Pagination } {
  const turn = query.order === 'asc' ? 1 : -1;
  const compare = (a: Place, b: Place): number => turn * (byValue(a.key, b.key) || byValue(a.id, b.id));
  const placed = rows.map((row) => ({ row, at: place(row) })).toSorted((a, b) => compare(a.at, b.at));
  const page = pageOf(placed, query, { place: ({ at }) => at, compare });
  return { rows: page.rows.map(({ row }) => row), pagination: page.pagination };
}

/** As programs sort: numbers before texts, and texts by their code units, the same on every machine. */
function byValue(a: string | number, b: string | number): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * One page of rows that are in order. A cursor names the row that a page ended with, not its number: rows that come or go
 * meanwhile neither repeat nor hide others. @throws Problem 422 where the cursor is none of ours
 */
function pageOf<T>(
  rows: readonly T[],
  wish: PageWish,
  of: { place: (row: T) => Place; compare: (a: Place, b: Place) => number },
): { rows: T[]; pagination: Pagination } {
  const { limit } = wish;
  const offset = wish.cursor === undefined ? wish.offset : offsetAt(rows, wish.cursor, limit, of);
  const page = rows.slice(offset, offset + limit);
  return { rows: page, pagination: paginationOf({ total: rows.length, limit, offset }, page.map(of.place)) };
}

/**
 * The same of rows that the store numbers and keeps in order, so that only the page is read. `before` counts the rows
 * that stand before a number in the order that was asked for. @throws Problem 422 where the cursor is none of ours
 */
export async function countedPage<T>(
  wish: PageWish & { readonly order: 'asc' | 'desc' },
  of: {
    readonly total: number;
    readonly before: (number: number) => Promise<number>;
    readonly rows: (offset: number, limit: number) => Promise<T[]>;
    readonly number: (row: T) => number;
  },
): Promise<{ rows: T[]; pagination: Pagination }> {
  const { limit, cursor } = wish;
  const offset = cursor === undefined ? wish.offset : await countedOffset(cursor, wish, of.before);
  const rows = await of.rows(offset, limit);
  const places = rows.map((row) => ({ key: of.number(row), id: '' }));
  return { rows, pagination: paginationOf({ total: of.total, limit, offset }, places) };
}

/** The same of a list that the store pages by itself. @throws Problem 422 where the cursor is none of ours */
export async function storedPage<T>(
  { limit, offset, order, cursor }: PageWish & { readonly order: 'asc' | 'desc' },
  read: (page: PageOf) => Promise<Page<T>>,
): Promise<{ rows: T[]; pagination: Pagination }> {
  const from = cursor === undefined ? undefined : madeAt(cursor);
  const page = await read({ limit, offset, order, ...(from === undefined ? {} : { from }) });
  const places = page.items.map(({ made }) => ({ key: made, id: '' }));
  const pagination = paginationOf({ total: page.total, limit, offset: page.offset }, places);
  return { rows: page.items.map(({ item }) => item), pagination };
}

function madeAt(cursor: string): NonNullable<PageOf['from']> {
  const { k: made, d: direction } = read(cursor);
  if (!Number.isSafeInteger(made) || typeof made !== 'number') throw noCursor(cursor);
  return { made, direction };
}

async function countedOffset(
  cursor: string,
  { limit, order }: { readonly limit: number; readonly order: 'asc' | 'desc' },
  before: (number: number) => Promise<number>,
): Promise<number> {
  const { k: key, d: direction } = read(cursor);
  if (!Number.isSafeInteger(key) || typeof key !== 'number') throw noCursor(cursor);
  if (direction === 'previous') return Math.max(0, (await before(key)) - limit);
  // the row itself, too, has passed, where it is still there
  return before(order === 'asc' ? key + 1 : key - 1);
}

function paginationOf(
  { total, limit, offset }: { total: number; limit: number; offset: number },
  page: readonly Place[],
): Pagination {
  const [first, last] = [page[0], page.at(-1)];
  // A page that was gone back to may be short, with more after it.
  const [hasNext, hasPrevious] = [offset + page.length < total, offset > 0];
  return {
    total,
    limit,
    offset,
    pages: Math.ceil(total / limit),
    current_page: Math.floor(offset / limit) + 1,
    has_next: hasNext,
    has_previous: hasPrevious,
    next_cursor: hasNext && last !== undefined ? written(last, 'next') : null,
    previous_cursor: hasPrevious && first !== undefined ? written(first, 'previous') : null,
  };
}

function offsetAt<T>(
  rows: readonly T[],
  text: string,
  limit: number,
  of: { place: (row: T) => Place; compare: (a: Place, b: Place) => number },
): number {
  const { k: key, i: id, d: direction } = read(text);
  const at = { key, id };
  if (direction === 'next') {
    const index = rows.findIndex((row) => of.compare(of.place(row), at) > 0);
    return index === -1 ? rows.length : index;
  }
  const before = rows.filter((row) => of.compare(of.place(row), at) < 0).length;
  return Math.max(0, before - limit);
}

function written({ key, id }: Place, direction: 'next' | 'previous'): string {
  return Buffer.from(JSON.stringify({ k: key, i: id, d: direction })).toString('base64url');
}

function read(text: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw noCursor(text);
  }
}

function noCursor(text: string): Problem {
  const details = { field: 'cursor', reason: 'not_a_cursor', provided_value: text };
  return notAcceptable('That cursor is none: take it from the pagination of an earlier answer.', details);
}
