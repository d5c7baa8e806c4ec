import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { displayWidth } from './width.ts';

const texts = [
  '',
  'dc01-win2022',
  'größe Ærø naïve',
  'Ελληνικά русский',
  '– … → ← █▏░ ▁▂▃ ✓ ✗',
  '東京都 ソウル 한국어 中文',
  'ﾊﾝｶｸ ＦＵＬＬ',
  'e\u0301 a\u0308',
  '🚀 ✅ ❤️ ☎ ☎️ 👍🏽 👨‍👩‍👧 🏳️‍🌈',
  '🇨🇭 🇩🇪🇫🇷 🇨',
  'עברית العربية',
  'a\u200bb\u200dc\ufeff',
  '𠮷野家',
];

describe('the width of a text is that which string-width tells', () => {
  test.each(texts)('%j', (text) => {
    expect(displayWidth(text)).toBe(stringWidth(text));
  });

  // Scripts in which names are likely to be written; conjuncts of Indic scripts are not drawn alike by terminals.
  const letters = fc.oneof(
    ...(
      [
        [0x20, 0x7e],
        [0xa1, 0x2ff],
        [0x370, 0x482],
        [0x5d0, 0x5ea],
        [0x620, 0x63f],
        [0x2010, 0x2027],
        [0x2190, 0x21ff],
        [0x2500, 0x259f],
        [0x3041, 0x3096],
        [0x4e00, 0x9fff],
        [0xac00, 0xd7a3],
        [0xff01, 0xff9d],
        [0x1f600, 0x1f64f],
        [0x1f680, 0x1f6c5],
        [0x300, 0x36f],
      ] as const
    ).map(([min, max]) => fc.integer({ min, max }).map((code) => String.fromCodePoint(code))),
  );
  test('in all likely scripts', () => {
    fc.assert(
      fc.property(fc.array(letters), (list) => {
        const text = list.join('');
        expect(displayWidth(text)).toBe(stringWidth(text));
      }),
      { numRuns: 500 },
    );
  });
});
