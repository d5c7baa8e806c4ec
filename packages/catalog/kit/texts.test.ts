import { expect, test } from 'vitest';
import { countText, percentText, sizeText } from './texts.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [-4 * 1024 ** 3, '-4 GB'],
  [1000, '1.0 KB'],
  [1536, '1.5 KB'],
  [5.8 * 1024 ** 3, '5.8 GB'],
  [12 * 1024 ** 3, '12 GB'],
  [0.8 * 1024 ** 4, '819 GB'],
  [3 * 1024 ** 4, '3 TB'],
  [31 * 1024 ** 3, '31 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test('counts and shares', () => {
  expect([countText(1, 'disk'), countText(0, 'disk'), percentText(0.785)]).toEqual(['1 disk', '0 disks', '79%']);
});
