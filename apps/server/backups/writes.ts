import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import type { App } from '../server.ts';
import { ChangedBackup } from './bodies.ts';
import { knownBackup } from './known.ts';

const Params = z.object({ backup_id: z.string() });
const config = { scope: 'backup:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };

/** Protecting and deleting backups. */
export async function backupWrites(app: App): Promise<void> {
  const { service } = app;

  app.put(
    '/:backup_id',
    {
      config,
      schema: {
        operationId: 'updateBackup',
        summary: 'Protect a backup from being deleted, or end that',
        tags: ['backups'],
        params: Params,
        body: ChangedBackup,
        response,
      },
    },
    async (request, reply) => {
      const { connection, volid } = await knownBackup(service, request.params.backup_id);
      const verb = request.body.protected ? 'protect' : 'unprotect';
      const command = {
        action: `backup.${verb}`,
        targets: [],
        input: { archive: volid },
        says: `${verb} backup ${volid}`,
      };
      return carry(request, reply, connection.cluster, command);
    },
  );

  app.delete(
    '/:backup_id',
    {
      config,
      schema: {
        operationId: 'deleteBackup',
        summary: 'Delete a backup',
        tags: ['backups'],
        params: Params,
        response,
      },
    },
    async (request, reply) => {
      const { connection, volid } = await knownBackup(service, request.params.backup_id);
      const command = {
        action: 'backup.delete',
        targets: [],
        input: { archive: volid },
        says: `delete backup ${volid}`,
      };
      return carry(request, reply, connection.cluster, command);
    },
  );
}
