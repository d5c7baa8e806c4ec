import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as values from './values.ts';

const CASES: [reader: keyof typeof values, input: unknown, gives: unknown][] = [
  ['asNumber', 0, 0],
  ['asNumber', '0.25', 0.25],
  ['asNumber', ' 12 ', 12],
  ['asNumber', '-1', -1],
  ['asNumber', '1e3', 1000],
  ['asNumber', '', null],
  ['asNumber', 'N/A', null],
  ['asNumber', '0x10', null],
  ['asNumber', '12abc', null],
  ['asNumber', 'Infinity', null],
  ['asNumber', '1e999', null],
  ['asNumber', NaN, null],
  ['asNumber', null, null],
  ['asNumber', undefined, null],
  ['asNumber', true, null],
  ['asNumber', [1], null],
  ['asInteger', '100', 100],
  ['asInteger', 1.5, null],
  ['asInteger', '9007199254740993', null],
  ['asFlag', 1, true],
  ['asFlag', '1', true],
  ['asFlag', 'on', true],
  ['asFlag', true, true],
  ['asFlag', 0, false],
  ['asFlag', '0', false],
  ['asFlag', false, false],
  ['asFlag', '', null],
  ['asFlag', 2, null],
  ['asFlag', undefined, null],
  ['asText', 'a', 'a'],
  ['asText', 200, '200'],
  ['asText', '', null],
  ['asText', null, null],
  ['asText', {}, null],
  ['asList', 'images,rootdir', ['images', 'rootdir']],
  ['asList', 'a;b c', ['a', 'b', 'c']],
  ['asList', 'a\0b', ['a', 'b']],
  ['asList', ['a', 7, null, ''], ['a', '7']],
  ['asList', '', []],
  ['asList', undefined, []],
  ['asObject', { a: 1 }, { a: 1 }],
  ['asObject', [], null],
  ['asObject', null, null],
  [
    'asRows',
    [{ a: 1 }, null, { a: 2 }],
    [
      { index: 0, row: { a: 1 } },
      { index: 2, row: { a: 2 } },
    ],
  ],
  ['asRows', null, []],
  ['asTime', 1_738_288_896, 1_738_288_896],
  ['asTime', '1738288896', 1_738_288_896],
  ['asTime', 0, null],
  ['asTime', '', null],
];

test.each(CASES)('%s(%j) gives %j', (reader, input, gives) => {
  expect(values[reader](input)).toEqual(gives);
});

test('no value makes a reader throw, and no number is invented', () => {
  fc.assert(
    fc.property(fc.anything(), (input) => {
      for (const read of Object.values(values)) read(input);
      const number = values.asNumber(input);
      expect(number === null || Number.isFinite(number)).toBe(true);
    }),
  );
});
