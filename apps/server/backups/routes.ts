import { z } from 'zod';
import { readNamed } from '../connections/connection.ts';
import { toldByEach } from '../connections/told.ts';
import { guestAsked } from '../guests/ids.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { listed, Pagination, type Place } from '../http/pages.ts';
import type { App } from '../server.ts';
import { knownBackup } from './known.ts';
import { backupsOf, notToldOf } from './list.ts';
import { Backup, BackupListQuery } from './schemas.ts';

const Params = z.object({ backup_id: z.string() });
const read = { scope: 'backup:read', limit: 'read' } as const;

/** The archives that lie on storages. */
export async function backupRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config: read,
      schema: {
        operationId: 'listBackups',
        summary: 'List the backups on all storages, newest first',
        tags: ['backups'],
        querystring: BackupListQuery,
        response: { 200: answerOf(z.object({ backups: z.array(Backup), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const guest = guestAsked(service, 'vm_id', query.vm_id);
      const storage = query.storage === undefined ? undefined : readNamed(service, query.storage);
      // With its connection in front, a storage is that of one cluster.
      const isOfOne = storage !== undefined && storage.own !== query.storage;
      const only = query.connection ?? guest?.connection ?? (isOfOne ? storage.name : undefined);
      const found = await toldByEach(service, only, (connection) =>
        backupsOf(service, connection, { guest: guest?.guest, storage: storage?.own }),
      );
      const place = (each: Backup): Place => ({ key: each[query.sort] ?? '', id: each.id });
      const { rows, pagination } = listed(found.rows, query, place);
      return answer(request, { backups: rows, pagination }, [...notToldOf(rows), ...found.unavailable]);
    },
  );

  app.get(
    '/:backup_id',
    {
      config: read,
      schema: {
        operationId: 'getBackup',
        summary: 'Show one backup',
        tags: ['backups'],
        params: Params,
        response: { 200: answerOf(z.object({ backup: Backup })) },
      },
    },
    async (request) => {
      const { backup, unavailable } = await knownBackup(service, request.params.backup_id);
      return answer(request, { backup }, [...notToldOf([backup]), ...unavailable]);
    },
  );
}
