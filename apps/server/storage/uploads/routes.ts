import multipart from '@fastify/multipart';
import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { beginChange } from '../../changes/carry.ts';
import { given } from '../../changes/given.ts';
import { ChangeAnswer, replyChanged } from '../../changes/reply.ts';
import { Problem } from '../../http/problem.ts';
import { validateByZod } from '../../http/validation.ts';
import type { App } from '../../server.ts';
import { UploadFields } from '../bodies.ts';
import { knownStorage } from '../known.ts';
import { readForm } from './form.ts';
import { UploadKeeper } from './keeper.ts';

const Params = z.object({ storage_id: z.string() });
const Form = UploadFields.extend({ file: z.file() });
const FIELDS = { name: 'filename', storage: 'storage_id', file: 'file' } as const;
/** Each takes room on the disk until it was handed on. */
const MOST_AT_ONCE = 4;

/** The form is read part by part by the route itself: there is no body to be held against a schema before. */
const allButBody: FastifySchemaCompiler<z.ZodType> = (route) =>
  route.httpPart === 'body' ? (body: unknown) => ({ value: body }) : validateByZod(route);

/** Files that are handed on to Proxmox, which are never held in memory. */
export async function uploadRoutes(app: App): Promise<void> {
  const { service } = app;
  const { uploads: spool } = service;
  if (spool === undefined) return;
  await spool.clean();
  const keeper = new UploadKeeper(spool, service);
  app.addHook('onClose', () => keeper.close());
  // Whether a file was cut is looked at where it is read.
  await app.register(multipart, { throwFileSizeLimit: false });
  app.setValidatorCompiler(allButBody);
  let underWay = 0;

  app.post(
    '/:storage_id/upload',
    {
      config: { scope: 'storage:write', limit: 'vm' },
      schema: {
        operationId: 'uploadToStorage',
        summary: 'Upload an ISO image, a container template or an image to import',
        description:
          'A form whose fields stand before its one file. The file is checked by its hash before it is whole.',
        tags: ['storage'],
        consumes: ['multipart/form-data'],
        params: Params,
        body: Form,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const { cluster, own } = await knownStorage(service, request.params.storage_id);
      if (underWay >= MOST_AT_ONCE) throw tooMany();
      underWay += 1;
      try {
        const { file, filename, node, checksum } = await readForm(request, spool, service.settings.largest_upload_gb);
        let planId: string | undefined;
        try {
          const input = given({ file: file.path, storage: own, name: filename, node, checksum });
          const command = { action: 'storage.upload', targets: [''], input, says: `upload a file to ${own}` };
          const changed = await beginChange(request, cluster, command, FIELDS);
          planId = changed.kind === 'already' ? undefined : changed.plan.id;
          return replyChanged(request, reply, changed);
        } finally {
          if (planId === undefined) await spool.drop(file.path);
          else keeper.keep(file.path, planId);
        }
      } finally {
        underWay -= 1;
      }
    },
  );
}

function tooMany(): Problem {
  const message = `${MOST_AT_ONCE} uploads are being taken in: send this one again when one of them is over.`;
  return new Problem(503, 'RESOURCE_LIMIT_EXCEEDED', message, { reason: 'too_many_uploads' });
}
