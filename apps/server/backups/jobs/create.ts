import { z } from 'zod';
import { beginChange } from '../../changes/carry.ts';
import type { Changed } from '../../changes/change.ts';
import { ChangeData, changeData } from '../../changes/reply.ts';
import { connectionNamed, nameText } from '../../connections/connection.ts';
import { answer, answerOf } from '../../http/envelope.ts';
import type { App } from '../../server.ts';
import type { Service } from '../../service.ts';
import { guestsNamed } from './guests.ts';
import { creation, JOB_FIELDS } from './orders.ts';
import { NewBackupJob } from './schemas.ts';

/** The id of what is made, or null where there was such a job already. */
const Made = ChangeData.extend({ backup_job: z.object({ id: z.string().nullable() }) });
const ID_BYTES = 6;

/** Having the cluster make backups by itself. */
export async function backupJobCreation(app: App): Promise<void> {
  const { service } = app;
  app.post(
    '',
    {
      config: { scope: 'backup:write', limit: 'vm' },
      schema: {
        operationId: 'createBackupJob',
        summary: 'Schedule backups of guests, of a pool, or of all',
        tags: ['backups'],
        body: NewBackupJob,
        response: { 200: answerOf(Made), 202: answerOf(Made) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const connection = connectionNamed(service, body.connection);
      const guests = body.vm_ids === undefined ? undefined : await guestsNamed(service, connection, body.vm_ids);
      const id = `backup-${service.random(ID_BYTES).toString('hex')}`;
      const changed = await beginChange(request, connection.cluster, creation(body, id, guests), JOB_FIELDS);
      void reply.code(changed.kind === 'already' ? 200 : 202);
      return answer(request, { ...changeData(changed), backup_job: { id: idIn(service, connection.name, changed) } });
    },
  );
}

/** As the plan has it, which an earlier attempt at the request may have made. */
function idIn(service: Service, connection: string, changed: Changed): string | null {
  if (changed.kind === 'already') return null;
  const id = changed.plan.steps[0]?.params['id'];
  return typeof id === 'string' ? nameText(service, connection, id) : null;
}
