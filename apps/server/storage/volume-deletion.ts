import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { given } from '../changes/given.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { node } from './bodies.ts';
import { knownVolume } from './known-volume.ts';

const VolumeParams = z.object({ storage_id: z.string(), volume_id: z.string() });
const DeletionQuery = z.strictObject({
  /** The node whose volume is meant, where nodes have a storage of that name each and the id names none of them. */
  node: node.optional(),
});

/** Deleting what lies on a storage, and nobody uses. */
export async function volumeDeletion(app: App): Promise<void> {
  const { service } = app;

  app.delete(
    '/:storage_id/content/:volume_id',
    {
      config: { scope: 'storage:write', limit: 'vm' },
      schema: {
        operationId: 'deleteStorageContent',
        summary: 'Delete an image, a template, or a disk that no guest has',
        tags: ['storage'],
        params: VolumeParams,
        querystring: DeletionQuery,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const { storage_id: storage, volume_id: id } = request.params;
      const { connection, volume } = await knownVolume(service, { storage, id }, request.query.node);
      const { volid } = volume;
      // Who may change storages need not be who may delete backups.
      if (/^[^:]+:backup\//.test(volid)) throw isBackup(id);
      const input = given({ volume: volid, storage: volume.storage, node: volume.node });
      const command = { action: 'storage.delete_volume', targets: [''], input, says: `delete volume ${volid}` };
      return carry(request, reply, connection.cluster, command);
    },
  );
}

function isBackup(id: string): Problem {
  const message = `That is a backup: delete it by DELETE /v1/backups/${id}, with a token for backups.`;
  return new Problem(409, 'RESOURCE_CONFLICT', message, { field: 'id', reason: 'is_a_backup' });
}
