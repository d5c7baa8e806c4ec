import type { Page, PageOf } from '@pxa/assistant/store';
import { expect, test } from 'vitest';
import { listed, storedPage } from './pages.ts';

const MADE = [1, 2, 3, 4];

/** A list that a store keeps: those on one side of a place, nearest first. */
function kept({ limit, offset, order, from }: PageOf): Promise<Page<string>> {
  const all = order === 'asc' ? MADE : MADE.toReversed();
  const place = from === undefined ? -1 : all.indexOf(from.made);
  const start = from === undefined ? offset : from.direction === 'next' ? place + 1 : Math.max(0, place - limit);
  const end = from?.direction === 'previous' ? place : start + limit;
  const items = all.slice(start, end).map((made) => ({ made, item: `item ${made}` }));
  return Promise.resolve({ items, total: all.length, offset: start });
}

test('who goes back to a first page that is short can go on from it', async () => {
  const last = await storedPage({ limit: 1, offset: 3, order: 'asc' }, kept);
  const cursor = last.pagination.previous_cursor ?? '';
  const first = await storedPage({ limit: 5, offset: 0, order: 'asc', cursor }, kept);
  expect(first.rows).toEqual(['item 1', 'item 2', 'item 3']);
  expect(first.pagination).toMatchObject({ has_next: true, has_previous: false });
  const next = first.pagination.next_cursor ?? '';
  expect((await storedPage({ limit: 5, offset: 0, order: 'asc', cursor: next }, kept)).rows).toEqual(['item 4']);
});

test('rows that come and go neither repeat nor hide others, there and back', () => {
  const page = (names: string, cursor?: string | null) =>
    listed([...names], { limit: 2, offset: 0, order: 'asc', cursor: cursor ?? undefined }, (key) => ({ key, id: key }));
  const first = page('bdfh');
  expect(first.rows).toEqual(['b', 'd']);
  // before it one came and one went; the row that the page ended with went, too
  const second = page('acfh', first.pagination.next_cursor);
  expect(second.rows).toEqual(['f', 'h']);
  expect(second.pagination).toMatchObject({ offset: 2, has_next: false, next_cursor: null });
  expect(page('acefh', second.pagination.previous_cursor).rows).toEqual(['c', 'e']);
});

test('numbers stand before texts, and texts in the order of their code units', () => {
  const { rows } = listed(['b', 2, 'B', 10, 'a'], { limit: 9, offset: 0, order: 'asc' }, (key) => ({ key, id: '' }));
  expect(rows).toEqual([2, 10, 'B', 'a', 'b']);
});
