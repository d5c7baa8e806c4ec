import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUpid, parseUpid, statusType } from './upid.ts';

const word = fc.stringMatching(/^[a-z0-9@.!-]{1,12}$/);
const upid = fc.record({
  node: fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/),
  pid: fc.integer({ min: 0, max: 0xffffffff }),
  pstart: fc.integer({ min: 0, max: 0xfffffffff }),
  starttime: fc.integer({ min: 0, max: 0xffffffff }),
  type: fc.stringMatching(/^[a-z]{1,12}$/),
  id: fc.oneof(fc.constant(''), word),
  user: word,
});

test('an UPID that is written reads as it was', () => {
  fc.assert(
    fc.property(upid, (one) => {
      expect(parseUpid(encodeUpid(one))).toEqual(one);
    }),
  );
});

test('any text reads as an UPID or as none', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseUpid(text)));
});

test.each([
  ['OK', 'ok'],
  ['WARNINGS: 2', 'warning'],
  ['unexpected status', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
  ['job errors', 'error'],
])('%s is %s', (status, type) => {
  expect(statusType(status)).toBe(type);
});
