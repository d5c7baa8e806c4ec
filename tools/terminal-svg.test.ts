import { expect, test } from 'vitest';
import { screenOf } from './terminal-screen.ts';
import { terminalSvg } from './terminal-svg.ts';

const shown: [what: string, printed: string, lines: string[]][] = [
  ['plain lines', 'one\ntwo', ['one', 'two']],
  ['a line that is written over', 'wait…\rdone', ['done…']],
  ['a line that is erased and written anew', 'wait…\r\u001b[Kdone', ['done']],
  ['two lines that are drawn again', 'a\nb\n\u001b[2A\u001b[2KA\n\u001b[2KB\n', ['A', 'B']],
  ['a terminal’s line ends', 'a\r\nb\r\n', ['a', 'b']],
  ['a line that is longer than the screen is wide', `${'x'.repeat(20)}yz\rab`, ['x'.repeat(20), 'ab']],
  ['hidden cursors and titles', '\u001b[?25l\u001b]0;pxa\u0007x\u001b[?25h', ['x']],
];

test.each(shown)('%s', (_what, printed, lines) => {
  const text = screenOf(printed, 20).map((line) => line.map(({ character }) => character).join(''));
  expect(text.filter((line) => line !== '')).toEqual(lines);
});

test('colours and weight are kept by place', () => {
  const [line] = screenOf('\u001b[1;31mX\u001b[22mY\u001b[0mZ', 20);
  expect(line).toEqual([{ character: 'X', bold: true, colour: 1 }, { character: 'Y', colour: 1 }, { character: 'Z' }]);
});

test('a picture is the same every time, and nothing in it is markup', () => {
  const picture = terminalSvg('\u001b[32m<b>&"\u001b[0m ok', 20, 'pxa');
  expect(picture).toBe(terminalSvg('\u001b[32m<b>&"\u001b[0m ok', 20, 'pxa'));
  expect(picture).toContain('&lt;b&gt;&amp;&quot;</text>');
});
