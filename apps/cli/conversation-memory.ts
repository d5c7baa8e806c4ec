import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conversation, Memory } from '@pxa/assistant';
import { fileTrouble, writePrivateFile } from './private-file.ts';

/** How many conversations are kept between one command and the next; the oldest go first. */
const mostKept = 100;

/**
 * Conversations that were given a name (`--conversation ID`), a file each in a folder that only its owner can look
 * into. What is asked about is kept, never what was answered, save for the ids of the rows that a follow-up may mean. One
 * that cannot be kept is told, and costs no answer.
 */
export function conversationMemory(folder: string, suffix: () => string, tell: (trouble: string) => void): Memory {
  const fileOf = (id: string): string =>
    join(folder, `${createHash('sha256').update(id).digest('hex').slice(0, 32)}.json`);
  return {
    async load(id) {
      const text = await readFile(fileOf(id), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : parsed(text);
    },
    async save(id, conversation) {
      try {
        await writePrivateFile(fileOf(id), JSON.stringify(withoutSecrets(conversation)), suffix());
        await forgetOldest(folder);
      } catch (error) {
        const trouble = fileTrouble(error);
        if (trouble === undefined) throw error;
        tell(`This conversation is not kept, so that nothing can follow up on it: ${folder}: ${trouble}.`);
      }
    },
  };
}

/** Orders and options that hold a secret are not written down: they are said anew. */
function withoutSecrets({ order, options, ...rest }: Conversation): Conversation {
  return {
    ...rest,
    ...(options === undefined || options.some(({ say }) => holdsSecret(say)) ? {} : { options }),
    ...(order === undefined || holdsSecret(JSON.stringify(order)) ? {} : { order }),
  };
}

const holdsSecret = (text: string): boolean => /pass(?:word|phrase|wd)|secret|token/i.test(text);

/** A conversation as it was written; one that is not whole counts as never said. */
async function parsed(text: string): Promise<Conversation | undefined> {
  try {
    const { query, ids, options, order } = JSON.parse(text) as Record<string, unknown>;
    const { Query, Clarification, OpenOrder } = await import('@pxa/contract');
    const ordered = OpenOrder.safeParse(order);
    const asked = Query.safeParse(query);
    const offered = Clarification.shape.options.safeParse(options);
    return {
      ...(asked.success ? { query: asked.data } : {}),
      ...(Array.isArray(ids) ? { ids: ids.filter((each): each is string => typeof each === 'string') } : {}),
      ...(offered.success ? { options: offered.data } : {}),
      ...(ordered.success ? { order: ordered.data } : {}),
    };
  } catch {
    return undefined;
  }
}

async function forgetOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  if (names.length <= mostKept) return;
  const files = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  files.sort((a, b) => a.at - b.at);
  for (const { name } of files.slice(0, names.length - mostKept)) await rm(join(folder, name), { force: true });
}
