import { permitToStop, stopCall } from '@pxa/pve/gate';
import type { Execution } from './execution.ts';

/**
 * Stops the task of a step, on the word of the person who cancelled the job: that word, as it is kept, is the approval of
 * this one call. False where nobody gave it, or Proxmox did not take it.
 */
export async function stopTask(x: Execution, index: number, upid: string): Promise<boolean> {
  const wish = await x.cancel.wish();
  if (wish === undefined) return false;
  const call = stopCall(upid);
  await x.journal.write(index, {}, `Its task is being stopped: ${upid}.`);
  const permit = permitToStop({ job_id: x.journal.job.id, requested_by: wish.by, requested_at: wish.at, upid });
  x.hold.check();
  const written = await x.wire().write(permit, call);
  x.hold.check();
  const result = written.ok ? 'Proxmox was told to stop it' : `It could not be stopped: ${written.problem.message}`;
  await x.journal.write(index, {}, `${result}.`, x.audit.call(x.journal.at(), index, call, result));
  // Where it is not known whether the word arrived, the task shows it.
  return written.ok || written.sent === 'maybe';
}
