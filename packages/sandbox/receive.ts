import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PveError } from './behaviour.ts';
import { readParams, type BodyKind, type Params } from './body.ts';
import { boundaryOf, MultipartReader, type Form, type Upload } from './contents/multipart.ts';
import { bodyKind, readBody } from './limits.ts';

/** The one path on which files come in (HTTPServer.pm, auth_handler). */
export const UPLOAD = /^\/nodes\/[^/]+\/storage\/[^/]+\/upload$/;

/** A request's body, taken in. */
export interface Received {
  kind: BodyKind;
  upload: Upload | undefined;
  /** The parameters of the body and of the query; throws where the body is none. */
  params(query: string): Params;
}

/** Takes in what a request brings: a form, JSON, or on the path for uploads a file, which may be of any size. */
export async function receive(request: IncomingMessage, path: string): Promise<Received> {
  const isUpload = request.method === 'POST' && UPLOAD.test(path);
  const boundary = isUpload ? boundaryOf(request.headers['content-type'] ?? '') : undefined;
  if (boundary !== undefined) return receiveForm(request, boundary);
  const kind = bodyKind(request);
  const body = kind === null ? '' : await readBody(request);
  return { kind: kind ?? 'form', upload: undefined, params: (query) => readParams(body, kind ?? 'form', query) };
}

async function receiveForm(request: IncomingMessage, boundary: string): Promise<Received> {
  if (request.headers['content-length'] === undefined) {
    throw new PveError(501, 'upload without content length header not supported');
  }
  const reader = new MultipartReader(boundary);
  let wrong: Error | undefined;
  for await (const chunk of request) {
    // whoever sends on after a mistake has to be listened to, to hear the refusal
    if (wrong !== undefined) continue;
    try {
      reader.push(chunk as Buffer); // no encoding is set, so bytes
    } catch (error) {
      wrong = error instanceof Error ? error : new Error(String(error));
    }
  }
  if (wrong !== undefined) throw wrong;
  const { fields, upload } = reader.end();
  const params = (query: string): Params => ({ ...readParams('', 'form', query), ...fields, ...fileParams(upload) });
  return { kind: 'form', upload, params };
}

/** What pveproxy adds: the file's own name, and where it has put the bytes. */
export function fileParams(upload: Form['upload']): Params {
  if (!upload) return {};
  const mark = createHash('md5').update(`${upload.filename}/${upload.size}/${upload.sum}`).digest('hex');
  return { filename: upload.filename, tmpfilename: `/var/tmp/pveupload-${mark}` };
}
