import { describe, expect, it } from 'vitest';
import { fillLists } from './migration-lists.ts';
import { openAll } from './open.ts';
import { openPostgres } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Page, PageOf } from './pages.ts';
import type { ServiceStore } from './service-store.ts';
import type { Store } from './store.ts';
import { engines, tamper } from './testing/engines.ts';
import { approvalOf, at, begun, entry, ENDS_S, NOW_MS, planOf, word } from './testing/samples.ts';

const numbers = Array.from({ length: 7 }, (_, index) => `p${index + 1}`);
const page = (of: Partial<PageOf> = {}): PageOf => ({ limit: 3, order: 'desc', offset: 0, ...of });

describe.each(engines)('lists on $name', ({ fresh }) => {
  async function opened(seal = true): Promise<{ store: Store; service: ServiceStore }> {
    const key = { seal: (text: string) => `sealed ${text}`, open: (text: string) => text.slice('sealed '.length) };
    return openAll(await fresh(), { now: () => NOW_MS, ...(seal ? { seal: () => Promise.resolve(key) } : {}) });
  }

  it('of jobs go on from where a page ended, there and back', async () => {
    const { store, service } = await opened();
    for (const id of numbers) await begun(store, id);
    const ids = ({ items }: Page<{ job: { id: string } }>): string[] => items.map(({ item }) => item.job.id);
    const first = await service.jobPage({}, page());
    expect({ ids: ids(first), total: first.total, offset: first.offset }).toEqual({
      ids: ['job-p7', 'job-p6', 'job-p5'],
      total: 7,
      offset: 0,
    });
    const last = first.items.at(-1)?.made ?? 0;
    await begun(store, 'p8');
    const second = await service.jobPage({}, page({ from: { made: last, direction: 'next' } }));
    expect({ ids: ids(second), offset: second.offset }).toEqual({ ids: ['job-p4', 'job-p3', 'job-p2'], offset: 4 });
    const top = second.items[0]?.made ?? 0;
    const back = await service.jobPage({}, page({ from: { made: top, direction: 'previous' } }));
    expect({ ids: ids(back), offset: back.offset }).toEqual({ ids: ids(first), offset: 1 });
    const up = await service.jobPage({}, page({ order: 'asc', offset: 6 }));
    expect(ids(up)).toEqual(['job-p7', 'job-p8']);
    expect(up.items[0]?.item).toMatchObject({ action: 'guests.start', seconds: null, job: { steps: [{}, {}] } });
    await store.close();
  });

  it('tell what was kept before there were columns for it', async () => {
    const place = await fresh();
    const older = await openAll(place, { now: () => NOW_MS });
    for (let at = 1; at <= 120; at += 1) {
      const record = planOf(`q${String(at).padStart(3, '0')}`);
      await older.store.propose(record, approvalOf(record), entry('proposed'));
    }
    await begun(older.store, 'p1');
    await older.store.close();
    await tamper(place, 'update plans set action = null, risk = null, says = null, seconds = null');
    await tamper(place, 'update jobs set created_ms = null');
    const engine = place.kind === 'sqlite' ? await openSqlite(place.file) : await openPostgres(place.url);
    await engine.write(fillLists);
    await engine.close();
    const { store, service } = await openAll(place, { now: () => NOW_MS });
    const jobs = await service.jobPage({ sinceMs: NOW_MS, actions: ['guests.start'] }, page());
    expect(jobs.total).toBe(1);
    const approvals = await service.approvalPage({ nowMs: NOW_MS, risk: 'change' }, page({ limit: 200 }));
    expect(new Set(approvals.items.map(({ item }) => item.says)).size).toBe(121);
    await store.close();
  });

  it('of jobs are narrowed', async () => {
    const { store, service } = await opened();
    for (const id of ['p1', 'p2', 'p3']) await begun(store, id);
    for (const [id, outcome] of [
      ['p1', 'verified'],
      ['p2', 'unverified'],
    ] as const) {
      const claim = await store.claim({ jobId: `job-${id}`, owner: 'w', now: NOW_MS, leaseMs: 1_000 });
      if (claim === undefined) throw new Error('nobody holds it');
      const proof = { outcome, at: at(3), differs: ['"proof":{"outcome":"unverified"'] };
      const event = { job_id: claim.jobId, at: at(3), kind: 'ended', text: 'Done' } as const;
      await store.end(claim, { state: 'done', at: at(3), result: 'Done', proof }, event, entry('job.ended'));
    }
    const found = async (wanted: Parameters<ServiceStore['jobPage']>[0]): Promise<string[]> =>
      (await service.jobPage(wanted, page({ order: 'asc' }))).items.map(({ item }) => item.job.id);
    expect(await found({ states: ['done'], isVerified: true })).toEqual(['job-p1']);
    expect(await found({ states: ['done'], isVerified: false })).toEqual(['job-p2']);
    expect(await found({ states: ['queued', 'running'] })).toEqual(['job-p3']);
    expect(await found({ actions: ['guests.start'], cluster: 'lab' })).toHaveLength(3);
    expect(await found({ actions: ['guests.stop'] })).toEqual([]);
    expect(await found({ sinceMs: NOW_MS + 1_000 })).toHaveLength(3);
    expect(await found({ sinceMs: NOW_MS + 1_001 })).toEqual([]);
    await store.close();
  });

  it('of approvals tell their plans, also of those that are sealed', async () => {
    const { store, service } = await opened();
    const plain = planOf('p1');
    const secret = planOf('p2', 1, { password: 'geheim' });
    const over = { ...planOf('p3'), plan: { ...planOf('p3').plan, expires_at: at(-1), risk: 'destructive' as const } };
    for (const record of [plain, secret, over]) await store.propose(record, approvalOf(record), entry('proposed'));
    await store.decide('approval-p1', plain.plan.hash, word('anna'), entry('approved'));
    const found = async (wanted: object): Promise<string[]> =>
      (await service.approvalPage({ nowMs: NOW_MS, ...wanted }, page())).items.map(
        ({ item }) => `${item.approval.id} ${item.approval.state} ${item.says} ${item.risk}`,
      );
    expect(await found({})).toEqual([
      'approval-p3 expired Start VM p3 destructive',
      'approval-p2 pending Start VM p2 change',
      'approval-p1 approved Start VM p1 change',
    ]);
    expect(await found({ state: 'pending' })).toHaveLength(1);
    expect(await found({ state: 'expired' })).toHaveLength(1);
    expect(await found({ state: 'pending', nowMs: NOW_MS + ENDS_S * 1_000 })).toEqual([]);
    expect(await found({ risk: 'destructive' })).toHaveLength(1);
    await store.close();
  });

  it('of the audit log find what is said in the right place only, by kind, person and time', async () => {
    const { store, service } = await opened();
    for (let seconds = 0; seconds < 9; seconds += 1) {
      const kind = seconds % 3 === 0 ? 'plan.proposed' : 'job.ended';
      const data = { note: '"kind":"plan.proposed"', inner: { kind: 'plan.proposed' } };
      await store.audit(entry(kind, { at: at(seconds), who: seconds > 5 ? 'b%_!' : 'anna', data }));
    }
    const seqs = async (wanted: object, of: object = {}): Promise<number[]> =>
      (await service.auditPage(wanted, { order: 'asc', limit: 2, ...of })).map(({ seq }) => seq);
    expect(await seqs({}, { order: 'desc' })).toEqual([9, 8]);
    expect(await seqs({}, { order: 'desc', after: 8 })).toEqual([7, 6]);
    expect(await seqs({ kind: 'plan.proposed' })).toEqual([1, 4]);
    expect(await seqs({ kind: 'plan.proposed' }, { after: 4 })).toEqual([7]);
    expect(await seqs({ who: 'b%_!' })).toEqual([7, 8]);
    expect(await seqs({ who: 'b___' })).toEqual([]);
    expect(await seqs({ since: at(7) })).toEqual([8, 9]);
    expect(await seqs({ until: at(0) })).toEqual([1]);
    expect(await seqs({ since: at(9) })).toEqual([]);
    await store.close();
  });
});
