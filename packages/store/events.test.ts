import { afterEach, describe, expect, it } from 'vitest';
import { openAll, type StorePlace } from './open.ts';
import type { ServiceStore } from './service-store.ts';
import type { Store } from './store.ts';
import { engines, tamper } from './testing/engines.ts';
import { newEvent, turning, webhookOf } from './testing/hooks.ts';
import { entry, NOW_MS } from './testing/samples.ts';

const DAY_MS = 86_400_000;
const claim = { owner: 'a', now: NOW_MS, leaseMs: 30_000 };

describe.each(engines)('events on $name', ({ fresh }) => {
  const opened: Store[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));

  async function open(place?: StorePlace): Promise<ServiceStore & { store: Store }> {
    const deps = { now: () => NOW_MS, seal: () => Promise.resolve(turning) };
    const { store, service } = await openAll(place ?? (await fresh()), deps);
    opened.push(store);
    return { ...service, store };
  }

  const keysOf = async (kept: ServiceStore): Promise<unknown[]> =>
    (await kept.eventsAfter({ after: 0, limit: 99 })).map(({ seq, data }) => [seq, data['vm']]);

  it('are numbered in order, and the same thing makes one', async () => {
    const kept = await open();
    expect(await kept.addEvents([newEvent('a'), newEvent('b'), newEvent('a')], NOW_MS)).toEqual([1, 2]);
    expect(await kept.addEvents([newEvent('b'), newEvent('c', { type: 'vm.deleted' })], NOW_MS)).toEqual([3]);
    expect(await keysOf(kept)).toEqual([
      [1, { id: 'a' }],
      [2, { id: 'b' }],
      [3, { id: 'c' }],
    ]);
    expect(await kept.eventsAfter({ after: 0, limit: 9, types: ['vm.deleted'] })).toMatchObject([{ seq: 3 }]);
    expect(await kept.eventRange()).toEqual({ oldest: 1, newest: 3 });
  });

  it('come with the step of who follows, or not at all', async () => {
    const place = await fresh();
    const [one, other] = [await open(place), await open(place)];
    const step = { name: 'audit', body: '', nowMs: NOW_MS };
    expect(await one.followStep({ ...step, from: undefined, to: 4, events: [newEvent('a')] })).toBe(true);
    expect(await other.followStep({ ...step, from: undefined, to: 4, events: [newEvent('x')] })).toBe(false);
    const both = await Promise.all([
      one.followStep({ ...step, from: 4, to: 5, events: [newEvent('b')] }),
      other.followStep({ ...step, from: 4, to: 6, events: [newEvent('c')] }),
    ]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await one.eventRange()).toMatchObject({ newest: 2 });
  });

  it('hold how guests were last seen', async () => {
    const kept = await open();
    const are = [
      { guest: 'qemu/100', name: 'a', status: 'running' },
      { guest: 'lxc/200', name: null, status: 'stopped' },
    ];
    const step = { name: 'w', body: '{}', nowMs: NOW_MS, events: [] };
    await kept.followStep({ ...step, from: undefined, to: 1, seen: { connection: 'home', are, gone: [] } });
    const later = [{ guest: 'qemu/100', name: 'b', status: 'stopped' }];
    await kept.followStep({ ...step, from: 1, to: 2, seen: { connection: 'home', are: later, gone: ['lxc/200'] } });
    expect(await kept.seenGuests('home')).toEqual(later);
    expect(await kept.seenGuests('east')).toEqual([]);
    expect(await kept.seenAs('home', 'stopped')).toEqual(['qemu/100']);
    expect(await kept.seenAs('home', 'running')).toEqual([]);
    expect(await kept.follower('w')).toEqual({ place: 2, body: '{}' });
  });

  it('are for the webhooks that want them, and their secrets are sealed', async () => {
    const place = await fresh();
    const kept = await open(place);
    await kept.addWebhook(webhookOf('h1'), 9, entry('webhook.created'));
    await kept.addWebhook(webhookOf('h2', { active: false }), 9, entry('webhook.created'));
    await kept.addWebhook(webhookOf('h3', { events: ['vm.deleted'] }), 9, entry('webhook.created'));
    expect(await kept.addWebhook(webhookOf('h4'), 3, entry('webhook.created'))).toBe(false);
    await kept.addEvents([newEvent('a')], NOW_MS);
    const counts = await Promise.all(['h1', 'h2', 'h3', 'h4'].map((id) => kept.countDeliveries(id)));
    expect(counts).toEqual([1, 0, 0, undefined]);
    expect(await kept.webhook('h1')).toEqual(webhookOf('h1'));
    expect((await kept.webhooks()).map(({ id }) => id)).toEqual(['h3', 'h2', 'h1']);
    const inTheClear = ['sealed', 'body', 'events'].map(
      (column) => `${column} like '%whsec%' or ${column} like '%key=%'`,
    );
    await tamper(place, `delete from deliveries; delete from webhooks where ${inTheClear.join(' or ')}`);
    expect(await kept.webhooks()).toHaveLength(3);
    expect((await kept.store.auditHead()).count).toBe(3);
  });

  it('are changed by one of two who had read the same, and removed with their deliveries', async () => {
    const kept = await open();
    const before = webhookOf('h1');
    await kept.addWebhook(before, 9, entry('webhook.created'));
    await kept.addEvents([newEvent('a')], NOW_MS);
    const after = { ...before, url: 'https://example.org/', revision: 2 };
    expect(await kept.replaceWebhook(before, after, entry('webhook.updated'))).toBe(true);
    expect(await kept.replaceWebhook(before, before, entry('webhook.updated'))).toBe(false);
    expect(await kept.webhook('h1')).toEqual(after);
    expect(await kept.deleteWebhook('h1', entry('webhook.deleted'))).toBe(true);
    expect(await kept.deleteWebhook('h1', entry('webhook.deleted'))).toBe(false);
    expect(await kept.webhook('h1')).toBeUndefined();
  });

  it('are not sent any more to who wants no more of their type', async () => {
    const kept = await open();
    const before = webhookOf('h1', { events: ['vm.created', 'vm.deleted'] });
    await kept.addWebhook(before, 9, entry('webhook.created'));
    await kept.addEvents([newEvent('a'), newEvent('b', { type: 'vm.deleted' })], NOW_MS);
    const after = { ...before, events: ['vm.deleted'], revision: 2 };
    expect(await kept.replaceWebhook(before, after, entry('webhook.updated'))).toBe(true);
    expect(await kept.deliveries('h1', { order: 'asc', limit: 9, offset: 0 })).toMatchObject([{ event: { seq: 2 } }]);
    expect(await kept.claimDelivery(claim)).toMatchObject({ delivery: { event: { seq: 2 } } });
  });

  it('come while webhooks are removed, and are told to those that are left', async () => {
    const place = await fresh();
    const [kept, other] = [await open(place), await open(place)];
    for (let turn = 0; turn < 10; turn++) {
      const ids = [0, 1, 2].map((number) => `h${turn}_${number}`);
      for (const id of ids) await kept.addWebhook(webhookOf(id), 99, entry('webhook.created'));
      const [, seqs] = await Promise.all([
        other.deleteWebhook(ids[1]!, entry('webhook.deleted')),
        kept.addEvents([newEvent(`e${turn}`)], NOW_MS),
      ]);
      expect(seqs).toHaveLength(1);
      expect(await kept.countDeliveries(ids[2]!)).toBe(1);
    }
  });

  describe('deliveries', () => {
    const tried = { triedMs: NOW_MS, code: 500, error: 'it says 500', excerpt: 'oops', told: false, audit: [] };

    it('go out one at a time, the oldest first, each once it is due', async () => {
      const kept = await open();
      await kept.addWebhook(webhookOf('h1'), 9, entry('webhook.created'));
      await kept.addEvents([newEvent('a'), newEvent('b')], NOW_MS);
      const first = await kept.claimDelivery(claim);
      expect(first).toMatchObject({ webhook: { id: 'h1' }, delivery: { event: { seq: 1 }, attempts: 0 } });
      expect(await kept.claimDelivery({ ...claim, owner: 'b' })).toBeUndefined();
      const failed = { ...tried, seq: 1, state: 'pending', nextMs: NOW_MS + 5_000, failingSinceMs: NOW_MS } as const;
      expect(await kept.recordAttempt(first!.hold, failed)).toBe(true);
      expect(await kept.claimDelivery({ ...claim, now: NOW_MS + 4_999 })).toBeUndefined();
      const second = await kept.claimDelivery({ ...claim, now: NOW_MS + 5_000 });
      expect(second).toMatchObject({
        webhook: { failingSinceMs: NOW_MS },
        delivery: { event: { seq: 1 }, attempts: 1 },
      });
      const arrived = { ...tried, seq: 1, state: 'delivered', nextMs: 0, failingSinceMs: null } as const;
      expect(await kept.recordAttempt(second!.hold, arrived)).toBe(true);
      expect(await kept.claimDelivery(claim)).toMatchObject({ delivery: { event: { seq: 2 } } });
      expect(await kept.deliveries('h1', { order: 'desc', limit: 9, offset: 0 })).toMatchObject([
        { event: { seq: 2 }, state: 'pending' },
        { event: { seq: 1 }, state: 'delivered', attempts: 2, code: 500, excerpt: 'oops' },
      ]);
    });

    it('of a hold that is lost are not written, and another takes it over', async () => {
      const kept = await open();
      await kept.addWebhook(webhookOf('h1'), 9, entry('webhook.created'));
      await kept.addEvents([newEvent('a')], NOW_MS);
      const first = await kept.claimDelivery(claim);
      const other = await kept.claimDelivery({ ...claim, owner: 'b', now: NOW_MS + 30_000 });
      expect(other).toBeDefined();
      const arrived = { ...tried, seq: 1, state: 'delivered', nextMs: 0, failingSinceMs: null } as const;
      expect(await kept.recordAttempt(first!.hold, arrived)).toBe(false);
      expect(await kept.recordAttempt(other!.hold, arrived)).toBe(true);
      expect(await kept.recordAttempt(other!.hold, arrived)).toBe(false);
    });

    it('of a webhook that is gone for good end, and wait until it is switched on again', async () => {
      const kept = await open();
      await kept.addWebhook(webhookOf('h1'), 9, entry('webhook.created'));
      await kept.addEvents([newEvent('a'), newEvent('b')], NOW_MS);
      const { hold } = (await kept.claimDelivery(claim))!;
      const gone = { ...tried, seq: 1, state: 'parked', nextMs: 0, failingSinceMs: NOW_MS, disable: 'gone' } as const;
      await kept.recordAttempt(hold, { ...gone, audit: [entry('webhook.disabled')] });
      expect(await kept.claimDelivery(claim)).toBeUndefined();
      const off = (await kept.webhook('h1'))!;
      expect(off).toMatchObject({ active: false, disabled: 'gone', revision: 2 });
      const on = { ...off, active: true, disabled: null, revision: 3 };
      expect(await kept.replaceWebhook(off, on, entry('webhook.updated'))).toBe(true);
      expect(await kept.claimDelivery(claim)).toMatchObject({
        webhook: { failingSinceMs: null },
        delivery: { event: { seq: 2 } },
      });
    });

    it('are tried again for another day when somebody asks for it', async () => {
      const kept = await open();
      await kept.addWebhook(webhookOf('h1'), 9, entry('webhook.created'));
      await kept.addEvents([newEvent('a')], NOW_MS);
      const { hold } = (await kept.claimDelivery(claim))!;
      await kept.recordAttempt(hold, { ...tried, seq: 1, state: 'parked', nextMs: 0, failingSinceMs: null });
      const later = NOW_MS + 2 * DAY_MS;
      expect(await kept.claimDelivery({ ...claim, now: later })).toBeUndefined();
      expect(await kept.redeliver({ webhookId: 'h1', seq: 1, nowMs: later })).toMatchObject({ endsMs: later + DAY_MS });
      expect(await kept.redeliver({ webhookId: 'h1', seq: 2, nowMs: later })).toBeUndefined();
      expect(await kept.claimDelivery({ ...claim, now: later })).toMatchObject({ delivery: { event: { seq: 1 } } });
    });

    it('and events are forgotten after their time', async () => {
      const kept = await open();
      await kept.addWebhook(webhookOf('h1'), 9, entry('webhook.created'));
      await kept.addEvents([newEvent('a'), newEvent('b', { atMs: NOW_MS + 1 })], NOW_MS);
      expect(await kept.sweepEvents(NOW_MS + 1, 10)).toBe(1);
      expect(await kept.sweepEvents(NOW_MS + 1, 10)).toBe(0);
      expect(await kept.countDeliveries('h1')).toBe(1);
      expect(await kept.eventRange()).toEqual({ oldest: 2, newest: 2 });
    });
  });
});
