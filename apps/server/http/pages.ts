import { z } from 'zod';
import { notAcceptable } from './problem.ts';

export const Pagination = z.object({
  total: z.int(),
  limit: z.int(),
  offset: z.int(),
  pages: z.int(),
  current_page: z.int(),
  has_next: z.boolean(),
  has_previous: z.boolean(),
  next_cursor: z.string().nullable(),
  previous_cursor: z.string().nullable(),
});
export type Pagination = z.infer<typeof Pagination>;

/** Where a row stands in an order: its sort key, and its id where others have the same. */
export interface Place {
  readonly key: string;
  readonly id: string;
}

/** Which part of a list: from an offset, or from a place that an earlier page ended at. */
export interface PageWish {
  readonly limit: number;
  readonly offset: number;
  readonly cursor?: string | undefined;
}

const Cursor = z.strictObject({ k: z.string(), i: z.string(), d: z.enum(['next', 'previous']) });

/**
 * One page of rows that are in order. A cursor names the row that a page ended with, not its number: rows that come or go
 * meanwhile neither repeat nor hide others. @throws Problem 422 where the cursor is none of ours
 */
export function pageOf<T>(
  rows: readonly T[],
  wish: PageWish,
  of: { place: (row: T) => Place; compare: (a: Place, b: Place) => number },
): { rows: T[]; pagination: Pagination } {
  const { limit } = wish;
  const offset = wish.cursor === undefined ? wish.offset : offsetAt(rows, wish.cursor, limit, of);
  const page = rows.slice(offset, offset + limit);
  const [first, last] = [page[0], page.at(-1)];
  const [hasNext, hasPrevious] = [offset + limit < rows.length, offset > 0];
  return {
    rows: page,
    pagination: {
      total: rows.length,
      limit,
      offset,
      pages: Math.ceil(rows.length / limit),
      current_page: Math.floor(offset / limit) + 1,
      has_next: hasNext,
      has_previous: hasPrevious,
      next_cursor: hasNext && last !== undefined ? written(of.place(last), 'next') : null,
      previous_cursor: hasPrevious && first !== undefined ? written(of.place(first), 'previous') : null,
    },
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
    const details = { field: 'cursor', reason: 'not_a_cursor', provided_value: text };
    throw notAcceptable('That cursor is none: take it from the pagination of an earlier answer.', details);
  }
}
