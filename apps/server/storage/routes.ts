import { z } from 'zod';
import { readNamed } from '../connections/connection.ts';
import { toldByEach } from '../connections/told.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { listed, Pagination, type Place } from '../http/pages.ts';
import { notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { notToldOf, storagesOf } from './list.ts';
import { Storage, StorageListQuery } from './schemas.ts';

const Params = z.object({ storage_id: z.string() });
const read = { scope: 'storage:read', limit: 'read' } as const;

/** Storages: what there is, how full it is. */
export async function storageRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config: read,
      schema: {
        operationId: 'listStorage',
        summary: 'List storage pools with what they hold and how full they are',
        tags: ['storage'],
        querystring: StorageListQuery,
        response: { 200: answerOf(z.object({ storage: z.array(Storage), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const found = await toldByEach(service, query.connection, (connection) => storagesOf(service, connection));
      const wanted = found.rows.filter((each) => isAsked(each, query));
      const place = (each: Storage): Place => ({ key: each[query.sort] ?? '', id: each.id });
      const { rows, pagination } = listed(wanted, query, place);
      return answer(request, { storage: rows, pagination }, [...notToldOf(rows), ...found.unavailable]);
    },
  );

  app.get(
    '/:storage_id',
    {
      config: read,
      schema: {
        operationId: 'getStorage',
        summary: 'Show one storage pool, node by node',
        tags: ['storage'],
        params: Params,
        response: { 200: answerOf(z.object({ storage: Storage })) },
      },
    },
    async (request) => {
      const { storage_id: id } = request.params;
      const named = readNamed(service, id);
      const { rows, unavailable } = await storagesOf(service, named);
      const storage = rows.find((each) => each.name === named.own);
      if (storage === undefined) throw notFound('storage', id);
      return answer(request, { storage }, [...notToldOf([storage]), ...unavailable]);
    },
  );
}

function isAsked({ type, content, nodes }: Storage, query: StorageListQuery): boolean {
  return (
    (query.type === undefined || type === query.type) &&
    (query.content === undefined || content.includes(query.content)) &&
    (query.node === undefined || nodes.some(({ node }) => node === query.node))
  );
}
