import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { connectionOf } from './from-audit.ts';
import { Teller } from './teller.ts';

let lab: Lab;
let teller: Teller;
beforeEach(async () => {
  lab = await Lab.start();
  teller = new Teller(lab.service);
});
afterEach(() => lab.close());

type Entry = Parameters<Lab['service']['store']['audit']>[0];

async function write(kind: string, data: Entry['data'], more: Partial<Entry> = {}): Promise<void> {
  const at = '2026-02-23T10:00:00.000Z';
  const usual = { at, kind, who: 'anna', door: 'rest', cluster: 'lab at home', plan_id: 'plan_1', job_id: null, data };
  await lab.service.store.audit({ ...usual, ...more });
}

const told = async (): Promise<readonly object[]> => lab.service.kept.eventsAfter({ after: 0, limit: 1_000 });

describe('a record of the audit log is told as', () => {
  const CASES: [kind: string, data: Entry['data'], type: string, told: Record<string, unknown>][] = [
    [
      'plan.proposed',
      { says: 'Start VM 104', risk: 'change', request: 'start it' },
      'approval.requested',
      { approval: { id: 'plan_1', says: 'Start VM 104', risk: 'change', requested_by: 'anna' } },
    ],
    [
      'plan.approved',
      { says: 'Start VM 104' },
      'approval.approved',
      { approval: { id: 'plan_1', says: 'Start VM 104', decided_by: 'anna' } },
    ],
    [
      'plan.cancelled',
      { says: 'Start VM 104' },
      'approval.cancelled',
      { approval: { id: 'plan_1', says: 'Start VM 104', decided_by: 'anna' } },
    ],
    [
      'job.begun',
      { says: 'Start VM 104' },
      'job.created',
      { job: { id: 'job_1', status: 'pending', message: 'Start VM 104', approval_id: 'plan_1' } },
    ],
    [
      'call.sent',
      { step: 0, method: 'POST', path: '/a', params: { password: 'x' }, result: 'UPID:…' },
      'job.step',
      { job: { id: 'job_1' }, step: { index: 0, method: 'POST', path: '/a', result: 'UPID:…' } },
    ],
    [
      'job.cancelling',
      { says: 'Start VM 104' },
      'job.cancelling',
      { job: { id: 'job_1', message: 'Start VM 104', cancelled_by: 'anna' } },
    ],
    ['job.ended', { state: 'done' }, 'job.completed', { job: { id: 'job_1', status: 'done' } }],
    [
      'webhook.failing',
      { webhook: 'w1' },
      'system.alert',
      {
        alert: {
          state: 'raised',
          severity: 'warning',
          code: 'webhook.failing',
          about: 'webhook/w1',
          text: 'Webhook w1 stays failing: nothing has reached it.',
        },
      },
    ],
    [
      'webhook.recovered',
      { webhook: 'w1' },
      'system.alert',
      {
        alert: {
          state: 'cleared',
          severity: 'info',
          code: 'webhook.failing',
          about: 'webhook/w1',
          text: 'Webhook w1 is reached again.',
        },
      },
    ],
  ];
  test.each(CASES)('%s', async (kind, data, type, expected) => {
    await teller.step();
    await write(kind, data, { job_id: 'job_1' });
    await teller.step();
    expect(await told()).toEqual([
      { seq: 1, type, atMs: Date.UTC(2026, 1, 23, 10), connection: 'home', data: expected },
    ]);
  });

  test('nothing, where nobody is to be told', async () => {
    await teller.step();
    await write('token.created', {});
    expect(await teller.step()).toBe(1);
    expect(await told()).toEqual([]);
  });
});

test('what was there before the first look is not told', async () => {
  await write('plan.approved', {});
  await teller.step();
  await teller.step();
  expect(await told()).toEqual([]);
});

test('what comes in once the service is ready is told, though nobody has looked by then', async () => {
  await lab.app.ready();
  await write('plan.approved', {});
  await teller.step();
  expect(await told()).toHaveLength(1);
});

test('every record is told once and in order, whichever replicas tell, and however long the log is', async () => {
  await teller.step();
  const others = [teller, new Teller(lab.service), new Teller(lab.service)];
  for (let count = 0; count < 450; count++) await write('plan.approved', { says: String(count) });
  for (let turn = 0; turn < 4; turn++) await Promise.all(others.map((each) => each.step()));
  const numbers = (await told()).map((event) => (event as { data: { approval: { says: string } } }).data.approval.says);
  expect(numbers).toEqual(Array.from({ length: 450 }, (_, count) => String(count)));
});

test('a cluster of a plan is told by its connection', () => {
  const clusters = new Map([...lab.service.clusters, ['east', lab.service.clusters.get('home')!] as const]);
  expect(connectionOf('tli at prod at east', { clusters })).toBe('east');
  expect(connectionOf('tli at west', { clusters })).toBe('');
  expect(connectionOf('', lab.service)).toBe('');
  expect(connectionOf('lab at home', lab.service)).toBe('home');
});
