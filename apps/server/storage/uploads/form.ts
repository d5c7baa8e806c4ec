import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { notAcceptable, Problem } from '../../http/problem.ts';
import { UploadFields } from '../bodies.ts';
import type { Spool, Spooled } from './spool.ts';

/** What came in with a multipart form: its fields, and its one file. */
export interface Upload extends UploadFields {
  /** What the file is to be called. */
  readonly filename: string;
  readonly file: Spooled;
}

const MOST_FIELDS = 8;
const MOST_FIELD_BYTES = 2_048;
const GiB = 2 ** 30;

/** Reads a form: its fields first, then one file, which goes to disk as it comes. @throws Problem 413, 415, 422, 400 */
export async function readForm(request: FastifyRequest, spool: Spool, mostGb: number): Promise<Upload> {
  if (!request.isMultipart()) {
    const message = 'Send the file as multipart/form-data, in a part that is called file.';
    throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', message);
  }
  const mostBytes = Math.floor(mostGb * GiB);
  // What stands around the file is small.
  if (Number(request.headers['content-length'] ?? 0) > mostBytes + 64 * 1_024) throw tooLarge(mostGb);
  const fields: Record<string, unknown> = {};
  let upload: Upload | undefined;
  try {
    for await (const part of request.parts(limitsOf(mostBytes))) {
      if (part.type === 'field') {
        if (upload !== undefined) throw late(part.fieldname);
        fields[part.fieldname] = part.valueTruncated ? '' : part.value;
        continue;
      }
      const { fieldname, file } = part;
      if (fieldname !== 'file' || upload !== undefined) throw unknownFile(fieldname);
      const told = fieldsOf(fields);
      // Whoever goes on sending is not listened to: the rest may have no end.
      file.once('limit', () => file.destroy(tooLarge(mostGb)));
      const spooled = await spool.take(file);
      upload = { ...told, filename: told.filename ?? part.filename, file: spooled };
    }
  } catch (error) {
    if (upload !== undefined) await spool.drop(upload.file.path);
    throw problemOf(error, mostGb);
  }
  if (upload === undefined) throw notAcceptable('The form has no file.', { field: 'file', reason: 'required' });
  return upload;
}

function limitsOf(fileSize: number): Parameters<FastifyRequest['parts']>[0] {
  const limits = { fileSize, files: 1, fields: MOST_FIELDS, parts: MOST_FIELDS + 1, fieldSize: MOST_FIELD_BYTES };
  return { limits };
}

/** @throws ZodError, which is answered as one of a body */
function fieldsOf(fields: Readonly<Record<string, unknown>>): UploadFields {
  return UploadFields.parse(fields, { reportInput: true });
}

function problemOf(error: unknown, mostGb: number): unknown {
  if (error instanceof Problem || error instanceof z.core.$ZodError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'FST_REQ_FILE_TOO_LARGE':
      return tooLarge(mostGb);
    case 'ENOSPC':
    case 'EDQUOT':
      return new Problem(
        503,
        'RESOURCE_LIMIT_EXCEEDED',
        'The service has no room for the file while it is handed on. Whoever runs it can name another folder: upload_folder.',
        { reason: 'no_room' },
      );
    case 'FST_PARTS_LIMIT':
    case 'FST_FILES_LIMIT':
    case 'FST_FIELDS_LIMIT':
      return notAcceptable('The form has too many parts: one file, and its fields before it.', {
        field: 'file',
        reason: 'too_many_parts',
      });
    case 'EACCES':
    case 'ENOENT':
    case 'EROFS':
      return error;
    default:
      return new Problem(400, 'BAD_REQUEST', 'The form ended early, or is not written as multipart/form-data is.');
  }
}

function tooLarge(mostGb: number): Problem {
  return new Problem(413, 'PAYLOAD_TOO_LARGE', `Files of up to ${mostGb} GB are taken.`, { field: 'file' });
}

function late(field: string): Problem {
  return notAcceptable('Fields have to stand before the file.', { field, reason: 'after_the_file' });
}

function unknownFile(field: string): Problem {
  return notAcceptable(`There is no file ${field}: send one, in a part that is called file.`, {
    field,
    reason: 'unknown_field',
  });
}
