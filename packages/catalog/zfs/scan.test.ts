import { expect, test } from 'vitest';
import { ctimeSeconds } from './local-time.ts';
import { parseScan, type Scan } from './scan.ts';

const ended = Date.UTC(2025, 10, 9, 0, 5, 13) / 1000;

const cases: [text: string, expected: Partial<Scan>][] = [
  ['none requested', { kind: 'none', state: 'never', at: undefined }],
  ['', { kind: 'none', state: 'never' }],
  [
    'scrub repaired 0B in 00:41:12 with 0 errors on Sun Nov  9 01:05:13 2025',
    { kind: 'scrub', state: 'finished', at: ended, errors: 0, repaired: '0B' },
  ],
  [
    'scrub repaired 128K in 1 days 02:03:04 with 3 errors on Sun Nov  9 01:05:13 2025',
    { state: 'finished', at: ended, errors: 3, repaired: '128K' },
  ],
  [
    'scrub in progress since Sun Nov  9 01:05:13 2025\n\t1.20T / 3.60T scanned at 1.1G/s, 900G / 3.60T issued\n\t0B repaired, 24.41% done, 01:02:03 to go',
    { state: 'running', at: ended, done: 0.2441 },
  ],
  ['scrub paused since Sun Nov  9 01:05:13 2025', { state: 'paused', at: ended }],
  ['scrub canceled on Sun Nov  9 01:05:13 2025', { state: 'canceled', at: ended }],
  [
    'resilvered 12.3G in 00:05:00 with 0 errors on Sun Nov  9 01:05:13 2025',
    { kind: 'resilver', state: 'finished', at: ended, errors: 0 },
  ],
  ['resilver in progress since Sun Nov  9 01:05:13 2025', { kind: 'resilver', state: 'running' }],
  ['something that a later version says', { kind: 'unknown', state: 'unknown', at: undefined }],
];

test.each(cases)('%s', (text, expected) => {
  expect(parseScan(text, 'Europe/Zurich')).toMatchObject(expected);
});

test('summer and winter time, and zones that are not known', () => {
  const noon = Date.UTC(2025, 6, 1, 12) / 1000;
  expect(ctimeSeconds('Tue Jul  1 14:00:00 2025', 'Europe/Zurich')).toBe(noon);
  expect(ctimeSeconds('Tue Jul  1 12:00:00 2025', 'Mars/Olympus')).toBe(noon);
});
