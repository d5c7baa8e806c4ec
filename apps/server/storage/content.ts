import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { readNamed } from '../connections/connection.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { listed, Pagination, type Place } from '../http/pages.ts';
import { notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { knownStorage } from './known.ts';
import { readVolumeId, type VolumeRef } from './volume-ids.ts';
import { Volume, VolumeListQuery, volumesOf } from './volumes.ts';

const Params = z.object({ storage_id: z.string() });
const VolumeParams = z.object({ storage_id: z.string(), volume_id: z.string() });

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
      const found = await volumesOf(service, named, { storage: named.own, content, node });
      const wanted = found.rows.filter((each) => query.vm_id === undefined || each.vm_id === query.vm_id);
      const place = (each: Volume): Place => ({ key: each[query.sort] ?? '', id: each.id });
      const { rows, pagination } = listed(wanted, query, place);
      return answer(request, { content: rows, pagination }, found.unavailable);
    },
  );

  app.delete(
    '/:storage_id/content/:volume_id',
    {
      config: { scope: 'storage:write', limit: 'vm' },
      schema: {
        operationId: 'deleteStorageContent',
        summary: 'Delete an image, a template, a backup, or a disk that no guest has',
        tags: ['storage'],
        params: VolumeParams,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const { storage_id: storage, volume_id: id } = request.params;
      const { cluster, volume } = await known(storage, id);
      const { volid, node } = volume;
      const isBackup = /^[^:]+:backup\//.test(volid);
      const where = { storage: volume.storage, ...(node === undefined ? {} : { node }) };
      const command = isBackup
        ? { action: 'backup.delete', targets: [], input: { archive: volid }, says: `delete backup ${volid}` }
        : {
            action: 'storage.delete_volume',
            targets: [],
            input: { volume: volid, ...where },
            says: `delete volume ${volid}`,
          };
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
    if (!rows.some((each) => each.id === id)) throw notFound('volume', id);
    return { cluster: of.cluster, volume };
  }
}
