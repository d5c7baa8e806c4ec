import { expect, test } from 'vitest';
import { Cells } from './cells.ts';

test('a time that no calendar has is not told, whatever a cluster says', () => {
  const cells = new Cells({ id: 'x', cells: { good: 1_771_840_800, far: 1e20, old: -1e20 }, evidence: {} });
  expect(cells.time('good')).toBe('2026-02-23T10:00:00.000Z');
  expect([cells.time('far'), cells.time('old'), cells.time('none')]).toEqual([null, null, null]);
});
