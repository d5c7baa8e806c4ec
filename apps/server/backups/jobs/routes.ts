import { z } from 'zod';
import { toldByEach } from '../../connections/told.ts';
import { guestAsked, idOf } from '../../guests/ids.ts';
import { answer, answerOf } from '../../http/envelope.ts';
import { listed, Pagination, type Place } from '../../http/pages.ts';
import type { App } from '../../server.ts';
import { backupJobsOf, knownJob } from './list.ts';
import { BackupJob, BackupJobDetails, BackupJobListQuery } from './schemas.ts';

const Params = z.object({ backup_job_id: z.string() });
const config = { scope: 'backup:read', limit: 'read' } as const;

/** Backups that the cluster makes by itself. */
export async function backupJobRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config,
      schema: {
        operationId: 'listBackupJobs',
        summary: 'List scheduled backups',
        tags: ['backups'],
        querystring: BackupJobListQuery,
        response: { 200: answerOf(z.object({ backup_jobs: z.array(BackupJob), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const guest = guestAsked(service, 'vm_id', query.vm_id);
      const id = guest && idOf(service, guest);
      const found = await toldByEach(service, query.connection, (connection) => backupJobsOf(service, connection));
      const wanted = found.rows.filter(
        ({ storage, vm_ids: guests }) =>
          (query.storage === undefined || storage === query.storage) &&
          (id === undefined || guests?.includes(id) === true),
      );
      const place = (each: BackupJob): Place => ({ key: each[query.sort] ?? '', id: each.id });
      const { rows, pagination } = listed(wanted, query, place);
      return answer(request, { backup_jobs: rows, pagination }, found.unavailable);
    },
  );

  app.get(
    '/:backup_job_id',
    {
      config,
      schema: {
        operationId: 'getBackupJob',
        summary: 'Show a scheduled backup, and how it fared',
        tags: ['backups'],
        params: Params,
        response: { 200: answerOf(z.object({ backup_job: BackupJobDetails })) },
      },
    },
    async (request) => {
      const { job, unavailable } = await knownJob(service, request.params.backup_job_id);
      return answer(request, { backup_job: job }, unavailable);
    },
  );
}
