import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreFailed } from './store.ts';

/** By SQLite's primary result code: what happened, and what to do next. https://sqlite.org/rescode.html */
const TEXTS: Readonly<Record<number, (file: string) => string>> = {
  3: noPermission,
  5: (file) =>
    `Another process has held the store ${file} for too long. Look which it is with "fuser ${file}", wait until it has ended, then try again.`,
  6: (file) => `The store ${file} is locked by another part of this process. Try again.`,
  8: noPermission,
  10: (file) =>
    `The store ${file} could not be read or written: the disk reported an error. Look at the disk and at its free space, then try again.`,
  11: (file) => damaged(file),
  13: (file) => `The disk under the store ${file} is full. Make room there, then try again.`,
  14: noPermission,
  23: noPermission,
  26: (file) =>
    `${file} is no database, so it is not touched. Name another file for the store, or move that one out of the way.`,
};

function noPermission(file: string): string {
  return `The store ${file} cannot be opened or written by this user. Give the user the right to write the file and its folder, or name another file for the store.`;
}

function damaged(file: string): string {
  return `The store ${file} is damaged. Restore it from a backup, or move it out of the way to begin an empty one.`;
}

/** What SQLite could not do, for a person. `during` a commit, a disk error leaves open whether it was done. */
export function sqliteFailure(error: unknown, file: string, during: 'statement' | 'commit'): Error {
  if (!(error instanceof Error) || !('errcode' in error)) return fileFailure(error, file);
  const code = Number(error.errcode) & 0xff;
  // Where it has no room for what processes share, SQLite calls that an error of the disk.
  const told = code === 10 && isFull(file) ? 13 : code;
  const text = TEXTS[told]?.(file) ?? `The store ${file} refused what was asked of it: ${error.message}.`;
  const fate = during === 'commit' && code === 10 ? 'unknown' : 'not_done';
  return new StoreFailed(text, { cause: error, fate });
}

function isFull(file: string): boolean {
  try {
    return statfsSync(dirname(file)).bavail === 0;
  } catch {
    return false;
  }
}

/** The same for what the file system refused before SQLite was asked. Anything else is a bug and stays what it is. */
export function fileFailure(error: unknown, file: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StoreFailed(TEXTS[13]?.(file) ?? '', { cause: error });
  if (code === 'EISDIR') {
    return new StoreFailed(`${file} is a folder. Name a file in it for the store.`, { cause: error });
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new StoreFailed(`${file} cannot be made: a part of its path is a file. Name another file for the store.`, {
      cause: error,
    });
  }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return new StoreFailed(noPermission(file), { cause: error });
  return error;
}
