import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ChangeOptions } from '@pxa/assistant';
import type { Opened } from '../backend.ts';
import { foldersFor } from '../folders.ts';
import type { Io } from '../io.ts';
import { localFiles } from '../local-files.ts';

/** The file that plans, approvals, jobs and the audit log are in. */
export function storeFile(env: Io['env']): string {
  return join(foldersFor(env).state, 'pxa.db');
}

/** What changes through the command line need. Nothing is opened before the first order. */
export function changeOptions(io: Io, opened: Opened): ChangeOptions {
  return {
    openStore: async () => {
      const { openStore } = await import('@pxa/assistant/store');
      const file = opened.keeps === 'on disk' ? storeFile(io.env) : ':memory:';
      const { sealSource } = await import('./seal.ts');
      return openStore({ kind: 'sqlite', file }, { now: () => opened.now(), seal: sealSource(io, opened.keeps) });
    },
    connection: opened.connection,
    user: opened.user,
    person: { name: personName(io), door: io.stdin.isTTY === true ? 'terminal' : 'command_line' },
    owner: `${process.pid}-${io.id()}`,
    id: (prefix) => `${prefix}_${shortId(io.random(8))}`,
    files: localFiles(io.env),
    sleep: (ms, signal) => io.sleep(ms, signal),
  };
}

/** Who sits at the keyboard, as the system knows them. */
export function personName(io: Io): string {
  const said = io.env['SUDO_USER'] ?? io.env['USER'];
  if (said !== undefined && said !== '') return said;
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in passwd, as in some containers.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Without letters that are easily taken for others, since people type these. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';

function shortId(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('');
}
