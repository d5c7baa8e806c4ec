import { expect, test } from 'vitest';
import { renderData } from './data.ts';
import { plainStyle } from './style.ts';

const cases: [name: string, data: unknown, shown: string][] = [
  ['nothing', null, 'Proxmox answered with nothing (null).'],
  ['a text', '106', '106'],
  ['a text with escapes', 'a\u001b[2J\nb', 'a\\x1b[2J\nb'],
  ['an empty list', [], 'The list is empty.'],
  ['a list of texts', ['a', 'b'], 'a\nb'],
  ['a record', { version: '9.2', a: { b: 1 } }, 'a        {"b":1}\nversion  9.2'],
  [
    'records',
    [
      { mem: 1, node: 'b', id: 'node/b' },
      { node: 'a', id: 'node/a', mem: 20 },
    ],
    'id      node  mem\nnode/b  b       1\nnode/a  a      20',
  ],
];

test.each(cases)('%s', (_, data, shown) => {
  expect(renderData(data, plainStyle)).toBe(shown);
});
