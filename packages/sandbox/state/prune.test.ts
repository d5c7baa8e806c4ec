import { expect, it } from 'vitest';
import { markBackups } from './prune.ts';

/** One backup a day, at noon, newest on Wednesday 2026-02-18. */
const daily = (days: number) =>
  Array.from({ length: days }, (_, index) => ({
    volid: `s:backup/vzdump-qemu-100-2026_02_${String(18 - (index % 17)).padStart(2, '0')}-12_00_00.vma.zst`,
    content: 'backup',
    format: 'vma.zst',
    size: 1,
    ctime: Date.parse('2026-02-18T12:00:00Z') / 1000 - index * 86_400,
  }));

/** Retention, and which of the last days' backups it keeps (0 = newest). */
const CASES: [string, number, number[]][] = [
  ['keep-all=1', 3, [0, 1, 2]],
  ['', 3, [0, 1, 2]],
  ['keep-last=2', 4, [0, 1]],
  ['keep-daily=3', 5, [0, 1, 2]],
  ['keep-weekly=2', 12, [0, 3]],
  ['keep-last=1,keep-weekly=2', 12, [0, 3, 10]],
  ['keep-daily=2,keep-monthly=1', 40, [0, 1, 18]],
  ['keep-yearly=1', 60, [0]],
];

it.each(CASES)('%s of %i', (retention, days, kept) => {
  const marks = markBackups(daily(days), retention, 0).map(([, mark]) => mark);
  expect(marks.flatMap((mark, index) => (mark === 'keep' ? [index] : []))).toEqual(kept);
});

it('leaves protected and renamed archives alone', () => {
  const [first, second, third] = daily(3);
  if (!first || !second || !third) return;
  const marks = markBackups(
    [{ ...first, protected: 1 }, { ...second, volid: 's:backup/mine.vma' }, third],
    'keep-last=1',
    0,
  );
  expect(marks.map(([, mark]) => mark)).toEqual(['protected', 'renamed', 'keep']);
});
