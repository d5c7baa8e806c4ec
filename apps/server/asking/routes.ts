import { Answer } from '@pxa/contract';
import { z } from 'zod';
import { callerKnown, personOf } from '../auth/caller.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { connectionNamed } from '../connections/connection.ts';
import type { App } from '../server.ts';

const Ask = z.strictObject({
  request: z.string().trim().min(1).max(4_000),
  conversation_id: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
  connection: z.string().min(1).optional(),
});

/** A question or an order in words, and the answer of the contract. An order becomes a plan, which waits for a word. */
export async function askRoutes(app: App): Promise<void> {
  const { service } = app;
  app.post(
    '/ask',
    {
      config: { scope: 'vm:read', limit: 'read', inMaintenance: 'goes on' },
      schema: { body: Ask, response: { 200: answerOf(Answer) } },
    },
    async (request) => {
      const { request: words, conversation_id: said, connection } = request.body;
      const caller = callerKnown(request);
      const { cluster } = connectionNamed(service, connection);
      // A conversation belongs to whoever began it: another's id finds nothing of it.
      const conversation = said === undefined ? undefined : `${caller.id}.${said}`;
      const asked = conversation === undefined ? { request: words } : { request: words, conversation_id: conversation };
      const found = await cluster.ask(asked, { by: personOf(caller) });
      const id = found.conversation_id.replace(`${caller.id}.`, '');
      return answer(request, { ...found, conversation_id: id });
    },
  );
}
