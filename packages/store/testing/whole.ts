import { expect } from 'vitest';
import { verifyAuditLog } from '../audit.ts';
import type { Store } from '../store.ts';
import { at } from './samples.ts';

const ALL = 100_000;

/** What holds in every store at every moment, whatever was done and whoever was killed. */
export async function expectWhole(store: Store): Promise<void> {
  const approvals = await store.approvals({ now: at(0), limit: ALL });
  const jobs = await store.jobs({ limit: ALL });
  const used = approvals.filter(({ state }) => state === 'used').map(({ id }) => id);
  expect(jobs.map(({ approval_id }) => approval_id).sort(), 'an approval is used where it has a job').toEqual(
    used.sort(),
  );
  for (const job of jobs) {
    const events = await store.events(job.id, 0, ALL);
    expect(
      events.map(({ seq }) => seq),
      'events have no gaps',
    ).toEqual(events.map((_, index) => index + 1));
    const isOver = !['queued', 'running'].includes(job.state);
    expect(job.ended_at !== undefined, 'a job that is over has its end').toBe(isOver);
    expect(events.filter(({ kind }) => kind === 'ended').length, 'it ended once').toBe(isOver ? 1 : 0);
  }
  expect(await verifyAuditLog(store), 'the audit log is whole').toMatchObject({ ok: true });
}
