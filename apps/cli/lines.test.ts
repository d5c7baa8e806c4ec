import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLine } from './commands/jsonl.ts';
import { readAll, readLines } from './lines.ts';

async function linesOf(chunks: (string | Uint8Array)[], longest = 1000): Promise<[string, boolean][]> {
  const lines: [string, boolean][] = [];
  for await (const { text, isTooLong } of readLines(Readable.from(chunks), longest)) lines.push([text, isTooLong]);
  return lines;
}

describe('lines of input', () => {
  const cases: [string, string[], [string, boolean][]][] = [
    ['nothing', [], []],
    [
      'no last end',
      ['a\nb'],
      [
        ['a', false],
        ['b', false],
      ],
    ],
    ['a last end', ['a\n'], [['a', false]]],
    [
      'empty lines',
      ['\n\n'],
      [
        ['', false],
        ['', false],
      ],
    ],
    [
      'ends as Windows writes them',
      ['a\r\nb\r\n'],
      [
        ['a', false],
        ['b', false],
      ],
    ],
    [
      'an end that is cut in two',
      ['a\r', '\nb'],
      [
        ['a', false],
        ['b', false],
      ],
    ],
    [
      'a long one',
      ['abcdefgh\nxy\n'],
      [
        ['abcde', true],
        ['xy', false],
      ],
    ],
    [
      'a long one in pieces',
      ['abc', 'def', 'ghi', '\nxy'],
      [
        ['abcde', true],
        ['xy', false],
      ],
    ],
    ['a long one at the end', ['abc', 'def'], [['abcde', true]]],
  ];
  test.each(cases)('%s', async (_, chunks, lines) => {
    expect(await linesOf(chunks, 5)).toEqual(lines);
  });

  test('come out whole however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ' ')),
          { minLength: 1 },
        ),
        fc.integer({ min: 1, max: 7 }),
        async (texts, size) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (__, at) =>
            bytes.subarray(at * size, (at + 1) * size),
          );
          expect(await linesOf(chunks)).toEqual(texts.map((text) => [text.toWellFormed(), false]));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('all of the input at once, up to a bound', async () => {
    expect(await readAll(Readable.from(['a', 'b\n']), 10)).toBe('ab\n');
    expect(await readAll(Readable.from(['aaaaaa', 'bbbbbb']), 10)).toBeUndefined();
  });
});

describe('a line of JSON', () => {
  test('is a request or says what is wrong, whatever it holds', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((json) => `{"request":${json}}`),
    );
    fc.assert(
      fc.property(line, fc.boolean(), (text, isTooLong) => {
        const parsed = parseLine({ text, isTooLong });
        if (typeof parsed === 'string') expect(parsed).not.toBe('');
        else expect(parsed.request.trim()).not.toBe('');
      }),
    );
  });

  test('gives back the request that was put in', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string(), (request, conversation_id) => {
        fc.pre(request.trim() !== '');
        expect(parseLine({ text: JSON.stringify(request), isTooLong: false })).toEqual({ request });
        const text = JSON.stringify({ request, conversation_id, more: 1 });
        expect(parseLine({ text, isTooLong: false })).toEqual({ request, conversation_id });
      }),
    );
  });
});
