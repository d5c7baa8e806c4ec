import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hideSecretWords } from '@pxa/assistant';
import { foldersFor } from '../folders.ts';
import type { Io } from '../io.ts';
import { isMissing, writePrivateFile } from '../private-file.ts';

const LONGEST_HISTORY = 1000;

// What looks like a secret is not kept, nor what begins with a space, as shells do it.
const SECRET =
  /PVEAPIToken|PVEAuthCookie|passw(or)?d|passphrase|secret|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|^\s/i;

/** Whether a line may be kept in the history. */
function isKept(line: string): boolean {
  return line.trim() !== '' && line.length < 2000 && !SECRET.test(line) && hideSecretWords(line) === line;
}

function historyFile(env: Io['env']): string {
  return join(foldersFor(env).state, 'history');
}

/** The lines of earlier sessions, the newest first, as readline wants them. A history that cannot be read is an empty one. */
export async function loadHistory(io: Io): Promise<string[]> {
  const text = await readFile(historyFile(io.env), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  return text.split('\n').filter(isKept).slice(-LONGEST_HISTORY).reverse();
}

/** Adds the lines of a session, oldest first, to those of others, which may have ended in the meantime. */
export async function saveHistory(io: Io, lines: string[]): Promise<void> {
  const added = lines.filter(isKept);
  if (added.length === 0) return;
  const before = (await loadHistory(io)).reverse();
  const all = [...before, ...added].filter((line, at, list) => line !== list[at - 1]).slice(-LONGEST_HISTORY);
  await writePrivateFile(historyFile(io.env), `${all.join('\n')}\n`, io.id());
}
