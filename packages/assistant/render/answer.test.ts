import { Answer } from '@pxa/contract';
import { describe, expect, test } from 'vitest';
import { renderAnswer } from './answer.ts';
import { cases as tableCases } from './answer.cases.ts';
import { wordCases } from './answer-words.cases.ts';
import { displayWidth } from './width.ts';
import { ansiPaint, plainStyle } from './style.ts';
import { stripVTControlCharacters } from 'node:util';

const cases = [...tableCases, ...wordCases];

describe('an answer as people read it', () => {
  test.each(cases)('$name', ({ answer, style, shown }) => {
    expect(Answer.parse(answer)).toEqual(answer);
    expect(renderAnswer(answer, { ...plainStyle, ...style })).toBe(shown);
  });

  test.each(cases)('colours change nothing but colours: $name', ({ answer, style }) => {
    const plain = renderAnswer(answer, { ...plainStyle, ...style });
    const coloured = renderAnswer(answer, { ...plainStyle, ...style, paint: ansiPaint });
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  const widths = [40, 60, 80, 120];
  const tables = cases.filter(({ answer, style }) => answer.kind === 'answer' && style?.explain !== true);
  test.each(tables)('no line is wider than the terminal: $name', ({ answer }) => {
    for (const width of widths) {
      const lines = renderAnswer(answer, { ...plainStyle, width, bars: true }).split('\n');
      const long = lines.filter((line) => displayWidth(line) > width && line.includes('  '));
      expect(long, `at ${width}`).toEqual([]);
    }
  });
});
