import type { Conversation, Memory } from '@pxa/assistant';
import type { ServiceStore } from '@pxa/assistant/store';

/** A conversation as the assistants of the service name it: whose, and which. */
export const conversationName = (owner: string, id: string): string => `${owner}/${id}`;

function keyOf(name: string): { owner: string; id: string } {
  // An id has no slash, whatever an owner is called.
  const slash = name.lastIndexOf('/');
  return { owner: name.slice(0, Math.max(0, slash)), id: name.slice(slash + 1) };
}

/** What conversations about a cluster have come to, in the store: any replica goes on with them. `now` is milliseconds since 1970. */
export function storedMemory(kept: ServiceStore, connection: string, now: () => number): Memory {
  return {
    async load(name) {
      if (!name.includes('/')) return undefined;
      const state = await kept.conversationState(keyOf(name));
      return state === undefined ? undefined : (JSON.parse(state) as Conversation); // save wrote it
    },
    async save(name, conversation) {
      // Orders and looks without words begin conversations of their own, which nobody goes on with.
      if (!name.includes('/')) return;
      const state = JSON.stringify(conversation);
      await kept.saveConversationState(keyOf(name), { connection, nowMs: now(), state });
    },
  };
}
