import { z } from 'zod';
import { callerKnown } from '../auth/caller.ts';
import { answer, answerOf, Done, done } from '../http/envelope.ts';
import { listed, listQuery, Pagination } from '../http/pages.ts';
import { notFound } from '../http/problem.ts';
import type { App } from '../server.ts';

const Conversation = z.object({
  id: z.string(),
  connection: z.string(),
  /** The first words. */
  title: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  turns: z.int(),
});

const Turn = z.object({
  at: z.string(),
  request: z.string(),
  kind: z.string(),
  /** As it was answered then; null where it may repeat a secret. */
  text: z.string().nullable(),
  plan_id: z.string().nullable(),
});

const Params = z.object({ conversation_id: z.string() });
const ListQuery = z.strictObject(listQuery(['updated_at', 'created_at'], 'desc'));
const tags = ['conversations'];

/** What a token's owner has asked by it, and was answered: nobody else sees it. */
export async function conversationRoutes(app: App): Promise<void> {
  listRoute(app);
  showRoute(app);
  forgetRoute(app);
}

function listRoute(app: App): void {
  app.get(
    '',
    {
      config: { scope: 'vm:read', limit: 'read' },
      schema: {
        operationId: 'listConversations',
        summary: 'List your conversations, the latest first',
        tags,
        querystring: ListQuery,
        response: { 200: answerOf(z.object({ conversations: z.array(Conversation), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      // An owner keeps no more than a hundred.
      const all = await app.service.kept.conversations(callerKnown(request).id);
      const { rows, pagination } = listed(all, query, (each) => ({ key: each[query.sort], id: each.id }));
      return answer(request, { conversations: rows, pagination });
    },
  );
}

function showRoute(app: App): void {
  app.get(
    '/:conversation_id',
    {
      config: { scope: 'vm:read', limit: 'read' },
      schema: {
        operationId: 'getConversation',
        summary: 'Show what was asked and answered in a conversation of yours',
        tags,
        params: Params,
        response: { 200: answerOf(z.object({ conversation: Conversation, turns: z.array(Turn) })) },
      },
    },
    async (request) => {
      const { conversation_id: id } = request.params;
      const key = { owner: callerKnown(request).id, id };
      const { kept } = app.service;
      const [conversation, turns] = await Promise.all([kept.conversation(key), kept.turns(key)]);
      if (conversation === undefined) throw notFound('conversation', id);
      return answer(request, { conversation, turns });
    },
  );
}

function forgetRoute(app: App): void {
  app.delete(
    '/:conversation_id',
    {
      config: { scope: 'vm:read', limit: 'read', inMaintenance: 'goes on' },
      schema: {
        operationId: 'deleteConversation',
        summary: 'Forget a conversation of yours',
        tags,
        params: Params,
        response: { 200: Done },
      },
    },
    async (request) => {
      const { conversation_id: id } = request.params;
      const isGone = await app.service.kept.forgetConversation({ owner: callerKnown(request).id, id });
      if (!isGone) throw notFound('conversation', id);
      return done(request, 'The conversation was forgotten.');
    },
  );
}
