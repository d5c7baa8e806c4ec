import { expect, it } from 'vitest';
import type { Row } from './state/model.ts';
import { asking } from './worlds/asking.ts';
import { demoState } from './worlds/demo.ts';

const state = demoState({ now: () => Date.parse('2026-02-23T10:00:30Z') });

/** release, timeframe, seconds a point, points */
const RESOLUTION: [8 | 9, string, number, number][] = [
  [8, 'hour', 60, 70],
  [8, 'day', 1800, 70],
  [8, 'week', 10_800, 70],
  [8, 'month', 43_200, 70],
  [8, 'year', 604_800, 70],
  [9, 'hour', 60, 60],
  [9, 'day', 60, 1440],
  [9, 'week', 1800, 336],
  [9, 'month', 1800, 1440],
  [9, 'year', 21_600, 1440],
  [9, 'decade', 604_800, 570],
];

it.each(RESOLUTION)('release %i, %s: %i s a point, %i points', (major, timeframe, step, count) => {
  const ask = asking({ state, major });
  const series = ask('/nodes/pve-node02/rrddata', { timeframe, cf: 'AVERAGE' }) as Row[];
  expect(series).toHaveLength(count);
  const times = series.map((row) => Number(row['time']));
  expect(times.at(-1)).toBe(Math.floor(state.start / step) * step);
  expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === step)).toBe(true);
});

const FIELDS: [8 | 9, string, string[], string[]][] = [
  [
    9,
    '/nodes/pve-node01/rrddata',
    ['cpu', 'iowait', 'loadavg', 'memused', 'memavailable', 'arcsize', 'pressurecpusome'],
    [],
  ],
  [
    8,
    '/nodes/pve-node01/rrddata',
    ['cpu', 'iowait', 'loadavg', 'memused'],
    ['memavailable', 'arcsize', 'pressurecpusome'],
  ],
  [9, '/nodes/pve-node01/qemu/100/rrddata', ['cpu', 'maxcpu', 'mem', 'memhost', 'netin', 'diskwrite'], []],
  [8, '/nodes/pve-node01/qemu/100/rrddata', ['cpu', 'maxcpu', 'mem', 'netin'], ['memhost', 'pressurecpusome']],
  [9, '/nodes/pve-node01/lxc/200/rrddata', ['cpu', 'mem', 'disk', 'maxdisk'], ['memhost']],
  [9, '/nodes/pve-node02/qemu/104/rrddata', ['maxcpu', 'maxmem'], ['cpu', 'mem', 'netin']],
  [9, '/nodes/pve-node01/storage/local/rrddata', ['used', 'total'], ['cpu']],
];

it.each(FIELDS)('release %i, %s has its fields', (major, path, there, missing) => {
  const row = (asking({ state, major })(path, { timeframe: 'hour', cf: 'AVERAGE' }) as Row[]).at(-1) ?? {};
  for (const key of there) expect(row[key]).toBeTypeOf('number');
  for (const key of missing) expect(row).not.toHaveProperty(key);
});

it('has maxima that are never below the averages', () => {
  const ask = asking({ state });
  const path = '/nodes/pve-node01/qemu/101/rrddata';
  const [average, max] = ['AVERAGE', 'MAX'].map((cf) => ask(path, { timeframe: 'week', cf }) as Row[]);
  average?.forEach((row, index) => expect(max?.[index]?.['cpu']).toBeGreaterThanOrEqual(Number(row['cpu'])));
});

it('ends with what status/current tells', () => {
  const ask = asking({ state });
  const last = (ask('/nodes/pve-node01/qemu/103/rrddata', { timeframe: 'hour', cf: 'AVERAGE' }) as Row[]).at(-1);
  const now = ask('/nodes/pve-node01/qemu/103/status/current') as Row;
  expect(Number(last?.['mem']) / Number(now['mem'])).toBeCloseTo(1, 2);
});

it('carries a series that was read on to the present, however late that is', () => {
  const guest = state.guests.get(100);
  const read = Array.from({ length: 48 }, (_, index) => ({ time: state.start - (47 - index) * 1800, cpu: 0.5 }));
  const late = { ...state, guests: new Map([[100, { ...guest, rrd: { day: read } }]]) } as typeof state;
  const path = '/nodes/pve-node01/qemu/100/rrddata';
  const series = (afterS: number): Row[] =>
    asking({ state: late, nowMs: (state.start + afterS) * 1000 })(path, { timeframe: 'day', cf: 'AVERAGE' }) as Row[];
  expect(series(0)).toEqual(read);
  expect(series(3700).slice(0, 46)).toEqual(read.slice(2));
  expect(series(10 * 365 * 86_400).map((row) => typeof row['cpu'])).toEqual(Array(48).fill('number'));
});
