import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { connectionNamed } from '../connections/connection.ts';
import type { App } from '../server.ts';
import { ChangedStorage, NewStorage } from './bodies.ts';
import { knownStorage } from './known.ts';
import { addition, changing, FIELDS } from './orders.ts';

const Params = z.object({ storage_id: z.string() });
const config = { scope: 'storage:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };

/** Defining storages, and changing and removing what is defined: what lies on them stays. */
export async function storageWrites(app: App): Promise<void> {
  const { service } = app;

  app.post(
    '',
    {
      config,
      schema: {
        operationId: 'createStorage',
        summary: 'Define a storage pool for the cluster',
        tags: ['storage'],
        body: NewStorage,
        response,
      },
    },
    (request, reply) => {
      const { cluster } = connectionNamed(service, request.body.connection);
      return carry(request, reply, cluster, addition(request.body), FIELDS);
    },
  );

  app.put(
    '/:storage_id',
    {
      config,
      schema: {
        operationId: 'updateStorage',
        summary: 'Change what a storage pool may hold, which backups it keeps, its nodes, or whether it is enabled',
        tags: ['storage'],
        params: Params,
        body: ChangedStorage,
        response,
      },
    },
    async (request, reply) => {
      const { cluster, own } = await knownStorage(service, request.params.storage_id);
      return carry(request, reply, cluster, changing(own, request.body), FIELDS);
    },
  );

  app.delete(
    '/:storage_id',
    {
      config,
      schema: {
        operationId: 'deleteStorage',
        summary: 'Remove the definition of a storage pool; what lies on it stays there',
        tags: ['storage'],
        params: Params,
        response,
      },
    },
    async (request, reply) => {
      const { cluster, own } = await knownStorage(service, request.params.storage_id);
      const command = { action: 'storage.remove', targets: [], input: { storage: own }, says: `remove storage ${own}` };
      return carry(request, reply, cluster, command);
    },
  );
}
