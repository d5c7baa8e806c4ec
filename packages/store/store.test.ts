import { describe, expect, it } from 'vitest';
import type { Approval, Job } from '@pxa/contract';
import type { Store } from './store.ts';
import { engines } from './testing/engines.ts';
import { openedStores } from './testing/opened.ts';
import {
  approvalOf,
  at,
  begun,
  ENDS_S,
  entry,
  eventOf,
  jobOf,
  NOW_MS,
  planOf,
  stepOf,
  word,
} from './testing/samples.ts';

describe.each(engines)('$name', ({ fresh }) => {
  const open = openedStores({ fresh });

  describe('a plan', () => {
    it('is what was proposed, after the store was opened again', async () => {
      const place = await fresh();
      const first = await open(place);
      const record = { ...planOf('1'), request: 'stärte "it" \u0000\ud800 💥' };
      await first.propose(record, approvalOf(record), entry('proposed'));
      await first.close();
      const second = await open(place);
      expect(await second.plan('1')).toEqual(record);
      expect(await second.approval('approval-1')).toEqual(approvalOf(record));
      expect(await second.approvalOf('1')).toEqual(approvalOf(record));
      expect((await second.auditLog(0, 10)).map(({ kind }) => kind)).toEqual(['proposed']);
    });

    it('that is not there is undefined, and so are its approval and job', async () => {
      const store = await open();
      expect([
        await store.plan('x'),
        await store.approval('x'),
        await store.approvalOf('x'),
        await store.job('x'),
      ]).toEqual(Array.from({ length: 4 }, () => undefined));
    });

    it('is kept once: a second of its name is refused, and nothing of it is there', async () => {
      const store = await open();
      await store.propose(planOf('1'), approvalOf(planOf('1')), entry('proposed'));
      await expect(store.propose(planOf('1'), approvalOf(planOf('1')), entry('again'))).rejects.toThrow(/refused/);
      expect(await store.auditHead()).toMatchObject({ count: 1 });
    });
  });

  describe('a word on an approval', () => {
    const word1 = word('bert');
    const approved: Partial<Approval> = { decisions: [word1] };
    it.each<[name: string, of: Partial<Approval>, word: ReturnType<typeof word>, expected: string]>([
      ['approves', {}, word('anna'), 'approved'],
      ['approves one millisecond before its end', {}, word('anna', ENDS_S - 0.001), 'approved'],
      ['comes too late', {}, word('anna', ENDS_S), 'Its time is over'],
      ['cancels', {}, word('anna', 1, 'cancelled'), 'cancelled'],
      ['is one of two that are needed', { needed: 2 }, word('anna'), 'pending'],
      ['is the second of two', { needed: 2, ...approved }, word('carl'), 'approved'],
      ['is said twice by one person', { needed: 2, ...approved }, word('Bert '), 'has approved it already'],
      ['takes the own approval back', { needed: 2, ...approved }, word('bert', 1, 'cancelled'), 'cancelled'],
      ['is of the requester, who may not', { requester_may: false }, word('ANNA'), 'somebody else must'],
      ['is of another, where the requester may not', { requester_may: false }, word('bert'), 'approved'],
      ['is of the requester, who may cancel', { requester_may: false }, word('anna', 1, 'cancelled'), 'cancelled'],
      ['is on what is cancelled', { state: 'cancelled' }, word('anna'), 'has been cancelled'],
      ['is on what is used', { state: 'used' }, word('anna'), 'carried out already'],
      ['is on what is approved', { state: 'approved' }, word('carl'), 'approved already'],
    ])('%s', async (_name, of, decision, expected) => {
      const store = await open();
      const approval = approvalOf(planOf('1'), of);
      await store.propose(planOf('1'), approval, entry('proposed'));
      const result = await store.decide(approval.id, approval.plan_hash, decision, entry('decided'));
      if (result.ok) {
        expect(result.approval).toEqual({ ...approval, state: expected, decisions: [...approval.decisions, decision] });
        expect(await store.approval(approval.id)).toEqual(result.approval);
      } else {
        expect(result.refused).toContain(expected);
        expect(await store.approval(approval.id)).toEqual(approval);
      }
      expect(await store.auditHead()).toMatchObject({ count: result.ok ? 2 : 1 });
    });

    it('is refused for another hash, and for an approval that is not there', async () => {
      const store = await open();
      await store.propose(planOf('1'), approvalOf(planOf('1')), entry('proposed'));
      expect(await store.decide('approval-1', 'sha256:2', word('anna'), entry('x'))).toMatchObject({
        refused: expect.stringContaining('hash is another') as string,
      });
      expect(await store.decide('none', 'sha256:2', word('anna'), entry('x'))).toMatchObject({ ok: false });
    });
  });

  it('approvals are listed newest first, by the state that they have then', async () => {
    const place = await fresh();
    const store = await open(place);
    const propose = async (id: string, more: Partial<Approval>): Promise<void> =>
      store.propose(planOf(id), approvalOf(planOf(id), more), entry('proposed'));
    await propose('a', {});
    await propose('b', { state: 'approved' });
    await propose('c', { state: 'used' });
    await propose('d', { state: 'cancelled' });
    await propose('e', { expires_at: at(2000) });
    const list = async (seconds: number, state?: Approval['state']): Promise<string> => {
      const found = await store.approvals({ now: at(seconds), limit: 10, ...(state && { state }) });
      return found.map((one) => `${one.plan_id}:${one.state}`).join(' ');
    };
    expect(await list(0)).toBe('e:pending d:cancelled c:used b:approved a:pending');
    expect(await list(ENDS_S)).toBe('e:pending d:cancelled c:used b:expired a:expired');
    expect(await list(0, 'pending')).toBe('e:pending a:pending');
    expect(await list(ENDS_S, 'pending')).toBe('e:pending');
    expect(await list(ENDS_S, 'approved')).toBe('');
    expect(await list(ENDS_S, 'expired')).toBe('b:expired a:expired');
    expect(await list(9999, 'used')).toBe('c:used');
    const later = await open(place, { now: () => NOW_MS + ENDS_S * 1000 });
    expect(await later.approval('approval-a')).toMatchObject({ state: 'expired' });
  });

  describe('beginning a job', () => {
    it.each<[name: string, state: Approval['state'], seconds: number, expected: string | undefined]>([
      ['an approved one', 'approved', 1, undefined],
      ['a pending one', 'pending', 1, 'not been approved'],
      ['a used one', 'used', 1, 'used already'],
      ['a cancelled one', 'cancelled', 1, 'been cancelled'],
      ['an approved one past its end', 'approved', ENDS_S, 'time is over'],
    ])('uses %s', async (_name, state, seconds, expected) => {
      const store = await open();
      const approval = approvalOf(planOf('1'), { state });
      await store.propose(planOf('1'), approval, entry('proposed'));
      const job = jobOf(approval, { created_at: at(seconds) });
      const result = await store.begin(approval.id, job, entry('begun'));
      if (expected !== undefined)
        expect(result).toMatchObject({ ok: false, refused: expect.stringContaining(expected) as string });
      else expect(result).toEqual({ ok: true, job });
      expect(await store.job(job.id)).toEqual(expected === undefined ? job : undefined);
      expect(await store.auditHead()).toMatchObject({ count: expected === undefined ? 2 : 1 });
    });

    it('uses an approval up, and leaves it when the job cannot be made', async () => {
      const store = await open();
      await begun(store, '1');
      const approval = approvalOf(planOf('2'), { state: 'approved' });
      await store.propose(planOf('2'), approval, entry('proposed'));
      await expect(store.begin(approval.id, jobOf(approval, { id: 'job-1' }), entry('x'))).rejects.toThrow(/refused/);
      expect(await store.approval(approval.id)).toMatchObject({ state: 'approved' });
      expect(await store.begin(approval.id, jobOf(approval), entry('begun'))).toMatchObject({ ok: true });
      expect(await store.begin(approval.id, jobOf(approval, { id: 'other' }), entry('x'))).toMatchObject({ ok: false });
      expect(await store.approval(approval.id)).toMatchObject({ state: 'used' });
    });

    it('keeps a thousand steps', async () => {
      const store = await open();
      const job = await begun(store, '1', { steps: 1001 });
      expect((await store.job(job.id))?.steps.map(({ index }) => index)).toEqual(job.steps.map(({ index }) => index));
    });
  });

  it('a job is written from its beginning to its end', async () => {
    const store = await open();
    const job = await begun(store, '1');
    const claim = (await store.claim({ jobId: job.id, owner: 'a', now: 0, leaseMs: 9e6 }))!;
    await store.start(claim, at(2), eventOf(job.id, 'started', { kind: 'started' }));
    const step = { ...stepOf(0, 'waiting'), upid: 'UPID:a:1', progress: 0.5 };
    await store.step(claim, step, [eventOf(job.id, 'one'), eventOf(job.id, 'two', { step: 0 })]);
    expect(await store.job(job.id)).toEqual({
      ...job,
      state: 'running',
      started_at: at(2),
      steps: [step, job.steps[1]],
    });
    expect(await store.cancel(job.id, eventOf(job.id, 'stop', { kind: 'cancelling' }), entry('cancelling'))).toBe(true);
    await store.start(claim, at(9), eventOf(job.id, 'again', { kind: 'taken_over' }));
    const proof: Job['proof'] = { outcome: 'unverified', at: at(4), differs: ['status is stopped'] };
    const ending = { state: 'cancelled' as const, at: at(4), result: 'stopped', proof };
    await store.end(claim, ending, eventOf(job.id, 'ended', { kind: 'ended' }), entry('ended'));
    expect(await store.job(job.id)).toEqual({
      ...job,
      state: 'cancelled',
      cancelling: true,
      steps: [step, job.steps[1]],
      started_at: at(2),
      ended_at: at(4),
      result: 'stopped',
      proof,
    });
    expect(await store.cancel(job.id, eventOf(job.id, 'stop'), entry('x'))).toBe(false);
    expect(await store.cancel('none', eventOf('none', 'stop'), entry('x'))).toBe(false);
    const events = await store.events(job.id, 0, 99);
    expect(events.map(({ seq, text }) => `${seq} ${text}`)).toEqual([
      '1 Start it',
      '2 started',
      '3 one',
      '4 two',
      '5 stop',
      '6 again',
      '7 ended',
    ]);
    expect((await store.events(job.id, 3, 2)).map(({ seq }) => seq)).toEqual([4, 5]);
    expect((await store.lastEvents(job.id, 2)).map(({ seq }) => seq)).toEqual([6, 7]);
    expect((await store.lastEvents(job.id, 99)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await store.lastEvents('none', 99)).toEqual([]);
    expect((await store.auditLog(0, 99)).map(({ kind }) => kind)).toEqual([
      'proposed',
      'approved',
      'begun',
      'cancelling',
      'ended',
    ]);
    expect(await store.due({ cluster: 'lab', now: 9e12, limit: 9 })).toEqual([]);
  });

  it('jobs are listed newest first, those that wait oldest first', async () => {
    const store = await open();
    for (const id of ['a', 'b', 'c']) await begun(store, id);
    const claim = (await store.claim({ jobId: 'job-b', owner: 'a', now: 0, leaseMs: 1 }))!;
    await store.end(claim, { state: 'done', at: at(3), result: '' }, eventOf('job-b', 'ended'), entry('ended'));
    const ids = async (of: Parameters<Store['jobs']>[0]): Promise<string[]> =>
      (await store.jobs(of)).map(({ id }) => id);
    expect(await ids({ limit: 2 })).toEqual(['job-c', 'job-b']);
    expect(await ids({ limit: 9, states: ['queued', 'running'] })).toEqual(['job-c', 'job-a']);
    expect(await ids({ limit: 9, states: [] })).toEqual([]);
    expect(await store.due({ cluster: 'lab', now: 0, limit: 1 })).toEqual(['job-a']);
    expect(await store.due({ cluster: 'lab', now: 0, limit: 9 })).toEqual(['job-a', 'job-c']);
  });

  it('what a caller gets wrong is a bug, and nothing of it is written', async () => {
    const store = await open();
    const job = await begun(store, '1');
    const claim = (await store.claim({ jobId: job.id, owner: 'a', now: 0, leaseMs: 1 }))!;
    await expect(store.step(claim, stepOf(7, 'done'), [eventOf(job.id, 'x')])).rejects.toThrow('has no step 7');
    await expect(store.step(claim, stepOf(0, 'done'), [eventOf('other', 'x')])).rejects.toThrow(
      'an event of job other',
    );
    await expect(store.propose(planOf('2'), approvalOf(planOf('3')), entry('x'))).rejects.toThrow('not of plan 2');
    expect([await store.job(job.id), (await store.events(job.id, 0, 9)).length]).toEqual([job, 1]);
  });
});
