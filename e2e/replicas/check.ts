import { openAll, verifyAuditLog } from '@pxa/store';
import type { Done } from './worker.ts';

/** What is wrong after all of it: lost, doubled, or not as the store has it. Nothing, where all is well. */
export async function wrongs(
  databaseUrl: string,
  { done, arrived }: { done: readonly Done[]; arrived: readonly string[] },
): Promise<string[]> {
  return [...notOnce(done, arrived), ...badEnds(done), ...(await notWhole(databaseUrl, done))];
}

/** Each change arrived at the cluster as often as it was asked for, and nothing else did. */
function notOnce(done: readonly Done[], arrived: readonly string[]): string[] {
  const calls = new Set([...arrived, ...done.map(({ call }) => call)]);
  return [...calls].flatMap((call) => {
    const wanted = done.filter((each) => each.call === call).length;
    const came = arrived.filter((each) => each === call).length;
    return wanted === came ? [] : [`${call} was asked for ${wanted} times, and came ${came} times`];
  });
}

const badEnds = (done: readonly Done[]): string[] =>
  done.flatMap(({ call, jobId, status }) => (status === 'completed' ? [] : [`${jobId} (${call}) is ${status}`]));

async function notWhole(url: string, done: readonly Done[]): Promise<string[]> {
  const { store } = await openAll({ kind: 'postgres', url }, { now: () => Date.now() });
  try {
    const jobs = await store.jobs({ limit: 100_000 });
    const found: string[] = [];
    const asked = new Set(done.map(({ jobId }) => jobId));
    if (asked.size !== done.length) found.push('two requests have one job');
    for (const { id, state } of jobs) {
      if (!asked.has(id)) found.push(`nobody asked for ${id}, which is ${state}`);
      else if (state !== 'done') found.push(`${id} is ${state} in the store`);
    }
    if (jobs.length !== done.length) found.push(`${done.length} jobs were told of, the store has ${jobs.length}`);
    const verdict = await verifyAuditLog(store);
    if (!verdict.ok) found.push(`the audit log: ${verdict.what}`);
    const ends = (await allAudit(store)).filter((kind) => kind === 'job.ended').length;
    if (ends !== done.length) found.push(`the audit log has ${ends} ends of ${done.length} jobs`);
    return found;
  } finally {
    await store.close();
  }
}

async function allAudit(store: Awaited<ReturnType<typeof openAll>>['store']): Promise<string[]> {
  const kinds: string[] = [];
  for (let last = 0; ;) {
    const page = await store.auditLog(last, 1_000);
    kinds.push(...page.map(({ kind }) => kind));
    const next = page.at(-1)?.seq;
    if (next === undefined) return kinds;
    last = next;
  }
}
