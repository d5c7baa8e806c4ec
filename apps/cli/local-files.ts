import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LocalFiles } from '@pxa/assistant';
import type { Io } from './io.ts';
import { hasCode } from './private-file.ts';

/** The files of the computer that the command line runs on, by paths as they are typed: `./debian.iso`, `~/x.img`. */
export function localFiles(env: Io['env']): LocalFiles {
  return {
    async look(typed, beside) {
      const path = wholePath(typed, env);
      try {
        const seen = await stat(path);
        if (!seen.isFile()) {
          const what = seen.isDirectory() ? 'a folder' : 'no ordinary file';
          return { ok: false, why: `${path} is ${what}.`, next: 'Name one file.' };
        }
        const { sum, ...measures } = await measured(path, beside);
        return { ok: true, file: { path, ...measures }, ...(sum === undefined ? {} : { sum }) };
      } catch (error) {
        return {
          ok: false,
          why: `${path} ${whyNot(error)}`,
          next: 'See how it is written, and whether you may read it.',
        };
      }
    },
    read: (path) => createReadStream(path),
  };
}

/** `~` is the home of whoever asks; what is no whole path begins in the folder that they are in. */
function wholePath(typed: string, env: Io['env']): string {
  const home = env['HOME'] || homedir();
  return resolve(typed === '~' || typed.startsWith('~/') ? join(home, typed.slice(1)) : typed);
}

/** Its length and its hash, of the same bytes: it may grow while it is read. */
async function measured(path: string, beside?: string): Promise<{ bytes: number; sha256: string; sum?: string }> {
  const hash = createHash('sha256');
  const other = beside === undefined ? undefined : createHash(beside);
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    // Without an encoding, what comes is bytes.
    const read = chunk as Buffer;
    hash.update(read);
    other?.update(read);
    bytes += read.length;
  }
  return { bytes, sha256: hash.digest('hex'), ...(other === undefined ? {} : { sum: other.digest('hex') }) };
}

function whyNot(error: unknown): string {
  if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return 'is not there.';
  if (hasCode(error, 'EACCES') || hasCode(error, 'EPERM')) return 'may not be read.';
  return 'could not be read.';
}
