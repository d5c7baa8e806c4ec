import { describe, expect, it } from 'vitest';
import { openAll } from './open.ts';
import { engines } from './testing/engines.ts';
import { approvalOf, at, begun, entry, NOW_MS, planOf } from './testing/samples.ts';

describe.each(engines)('what the service switches and counts on $name', ({ fresh }) => {
  it('maintenance is as it was last set, also for who opens the store later', async () => {
    const place = await fresh();
    const first = await openAll(place, { now: () => NOW_MS });
    expect(await first.service.maintenance()).toBeUndefined();
    const on = { enabled: true, message: 'back at noon', by: 'anna', at: at(0) };
    await first.service.setMaintenance(on, entry('maintenance.on'));
    const second = await openAll(place, { now: () => NOW_MS });
    expect(await second.service.maintenance()).toEqual(on);
    const off = { ...on, enabled: false, at: at(1) };
    await second.service.setMaintenance(off, entry('maintenance.off'));
    expect(await first.service.maintenance()).toEqual(off);
    expect((await first.store.auditLog(0, 9)).map(({ kind }) => kind)).toEqual(['maintenance.on', 'maintenance.off']);
    await Promise.all([first.store.close(), second.store.close()]);
  });

  it('jobs are counted by state, those that nobody works on and approvals that wait', async () => {
    const { store, service } = await openAll(await fresh(), { now: () => NOW_MS });
    expect(await service.counts(NOW_MS)).toEqual({ jobs: {}, waiting: 0, pendingApprovals: 0, deliveries: {} });
    await begun(store, 'p1');
    const held = await begun(store, 'p2');
    await store.claim({ jobId: held.id, owner: 'me', now: NOW_MS, leaseMs: 5_000 });
    const record = planOf('p3');
    await store.propose(record, approvalOf(record), entry('proposed'));
    expect(await service.counts(NOW_MS)).toEqual({
      jobs: { queued: 2 },
      waiting: 1,
      pendingApprovals: 1,
      deliveries: {},
    });
    expect((await service.counts(NOW_MS + 3_600_000)).pendingApprovals).toBe(0);
    await store.close();
  });
});
