import { z } from 'zod';
import { guestAsked, idOf } from '../guests/ids.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { listed, Pagination, type Place } from '../http/pages.ts';
import type { App } from '../server.ts';
import { knownStorage } from './known.ts';
import { Volume, VolumeListQuery, volumesOf } from './volumes.ts';

const Params = z.object({ storage_id: z.string() });

/** What lies on a storage. */
export async function contentRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '/:storage_id/content',
    {
      config: { scope: 'storage:read', limit: 'read' },
      schema: {
        operationId: 'listStorageContent',
        summary: 'List what lies on a storage pool: disks, images, templates, backups',
        tags: ['storage'],
        params: Params,
        querystring: VolumeListQuery,
        response: { 200: answerOf(z.object({ content: z.array(Volume), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const named = await knownStorage(service, request.params.storage_id);
      const { content, node } = query;
      const guest = guestAsked(service, 'vm_id', query.vm_id);
      const id = guest && idOf(service, guest);
      const found = await volumesOf(service, named, { storage: named.own, content, node });
      const wanted = found.rows.filter((each) => id === undefined || each.vm_id === id);
      const place = (each: Volume): Place => ({ key: each[query.sort] ?? '', id: each.id });
      const { rows, pagination } = listed(wanted, query, place);
      return answer(request, { content: rows, pagination }, found.unavailable);
    },
  );
}
