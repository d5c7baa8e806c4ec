import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmless, harmlessJson, harmlessLines, pad, shorten, wrap } from './text.ts';
import { displayWidth } from './width.ts';

const TERMINAL_ACTS_ON = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

describe('texts from outside', () => {
  const shown: [text: string, shown: string][] = [
    ['dc01-win2022', 'dc01-win2022'],
    ['größe 東京 🚀', 'größe 東京 🚀'],
    ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['a\tb\r\nc', 'a\\tb\\r\\nc'],
    ['\u009b31m', '\\x9b31m'],
    ['abc\u202egnp.exe', 'abc\\u202egnp.exe'],
    ['x\ud800y', 'x\ufffdy'],
  ];
  test.each(shown)('%j is shown as %j', (text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  test('nothing that a terminal acts on is left, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(harmless(text)).not.toMatch(TERMINAL_ACTS_ON);
        expect(harmlessLines(text).replaceAll('\n', '')).not.toMatch(TERMINAL_ACTS_ON);
      }),
    );
  });

  test('JSON made harmless is the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = harmlessJson(JSON.stringify({ text }));
        expect(json).not.toMatch(TERMINAL_ACTS_ON);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});

describe('widths', () => {
  test.each([
    ['abc', 3],
    ['größe', 5],
    ['東京', 4],
    ['🚀', 2],
    ['e\u0301', 1],
  ])('%s takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('a shortened text never takes more than it may', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        expect(displayWidth(shorten(harmless(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  test.each([
    ['monitoring-stack', 8, 'monitor…'],
    ['東京都', 4, '東…'],
    ['short', 8, 'short'],
  ])('%s in %i columns is %s', (text, width, expected) => {
    expect(shorten(text, width)).toBe(expected);
  });

  test('padding counts columns, not characters', () => {
    expect(pad('東京', 6, 'left')).toBe('東京  ');
    expect(pad('7', 3, 'right')).toBe('  7');
  });

  test.each([
    ['one two three four five six', 20, '', 'one two three four\nfive six'],
    ['  → one two three four five', 20, '    ', '  → one two three\n    four five'],
    ['verylongwordthatdoesnotfitanywhere at all', 20, '', 'verylongwordthatdoesnotfitanywhere\nat all'],
    ['not wrapped', undefined, '', 'not wrapped'],
  ])('%s wraps at %s', (text, width, indent, expected) => {
    expect(wrap(text, width, indent)).toBe(expected);
  });
});
