import { afterEach, describe, expect, it } from 'vitest';
import { AttemptLost, type KeyedAttempt, underAttempt } from './attempts.ts';
import type { Begin, Keyed } from './idempotency.ts';
import { openAll } from './open.ts';
import type { ServiceStore } from './service-store.ts';
import type { Store } from './store.ts';
import { engines } from './testing/engines.ts';
import { approvalOf, entry, planOf } from './testing/samples.ts';

const ALIVE_MS = 100;
const KEPT_MS = 1_000;

describe.each(engines)('requests under a key on $name', ({ fresh }) => {
  let opened: { store: Store; service: ServiceStore } | undefined;
  afterEach(() => opened?.store.close());

  async function open(): Promise<{ store: Store; service: ServiceStore }> {
    opened = await openAll(await fresh(), { now: () => 0 });
    return opened;
  }

  const asked = (service: ServiceStore, now: number, more: Partial<Keyed> = {}): Promise<Begin> =>
    service.beginAttempt({ caller: 'tok_1', key: 'k', hash: 'h', now, aliveMs: ALIVE_MS, keptMs: KEPT_MS, ...more });

  async function begun(service: ServiceStore, now: number): Promise<KeyedAttempt> {
    const begin = await asked(service, now);
    if (begin.kind !== 'go') throw new Error(`it is ${begin.kind}`);
    return begin.attempt;
  }

  it('are answered with what they were answered before', async () => {
    const { service } = await open();
    const attempt = await begun(service, 0);
    expect(await asked(service, 10)).toEqual({ kind: 'under_way', untilMs: 100 });
    expect(await asked(service, 10, { hash: 'other' })).toEqual({ kind: 'other_request' });
    expect(await asked(service, 10, { caller: 'tok_2' })).toMatchObject({ kind: 'go' });
    await service.endAttempt(attempt, { status: 202, body: '{"a":1}' });
    expect(await asked(service, 20)).toEqual({ kind: 'answered', status: 202, body: '{"a":1}' });
    expect(await asked(service, 20, { hash: 'other' })).toEqual({ kind: 'other_request' });
  });

  it('may be asked again at once where nothing came of them', async () => {
    const { service } = await open();
    await service.dropAttempt(await begun(service, 0));
    expect(await asked(service, 1)).toEqual({
      kind: 'go',
      attempt: { caller: 'tok_1', key: 'k', fence: 2 },
      acted: false,
      plans: [],
    });
  });

  it('are taken over from an attempt that is no longer alive, with what it has planned; it writes nothing more', async () => {
    const { store, service } = await open();
    const first = await begun(service, 0);
    expect(await service.keepAttempt(first, 200)).toBe(true);
    const plan = planOf('1');
    await underAttempt(first, () => store.propose(plan, approvalOf(plan), entry('proposed')));
    expect(await asked(service, 150)).toMatchObject({ kind: 'under_way' });
    const again = await asked(service, 200);
    expect(again).toMatchObject({ kind: 'go', acted: true, plans: ['1'], attempt: { fence: 2 } });
    const other = planOf('2');
    await expect(
      underAttempt(first, () => store.propose(other, approvalOf(other), entry('proposed'))),
    ).rejects.toBeInstanceOf(AttemptLost);
    expect(await store.plan('2')).toBeUndefined();
    expect(await service.keepAttempt(first, 900)).toBe(false);
    await service.endAttempt(first, { status: 500, body: 'of the first' });
    expect(await asked(service, 210)).toMatchObject({ kind: 'under_way' });
  });

  it('are marked by whatever is written under them, and by nothing else', async () => {
    const { store, service } = await open();
    const first = await begun(service, 0);
    await store.audit(entry('of somebody else'));
    await underAttempt(first, () => underAttempt(undefined, () => store.audit(entry('of a job that goes on'))));
    await service.dropAttempt(first);
    await underAttempt(first, () => store.audit(entry('of what goes on after the answer')));
    const second = await asked(service, 1);
    if (second.kind !== 'go') throw new Error('nobody has it');
    expect(second.acted).toBe(false);
    await underAttempt(second.attempt, () => store.audit(entry('of the request')));
    expect(await asked(service, 500)).toMatchObject({ kind: 'go', acted: true, plans: [] });
  });

  it('are forgotten once their time is over, as far as none is under way', async () => {
    const { service } = await open();
    await service.endAttempt(await begun(service, 0), { status: 200, body: '' });
    await begun(service, 0).catch(() => undefined);
    expect(await service.sweepKeys(KEPT_MS - 1)).toBe(0);
    expect(await asked(service, KEPT_MS, { hash: 'other' })).toMatchObject({ kind: 'go', attempt: { fence: 1 } });
    expect(await service.sweepKeys(KEPT_MS)).toBe(0);
    expect(await service.sweepKeys(2 * KEPT_MS)).toBe(1);
  });

  it('are begun by one of many who ask at once', async () => {
    const place = await fresh();
    const replicas = await Promise.all([1, 2].map(() => openAll(place, { now: () => 0 })));
    const all = await Promise.all(
      Array.from({ length: 4 }, () => replicas.map(({ service }) => asked(service, 0))).flat(),
    );
    await Promise.all(replicas.map(({ store }) => store.close()));
    expect(all.filter(({ kind }) => kind === 'go')).toHaveLength(1);
    expect(all.filter(({ kind }) => kind === 'under_way')).toHaveLength(7);
  });
});
