import type { Query, View } from '@pxa/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { COLUMNS, judgedOf, partOf } from './judge.ts';

let lab: Lab;
let view: View;
beforeAll(async () => {
  lab = await Lab.start();
  const [cluster = expect.fail()] = lab.service.clusters.values();
  const query: Query = { dataset: 'security-checks', columns: COLUMNS };
  const looked = await cluster.look([query]);
  view = (looked.ok ? looked.views[0] : undefined) ?? expect.fail();
});
afterAll(() => lab.close());

const part = (rows: View['rows']): ReturnType<typeof partOf> => partOf('compliance', { ...view, rows }, [], new Map());

test('a scan in shares comes to what it comes to at once', () => {
  const byTarget = [...Map.groupBy(view.rows, ({ cells }) => String(cells['target'])).values()];
  expect(byTarget.length).toBeGreaterThan(10);
  const whole = judgedOf([part(view.rows)]);
  const shares = judgedOf(byTarget.map((rows) => part(rows)));
  expect(shares?.result).toEqual(whole?.result);
  expect(shares?.detail.rules.map((rule) => ({ ...rule, reasons: rule.reasons.toSorted() }))).toEqual(
    whole?.detail.rules.map((rule) => ({ ...rule, reasons: rule.reasons.toSorted() })),
  );
  const sorted = (texts: readonly { target: string }[] = []): string[] =>
    texts.map((each) => JSON.stringify(each)).toSorted();
  expect(sorted(shares?.detail.scores)).toEqual(sorted(whole?.detail.scores));
  expect(sorted(shares?.findings)).toEqual(sorted(whole?.findings));
  expect(shares?.findings.map(({ severity }) => severity)).toEqual(whole?.findings.map(({ severity }) => severity));
});

test('where nothing could be judged, in any share, it comes to nothing', () => {
  const unknown = view.rows.map((row) => ({ ...row, cells: { ...row.cells, state: 'unknown' } }));
  const [first, ...others] = unknown;
  expect(judgedOf([part(first === undefined ? [] : [first]), part(others)])).toBeUndefined();
  expect(judgedOf([part(others), part(view.rows.slice(0, 1))])).toBeDefined();
});
