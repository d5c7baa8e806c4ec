import type { Answer, Query } from '@pxa/contract';
import type { Conversation } from '@pxa/language';
import { expect, test } from 'vitest';
import { Conversations, type Memory } from './conversations.ts';

/** What replicas share: as JSON, as a store keeps it. */
function sharedMemory(): Memory & { readonly written: Map<string, string> } {
  const written = new Map<string, string>();
  return {
    written,
    load: async (id) => {
      const text = written.get(id);
      return text === undefined ? undefined : (JSON.parse(text) as Conversation); // save wrote it
    },
    save: async (id, conversation) => void written.set(id, JSON.stringify(conversation)),
  };
}

const query = (dataset: string): Query => ({ dataset });

function answered(request: string): Answer {
  const rest = { conversation_id: 'c', engine: 'builtin', text: '', calls: [], findings: [] } as const;
  return { ...rest, kind: 'answer', request } as unknown as Answer; // an answer without a view, which calls none
}

test('each process goes on with what was said last, wherever that was', async () => {
  const memory = sharedMemory();
  const [here, there] = [new Conversations(memory), new Conversations(memory)];
  await here.remember('c', answered('list the VMs'), { query: query('guests') });
  expect(await there.get('c')).toEqual({ query: query('guests'), ids: [] });
  await there.remember('c', answered('list the nodes'), { query: query('nodes') });
  expect((await here.get('c')).query).toEqual(query('nodes'));
});

test('what came of a secret is known to the process that heard it alone, until something else is said', async () => {
  const memory = sharedMemory();
  const [here, there] = [new Conversations(memory), new Conversations(memory)];
  await here.remember('c', answered('list the VMs'), { query: query('guests') });
  await here.remember('c', answered('set the password to [hidden]'), { query: query('users') });
  expect((await here.get('c')).query).toEqual(query('users'));
  // Elsewhere it is not known, and neither is what was said before taken for what was said last.
  expect(await there.get('c')).toEqual({});
  expect(memory.written.get('c')).toBe('{}');
  await there.remember('c', answered('list the nodes'), { query: query('nodes') });
  expect((await here.get('c')).query).toEqual(query('nodes'));
});

test('without a memory, a process keeps them by itself', async () => {
  const alone = new Conversations();
  await alone.remember('c', answered('list the VMs'), { query: query('guests') });
  expect((await alone.get('c')).query).toEqual(query('guests'));
  expect(await alone.get('d')).toEqual({});
});
