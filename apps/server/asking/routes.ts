import { Answer } from '@pxa/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answer, answerOf, failed } from '../http/envelope.ts';
import { inForms } from '../http/forms.ts';
import { problemOf } from '../http/errors.ts';
import { AnswerStream, wantsEvents } from '../http/sse.ts';
import type { App } from '../server.ts';
import { Ask, askInWords } from './ask.ts';

/** A question or an order in words, and the answer of the contract. An order becomes a plan, which waits for a word. */
export async function askRoutes(app: App): Promise<void> {
  app.post(
    '/ask',
    {
      config: { scope: 'vm:read', limit: 'read', inMaintenance: 'goes on', again: true },
      schema: {
        operationId: 'ask',
        summary:
          'Ask in words, or order a change, which becomes a plan; as server-sent events where these are accepted',
        tags: ['ask'],
        body: Ask,
        response: { 200: inForms(answerOf(Answer), 'text/event-stream') },
      },
    },
    async (request, reply) => {
      if (wantsEvents(request)) return streamed(request, reply);
      return answer(request, await askInWords(request, request.body));
    },
  );
}

/**
 * The same as server-sent events: `call` for each call to Proxmox as it ends, then `answer` with what a plain answer would
 * be, or `error`. A client that goes away calls the reading off.
 */
async function streamed(request: FastifyRequest<{ Body: Ask }>, reply: FastifyReply): Promise<never> {
  const stream = new AnswerStream(request, reply);
  try {
    const found = await askInWords(request, request.body, {
      signal: stream.gone,
      onCall: (call) => void stream.send({ event: 'call', data: call }),
    });
    stream.send({ event: 'answer', data: answer(request, found) });
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'an answer in events failed');
    stream.send({ event: 'error', data: { status: problem.status, ...failed(request, problem) } });
  }
  stream.end();
  return reply as never; // what is sent already has no shape to hold against a schema
}
