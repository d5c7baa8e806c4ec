import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { nameText, readNamed } from '../connections/connection.ts';
import { notFound, Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { readVolumeId, type VolumeRef } from './volume-ids.ts';
import { volumesOf } from './volumes.ts';

const VolumeParams = z.object({ storage_id: z.string(), volume_id: z.string() });

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
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const { storage_id: storage, volume_id: id } = request.params;
      const { cluster, volume } = await known(storage, id);
      const { volid, node } = volume;
      // Who may change storages need not be who may delete backups.
      if (/^[^:]+:backup\//.test(volid)) throw isBackup(id);
      const where = { storage: volume.storage, ...(node === undefined ? {} : { node }) };
      const input = { volume: volid, ...where };
      const command = { action: 'storage.delete_volume', targets: [''], input, says: `delete volume ${volid}` };
      return carry(request, reply, cluster, command);
    },
  );

  /** @throws Problem 404 */
  async function known(
    storage: string,
    id: string,
  ): Promise<{ cluster: ReturnType<typeof readNamed>['cluster']; volume: VolumeRef }> {
    const named = readNamed(service, id);
    const volume = readVolumeId(named.own);
    const of = readNamed(service, storage);
    if (volume === undefined || volume.storage !== of.own || named.cluster !== of.cluster) throw notFound('volume', id);
    const { rows } = await volumesOf(service, of, { storage: volume.storage, node: volume.node });
    const own = nameText(service, named.name, named.own);
    if (!rows.some((each) => each.id === own)) throw notFound('volume', id);
    return { cluster: of.cluster, volume };
  }
}

function isBackup(id: string): Problem {
  const message = `That is a backup: delete it by DELETE /v1/backups/${id}, with a token for backups.`;
  return new Problem(409, 'RESOURCE_CONFLICT', message, { field: 'id', reason: 'is_a_backup' });
}
