import { describe, expect, it } from 'vitest';
import { ClaimLost, type Store } from './store.ts';
import { engines } from './testing/engines.ts';
import { openedStores } from './testing/opened.ts';
import { at, begun, entry, eventOf, stepOf } from './testing/samples.ts';

describe.each(engines)('$name', ({ fresh }) => {
  const open = openedStores({ fresh });

  describe('a hold on a job', () => {
    const lease = { leaseMs: 1000 };

    it('is one at a time, runs out, and is given back', async () => {
      const store = await open();
      await begun(store, '1');
      const claim = (owner: string, ms: number) => store.claim({ jobId: 'job-1', owner, now: ms, ...lease });
      const first = await claim('a', 0);
      expect([first?.fence, await claim('b', 999)]).toEqual([1, undefined]);
      expect(await store.due({ cluster: 'lab', now: 999, limit: 9 })).toEqual([]);
      expect(await store.due({ cluster: 'lab', now: 1000, limit: 9 })).toEqual(['job-1']);
      expect(await store.due({ cluster: 'other', now: 1000, limit: 9 })).toEqual([]);
      const second = await claim('b', 1000);
      expect(second?.fence).toBe(2);
      await store.release(second!);
      expect((await claim('a', 1001))?.fence).toBe(3);
      expect(await store.claim({ jobId: 'none', owner: 'a', now: 0, ...lease })).toBeUndefined();
    });

    it('can be held on to, also where it ran out and nobody came', async () => {
      const store = await open();
      await begun(store, '1');
      const claim = (await store.claim({ jobId: 'job-1', owner: 'a', now: 0, ...lease }))!;
      await store.renew(claim, 5000, 1000);
      expect(await store.claim({ jobId: 'job-1', owner: 'b', now: 5999, ...lease })).toBeUndefined();
    });

    const event = eventOf('job-1', 'x');
    const writes: Record<string, (store: Store, claim: { jobId: string; fence: number }) => Promise<unknown>> = {
      renew: (store, claim) => store.renew(claim, 0, 1000),
      start: (store, claim) => store.start(claim, at(3), event),
      step: (store, claim) => store.step(claim, stepOf(0, 'done'), [event], entry('x')),
      end: (store, claim) => store.end(claim, { state: 'done', at: at(3), result: '' }, event, entry('x')),
    };
    const losing: Record<string, (store: Store, claim: { jobId: string; fence: number }) => Promise<unknown>> = {
      'was taken over': (store) => store.claim({ jobId: 'job-1', owner: 'b', now: 5000, leaseMs: 1000 }),
      'was given back': (store, claim) => store.release(claim),
      'ended with the job': (store, claim) =>
        store.end(claim, { state: 'failed', at: at(2), result: '' }, event, entry('x')),
    };
    const cases = Object.keys(writes).flatMap((write) => Object.keys(losing).map((loss) => [write, loss] as const));
    it.each(cases)('refuses %s where it %s, and writes nothing', async (write, loss) => {
      const store = await open();
      await begun(store, '1');
      const claim = (await store.claim({ jobId: 'job-1', owner: 'a', now: 0, ...lease }))!;
      await losing[loss]!(store, claim);
      const before = [await store.job('job-1'), await store.events('job-1', 0, 99), await store.auditHead()];
      await expect(writes[write]!(store, claim)).rejects.toThrow(ClaimLost);
      await store.release(claim);
      expect([await store.job('job-1'), await store.events('job-1', 0, 99), await store.auditHead()]).toEqual(before);
    });
  });
});
