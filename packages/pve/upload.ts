import { createHash } from 'node:crypto';
import { encodeForm, formOf } from './form.ts';
import { Ended } from './transport/failure.ts';

/** A file that goes along with a call, by what it was when the call was planned. */
export interface UploadFile {
  readonly bytes: number;
  /** In hexadecimal digits, lower case. */
  readonly sha256: string;
  /** Its bytes from the beginning; asked for anew with each attempt. */
  read(): AsyncIterable<Uint8Array>;
}

/** A body that is sent as it is read. */
export interface StreamedBody {
  readonly contentType: string;
  readonly bytes: number;
  readonly file: UploadFile;
  /** The same call without the file, as a form: what a twin is told. */
  readonly form: string;
  /**
   * The last chunk comes only once the file has been read to its end and found to be the one that was meant: without
   * it the server has no whole request, and does nothing.
   *
   * @throws Ended `file` where the file is another, or cannot be read
   */
  chunks(): AsyncGenerator<Uint8Array>;
}

/**
 * A call's parameters and a file as the multipart form that Proxmox takes on its way for uploads: the fields first,
 * then one file, each headed in the one form that its parser knows (pve-http-server AnyEvent.pm,
 * file_upload_multipart). `filename` names the file and is no field of its own.
 */
export function multipartOf(
  params: Readonly<Record<string, unknown>>,
  file: UploadFile,
  boundary: string,
): StreamedBody {
  const { filename = 'file', ...fields } = Object.fromEntries(formOf(params));
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${String(value)}\r\n`,
  );
  const named = `Content-Disposition: form-data; name="filename"; filename="${String(filename)}"`;
  const head = Buffer.from(
    `${parts.join('')}--${boundary}\r\n${named}\r\nContent-Type: application/octet-stream\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: head.length + file.bytes + tail.length,
    file,
    form: encodeForm(params),
    async *chunks() {
      yield head;
      yield* checked(file);
      yield tail;
    },
  };
}

/** What no file holds by chance, nor by intent: whoever made the file knows neither its hash nor the chance. */
export function boundaryFor({ sha256 }: UploadFile, random: () => number): string {
  const chance = [random(), random()].join(' ');
  return `pxa-${createHash('sha256').update(`${sha256} ${chance}`).digest('hex').slice(0, 40)}`;
}

async function* checked(file: UploadFile): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of file.read()) {
      bytes += chunk.length;
      if (bytes > file.bytes) throw changed();
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof Ended ? error : new Ended('file', unread(error));
  }
  if (bytes !== file.bytes || hash.digest('hex') !== file.sha256) throw changed();
}

/** A file that was taken in by a process which has ended since is removed by the next. */
function unread(error: unknown): string {
  const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isGone ? 'the file is not there any more' : 'the file could not be read to its end';
}

const changed = (): Ended => new Ended('file', 'the file is not the one that was planned with any more');
