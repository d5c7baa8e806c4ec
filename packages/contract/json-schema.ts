import { z } from 'zod';
import { Answer, AskRequest } from './answer.ts';
import { Query } from './query.ts';

/** The answer object, the request and the query as JSON Schema (draft 2020-12), for other languages' clients. */
export function jsonSchemas(): Record<'answer' | 'request' | 'query', unknown> {
  return {
    answer: z.toJSONSchema(Answer),
    request: z.toJSONSchema(AskRequest),
    query: z.toJSONSchema(Query, { io: 'input' }),
  };
}
