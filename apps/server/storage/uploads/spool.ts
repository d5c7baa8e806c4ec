import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LocalFiles } from '@pxa/assistant';
import { type Home, homeName, removeLeftovers } from './leftovers.ts';

/** A file that came in, and lies here until it was handed on. */
export interface Spooled {
  /** What plans name it by: no path of this machine, and nobody's guess. */
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal digits, lower case. */
  readonly sha256: string;
}

interface Kept extends Spooled {
  readonly file: string;
}

const ID_BYTES = 24;
const PREFIX = 'upload:';

/**
 * The files that were uploaded to this process, each in a private temporary file. To plans these are all the files that
 * there are: no request can name another of this machine.
 */
export class Spool implements LocalFiles {
  readonly #home: Home;
  readonly #random: (bytes: number) => Buffer;
  readonly #kept = new Map<string, Kept>();
  #folder: Promise<string> | undefined;

  constructor(home: Home, random: (bytes: number) => Buffer) {
    this.#home = home;
    this.#random = random;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Removes what processes left here that are no more. */
  clean(): Promise<void> {
    return removeLeftovers(this.#home);
  }

  /** Writes a stream to a file as it comes, and hashes it meanwhile. What breaks off leaves nothing. @throws what the stream or the disk did */
  async take(source: Readable): Promise<Spooled> {
    const id = this.#random(ID_BYTES).toString('base64url');
    const file = join(await this.#ownFolder(), id);
    const hash = createHash('sha256');
    let bytes = 0;
    const measured = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        hash.update(chunk);
        yield chunk;
      }
    };
    try {
      await pipeline(source, measured, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    const spooled = { path: `${PREFIX}${id}`, bytes, sha256: hash.digest('hex') };
    this.#kept.set(spooled.path, { ...spooled, file });
    return spooled;
  }

  async look(path: string, beside?: string): ReturnType<LocalFiles['look']> {
    const kept = this.#kept.get(path);
    if (kept === undefined) return gone(path);
    const { bytes, sha256, file } = kept;
    const found = { path, bytes, sha256 };
    const called = 'File that was uploaded';
    if (beside === undefined) return { ok: true, file: found, called };
    return { ok: true, file: found, called, sum: beside === 'sha256' ? sha256 : await sumOf(file, beside) };
  }

  async *read(path: string): AsyncGenerator<Uint8Array> {
    const kept = this.#kept.get(path);
    if (kept === undefined) throw new Error('the upload is not here any more');
    // Without an encoding, what comes is bytes.
    for await (const chunk of createReadStream(kept.file)) yield chunk as Buffer;
  }

  /** Removes a file. */
  async drop(path: string): Promise<void> {
    const kept = this.#kept.get(path);
    this.#kept.delete(path);
    if (kept !== undefined) await rm(kept.file, { force: true });
  }

  /** Removes all that is left. */
  async close(): Promise<void> {
    this.#kept.clear();
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  #ownFolder(): Promise<string> {
    this.#folder ??= this.#makeFolder().catch((error: unknown) => {
      this.#folder = undefined;
      throw error;
    });
    return this.#folder;
  }

  async #makeFolder(): Promise<string> {
    const folder = join(this.#home.folder, homeName(this.#home, this.#random(9).toString('base64url')));
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }
}

function gone(path: string): Awaited<ReturnType<LocalFiles['look']>> {
  if (!path.startsWith(PREFIX)) {
    const next = `Upload it to the service itself (POST /v1/storage/{id}/upload), or by the command line of the computer that has it. What has an address can be downloaded: “download https://… to STORAGE”.`;
    return { ok: false, why: `From here, ${path} of your computer cannot be reached.`, next };
  }
  return { ok: false, why: 'The uploaded file is not here any more.', next: 'Upload it again.' };
}

async function sumOf(file: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer); // as above
  return hash.digest('hex');
}
