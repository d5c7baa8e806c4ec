import type { Job } from '@pxa/contract';
import type { Service } from '../../service.ts';

/** After so long, the replica that has the file is taken to be no more, and the job is told so. */
const PATIENCE_MS = 10 * 60_000;

/** Whether a job sends a file that came in by another replica: it lies there, so only that one can send it. */
export async function liesElsewhere({ store, queue, uploads, now }: Service, job: Job): Promise<boolean> {
  if (queue === undefined || uploads === undefined || now() - Date.parse(job.created_at) > PATIENCE_MS) return false;
  const record = await store.plan(job.plan_id);
  const files = (record?.records ?? []).flatMap(({ file }) => file?.path ?? []);
  const found = await Promise.all(files.map((path) => uploads.look(path)));
  return found.some(({ ok }) => !ok);
}
