import type { Job, PlanRecord } from '@pxa/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { type Lab, openLab } from './testing/lab.ts';
import {
  type HandMade,
  NODE1,
  NODE2,
  clone,
  configure,
  destroy,
  listed,
  migrate,
  planOf,
  reboot,
  shutdown,
  snapshot,
  start,
  stop,
} from './testing/plans.ts';

let lab: Lab;
afterEach(() => lab.close());

const AGENT = `${NODE2}/qemu/104`;
const APP = `${NODE1}/qemu/101`;
const MONITOR = `${NODE1}/qemu/105`;

const PLANS: [name: string, plan: () => PlanRecord, tasks: string[]][] = [
  ['start', () => planOf([start(AGENT)]), ['qmstart']],
  ['shut down', () => planOf([shutdown(MONITOR)]), ['qmshutdown']],
  ['reboot', () => planOf([reboot(MONITOR)]), ['qmreboot', 'qmstart']],
  ['change a configuration', () => planOf([configure(AGENT, 'cores', { from: 4, to: 2 })]), []],
  ['take a snapshot', () => planOf([snapshot(AGENT, 'before')]), ['qmsnapshot']],
  ['clone', () => planOf([clone(AGENT, 300)]), ['qmclone']],
  ['migrate', () => planOf([migrate(AGENT, NODE1)]), ['qmigrate']],
  ['delete', () => planOf([destroy(AGENT)], { confirm: 'build-agent-01' }), ['qmdestroy']],
  [
    'shut down what HA manages, then start it again',
    () => {
      const byHa = (type: string, step: HandMade): HandMade => ({
        ...step,
        tasks: [...(step.tasks ?? []), { type, id: '101' }],
      });
      return planOf([byHa('hastop', shutdown(APP)), { ...byHa('hastart', start(APP)), after: [0] }]);
    },
    ['hastop', 'qmshutdown', 'hastart', 'qmstart'],
  ],
  [
    'stop, then delete',
    () => planOf([stop(MONITOR), { ...destroy(MONITOR), after: [0] }], { confirm: 'monitoring-stack' }),
    ['qmstop', 'qmdestroy'],
  ],
  [
    'clone, change, start',
    () => {
      const copy = `${NODE2}/qemu/300`;
      return planOf([
        clone(AGENT, 300),
        {
          ...configure(copy, 'memory', { from: 8192, to: '2048' }),
          relies_on: [listed(300, 'lock', null)],
          after: [0],
        },
        { ...start(copy), after: [1] },
      ]);
    },
    ['qmclone', 'qmstart'],
  ],
];

describe('a plan is carried out, each call once, and verified', () => {
  test.each(PLANS)('%s', async (_name, plan, tasks) => {
    lab = await openLab();
    const before = new Set(lab.sandbox.tasks.all());
    const record = plan();
    const job = (await lab.run(await lab.approved(record))) as Job;
    expect(job).toMatchObject({ state: 'done', proof: { outcome: 'verified', differs: [] } });
    expect(lab.writes).toEqual(record.plan.steps.map(({ method, path }) => `${method} ${path}`));
    const begun = lab.sandbox.tasks.all().filter((task) => !before.has(task));
    expect(begun.map(({ type }) => type).toReversed()).toEqual(tasks);
  });
});
