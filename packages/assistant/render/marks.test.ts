import { describe, expect, test } from 'vitest';
import { bar, sparkline } from './marks.ts';

describe('a bar', () => {
  test.each([
    [0, '░░░░'],
    [0.5, '██░░'],
    [0.53, '██▏░'],
    [1, '████'],
    [1.7, '████'],
    [-1, '░░░░'],
  ])('of %d', (share, drawn) => {
    expect(bar(share, 4)).toBe(drawn);
  });
});

describe('a line', () => {
  const cases: [string, (number | null)[], string][] = [
    ['of nothing', [], ''],
    ['of nothing known', [null, null], ''],
    ['that rises', [0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    ['with a gap', [0, null, 7], '▁ █'],
    ['that is flat', [5, 5, 5], '▁▁▁'],
    ['that is nearly flat', [1000, 1001, 1002], '▁▁▁'],
    ['of zeros', [0, 0], '▁▁'],
    [
      'that is longer than its room keeps its peaks',
      [...Array<number>(40).fill(0), 9, ...Array<number>(39).fill(0)],
      '▁▁▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁▁▁',
    ],
  ];
  test.each(cases)('%s', (_, values, drawn) => {
    expect(sparkline(values, 20)).toBe(drawn);
  });
});
