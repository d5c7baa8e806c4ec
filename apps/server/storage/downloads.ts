import { z } from 'zod';
import { given } from '../changes/given.ts';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { notAcceptable } from '../http/problem.ts';
import { checkDownload } from '../outgoing/download.ts';
import type { App } from '../server.ts';
import { Download } from './bodies.ts';
import { knownStorage } from './known.ts';

const Params = z.object({ storage_id: z.string() });
const FIELDS = { name: 'filename', storage: 'storage_id' } as const;

/** Files that a node fetches by itself. */
export async function downloadRoutes(app: App): Promise<void> {
  const { service } = app;

  app.post(
    '/:storage_id/download',
    {
      config: { scope: 'storage:write', limit: 'vm' },
      schema: {
        operationId: 'downloadToStorage',
        summary: 'Have a node download an image from an address, or a container template that Proxmox offers',
        tags: ['storage'],
        params: Params,
        body: Download,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const { url, template, node, filename, checksum } = request.body;
      refuseBoth(request.body);
      const { cluster, own } = await knownStorage(service, request.params.storage_id);
      if (url === undefined) {
        if (template === undefined)
          throw notAcceptable('Give a url, or a template.', { field: 'url', reason: 'required' });
        const says = `download template ${template}`;
        const input = given({ template, storage: own, node });
        return carry(
          request,
          reply,
          cluster,
          { action: 'storage.download_template', targets: [], input, says },
          FIELDS,
        );
      }
      const file = await checkedUrl(url);
      const input = given({ url: file, storage: own, node, name: filename, checksum });
      const command = { action: 'storage.download', targets: [], input, says: 'download a file' };
      return carry(request, reply, cluster, command, FIELDS);
    },
  );

  /** The node fetches it from inside the network: an address that must not be reached is none. @throws Problem 422 */
  async function checkedUrl(url: string): Promise<string> {
    const checked = await checkDownload(url, { allowPrivate: service.settings.allow_private_addresses });
    if (checked.ok) return checked.url.href;
    throw notAcceptable(checked.says, { field: 'url', reason: checked.reason, provided_value: url });
  }
}

/** What Proxmox offers it knows the name and the checksum of. @throws Problem 422 for what would be heard by nobody */
function refuseBoth(body: Download): void {
  if (body.template === undefined) return;
  for (const field of ['url', 'filename', 'checksum'] as const) {
    if (body[field] === undefined) continue;
    const details = { field, reason: 'not_with_template', provided_value: body[field] };
    throw notAcceptable(`A template is downloaded under its own name: leave ${field} out, or template.`, details);
  }
}
