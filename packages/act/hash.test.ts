import type { PlanRecord } from '@pxa/contract';
import { describe, expect, test } from 'vitest';
import { canonical, hashOf } from './hash.ts';
import { NODE2, destroy, planOf, start, statusIs } from './testing/plans.ts';

const AGENT = `${NODE2}/qemu/104`;
const plan = (): PlanRecord => planOf([start(AGENT), destroy(AGENT)], { confirm: 'build-agent' });

/** The record with one part of its plan otherwise. */
const planned = (more: Partial<PlanRecord['plan']>): PlanRecord => ({ ...plan(), plan: { ...plan().plan, ...more } });
const withoutName = (record: PlanRecord): PlanRecord => {
  const { confirm: _confirm, ...rest } = record.plan;
  return { ...record, plan: rest };
};
const firstStep = (more: object): PlanRecord =>
  planned({ steps: plan().plan.steps.map((step, at) => (at === 0 ? { ...step, ...more } : step)) });
const firstRecord = (more: object): PlanRecord => ({
  ...plan(),
  records: plan().records.map((each, at) => (at === 0 ? { ...each, ...more } : each)),
});

describe('an approval is bound to', () => {
  const PARTS: [part: string, other: PlanRecord][] = [
    ['the plan', planned({ id: 'plan_2' })],
    ['the cluster', { ...plan(), cluster: 'other' }],
    ['what a failure does', { ...plan(), on_failure: 'go_on' }],
    ['the risk', planned({ risk: 'change' })],
    ['what has to be typed', planned({ confirm: 'build-agent-01' })],
    ['that something has to be typed', withoutName(plan())],
    ['its end', planned({ expires_at: '2026-02-24T10:15:00.000Z' })],
    ['the method of a call', firstStep({ method: 'PUT' })],
    ['the path of a call', firstStep({ path: `/nodes/${NODE2}/qemu/110/status/start` })],
    ['a parameter more', firstStep({ params: { skiplock: 1 } })],
    ['the number of calls', planned({ steps: plan().plan.steps.slice(0, 1) })],
    ['the order of calls', planned({ steps: plan().plan.steps.toReversed() })],
    ['what a step relies on', firstRecord({ relies_on: [] })],
    ['what is expected of it', firstRecord({ expects: [statusIs(AGENT, 'stopped')] })],
    ['what it waits for', firstRecord({ after: [1] })],
    ['what takes it back', firstRecord({ undo: plan().plan.steps })],
    ['how long it may take', firstRecord({ limit_seconds: 1 })],
  ];
  test.each(PARTS)('%s', (_part, other) => {
    expect(hashOf(other)).not.toBe(hashOf(plan()));
    expect(hashOf(other)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('nothing that is only told', () => {
    const told = { says: 'x', assumptions: ['x'], warnings: ['x'], hash: 'x' };
    expect(hashOf(planned(told))).toBe(hashOf(plan()));
    expect(hashOf(firstStep({ says: 'x' }))).toBe(hashOf(plan()));
  });

  test('what it comes to, as it is kept: an absent name is none', () => {
    const bare = withoutName(plan());
    expect(hashOf(JSON.parse(JSON.stringify(bare)) as PlanRecord)).toBe(hashOf(bare));
  });
});

describe('the same value is the same text:', () => {
  const VALUES: [value: unknown, text: string][] = [
    [{ b: 1, a: [2, 'x', null] }, '{"a":[2,"x",null],"b":1}'],
    [{ a: undefined, b: { d: [], c: {} } }, '{"b":{"c":{},"d":[]}}'],
    [[undefined, 1], '[null,1]'],
    [undefined, 'null'],
    [null, 'null'],
    ['a"b', '"a\\"b"'],
    [{ 'a"': 1 }, '{"a\\"":1}'],
    [{ a2: 1, a10: 2, a: 3 }, '{"a":3,"a10":2,"a2":1}'],
    [{ a: 1, b: 2, c: 3, d: 4 }, '{"a":1,"b":2,"c":3,"d":4}'],
  ];
  test.each(VALUES)('%j', (value, text) => expect(canonical(value)).toBe(text));
});
