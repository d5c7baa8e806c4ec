import { z } from 'zod';
import { carry } from '../../changes/carry.ts';
import { ChangeAnswer } from '../../changes/reply.ts';
import { notAcceptable } from '../../http/problem.ts';
import type { App } from '../../server.ts';
import type { Service } from '../../service.ts';
import { guestsNamed } from './guests.ts';
import { knownJob } from './list.ts';
import { changing, type Guests, JOB_FIELDS } from './orders.ts';
import { ChangedBackupJob } from './schemas.ts';

const Params = z.object({ backup_job_id: z.string() });
const config = { scope: 'backup:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };

/** Changing, running and deleting scheduled backups. */
export async function backupJobWrites(app: App): Promise<void> {
  const { service } = app;
  const about = (operationId: string, summary: string) =>
    ({ operationId, summary, tags: ['backups'], params: Params, response }) as const;

  app.put(
    '/:backup_job_id',
    { config, schema: { ...about('updateBackupJob', 'Change a scheduled backup'), body: ChangedBackupJob } },
    async (request, reply) => {
      const known = await knownJob(service, request.params.backup_job_id);
      const { cluster, own } = known.named;
      const order = changing(own, request.body, await guestsToBe(service, known, request.body.vm_ids));
      return carry(request, reply, cluster, order, JOB_FIELDS);
    },
  );

  app.post(
    '/:backup_job_id/run',
    { config, schema: about('runBackupJob', 'Run a scheduled backup now') },
    async (request, reply) => {
      const { cluster, own } = (await knownJob(service, request.params.backup_job_id)).named;
      return carry(request, reply, cluster, onJob('backup_job.run', own, `run backup job ${own}`));
    },
  );

  app.delete(
    '/:backup_job_id',
    { config, schema: about('deleteBackupJob', 'Delete a scheduled backup; the backups that it made stay') },
    async (request, reply) => {
      const { cluster, own } = (await knownJob(service, request.params.backup_job_id)).named;
      return carry(request, reply, cluster, onJob('backup_job.delete', own, `delete backup job ${own}`));
    },
  );
}

const onJob = (action: string, id: string, says: string) => ({
  action,
  targets: [`backup-job/${id}`],
  input: {},
  says,
});

/** @throws Problem 422 */
async function guestsToBe(
  service: Service,
  { job, named, guests }: Awaited<ReturnType<typeof knownJob>>,
  ids: readonly string[] | undefined,
): Promise<Guests> {
  if (ids === undefined) return { add: [], drop: [] };
  if (job.pool !== null || job.selection?.startsWith('all') === true) {
    const message = `${job.id} takes ${job.selection ?? 'what it takes'}: it does not name its guests one by one.`;
    throw notAcceptable(message, { field: 'vm_ids', reason: 'not_of_this_job', provided_value: ids });
  }
  const wanted = await guestsNamed(service, named, ids);
  return {
    add: wanted.filter((each) => !guests.includes(each)),
    drop: guests.filter((each) => !wanted.includes(each)),
  };
}
