import type { CellValue, Unit } from '@pxa/contract';
import { describe, expect, test } from 'vitest';
import { formatValue } from './units.ts';

const GB = 1024 ** 3;

const cases: [value: CellValue, unit: Unit | undefined, shown: string][] = [
  [0, 'bytes', '0 B'],
  [1023, 'bytes', '1023 B'],
  [1024, 'bytes', '1 KB'],
  [4402341478, 'bytes', '4.1 GB'],
  [8 * GB, 'bytes', '8 GB'],
  [1023.96 * 1024 ** 2, 'bytes', '1 GB'],
  [1023.5 * 1024 ** 2, 'bytes', '1023.5 MB'],
  [3.6 * 1024 * GB, 'bytes', '3.6 TB'],
  [5000 * 1024 ** 5, 'bytes', '5000 PB'],
  [-2 * GB, 'bytes', '-2 GB'],
  [1536, 'rate', '1.5 KB/s'],
  [0.34, 'fraction', '34%'],
  [0, 'fraction', '0%'],
  [1, 'fraction', '100%'],
  [0.004, 'fraction', '0.4%'],
  [0.0001, 'fraction', '<0.1%'],
  [0.996, 'fraction', '99.6%'],
  [0.99999, 'fraction', '>99.9%'],
  [1.02, 'fraction', '102%'],
  [14 * 86400 + 6 * 3600 + 59, 'seconds', '14d 6h'],
  [7 * 86400, 'seconds', '7d'],
  [86400 + 60, 'seconds', '1d'],
  [3600 * 3 + 12 * 60, 'seconds', '3h 12m'],
  [42, 'seconds', '42s'],
  [0, 'seconds', '0s'],
  [0.2, 'seconds', '0.2s'],
  [-90, 'seconds', '-1m 30s'],
  [1771809272, 'time', '2026-02-23 01:14:32'],
  [1, 'yes_no', 'yes'],
  [0, 'yes_no', 'no'],
  [true, undefined, 'yes'],
  [false, 'yes_no', 'no'],
  [3600, 'mhz', '3600 MHz'],
  [36, 'days', '36 days'],
  [1, 'days', '1 day'],
  [1.94, 'vcpus', '1.9'],
  [0.53, 'count', '0.53'],
  [100, 'text', '100'],
  [null, 'bytes', '–'],
  [['web', 'production'], 'text', 'web, production'],
  ['dc01', undefined, 'dc01'],
  ['a\u001b[2Jb\nc\u202ed', 'text', 'a\\x1b[2Jb\\nc\\u202ed'],
];

describe('a cell as people read it', () => {
  test.each(cases)('%s in %s is %s', (value, unit, shown) => {
    expect(formatValue(value, unit, 'UTC')).toBe(shown);
  });

  test("times are those of the server's zone", () => {
    expect(formatValue(1771809272, 'time', 'Europe/Zurich')).toBe('2026-02-23 02:14:32');
  });
});
