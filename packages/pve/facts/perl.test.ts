import { expect, test } from 'vitest';
import { perlMatches, perlNumber, perlText, splitAt, splitList } from './perl.ts';

const matches: [says: string, pattern: string, value: string, holds: boolean][] = [
  ['a final newline is overlooked', 'a+', 'aa\n', true],
  ['two are not', 'a+', 'aa\n\n', false],
  ['digits of any script', '\\d+', '٣', true],
  ['letters of any script', '[-_.\\w\\d]+', 'ü-日', true],
  ['an alternation binds loosely', '/dev/a\\d|/dev/b\\d', '/dev/a0 and more', true],
  ['at its other end, too', '/dev/a\\d|/dev/b\\d', 'some /dev/b0', true],
  ['a dot is no newline', 'a.b', 'a\nb', false],
  ['a quantifier without a lower bound', '[a-z]{,2}', '', true],
  ['hyphens among classes', '[\\(\\)-_.\\w\\s]{0,9}', '(a-b)', true],
  ['image references, however long', '^[a-z\\d]+(?:(?:[._]|__|[-]*)[a-z\\d]+)*$', `${'a'.repeat(5000)}!`, false],
];
test.each(matches)('%s', (_, pattern, value, holds) => {
  expect(perlMatches(pattern, value)).toBe(holds);
});

test('numbers are read from what a text begins with', () => {
  expect(['12', ' 1.5e2x', '٣', '', '-.5'].map(perlNumber)).toEqual([12, 150, 0, 0, -0.5]);
});

test('numbers are written with 15 digits', () => {
  expect([100, 1.5, 0.1 + 0.2, 1e20, -1, 1e-7, 0.0001].map(perlText)).toEqual([
    '100',
    '1.5',
    '0.3',
    '1e+20',
    '-1',
    '1e-07',
    '0.0001',
  ]);
});

test('lists are cut at commas, semicolons and white space, or at NULs alone', () => {
  expect(splitList(' a,b;;c d\n')).toEqual(['a', 'b', 'c', 'd']);
  expect(splitList('a b\0c')).toEqual(['a b', 'c']);
  expect(splitAt(',', 'a,,b,,')).toEqual(['a', '', 'b']);
});
