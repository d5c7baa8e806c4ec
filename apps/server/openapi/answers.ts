import type { RouteOptions } from 'fastify';
import { Failed } from '../http/envelope.ts';

/** What each status of an answer means, whichever route it comes from. */
export const STATUSES: Readonly<Record<number, string>> = {
  200: 'What was asked for.',
  201: 'It was made.',
  202: 'It was begun, or waits for a person’s word; a job or an approval tells how it goes on.',
  204: 'Done; there is nothing to tell.',
  206: 'A part of what was asked for.',
  400: 'The request cannot be read: malformed JSON, or a value of another type in the query.',
  401: 'No valid token, or one that has ended.',
  403: 'The token lacks a scope, which the answer names.',
  404: 'The path names something that there is not.',
  409: 'What is asked for does not go together with how things are now.',
  413: 'The body is larger than is accepted.',
  415: 'The body is not of a type that is taken here.',
  422: 'The request is well formed, but says something that cannot be accepted; the answer names the field.',
  429: 'Too many requests; the answer says when to go on.',
  500: 'Something went wrong inside; the log has it under the request’s id.',
  503: 'Nothing can be done at the moment: maintenance, or a cluster that does not answer.',
};

/** The answers that a route gives beside what it was made for, by what it takes and who may call it. */
export function sharedAnswers({ method, schema = {}, config = {} }: RouteOptions): Record<number, typeof Failed> {
  const isWrite = ![method].flat().every((each) => each === 'GET' || each === 'HEAD');
  const takes = (part: 'body' | 'querystring' | 'params'): boolean => schema[part] !== undefined;
  const when: readonly (readonly [status: number, isGiven: boolean])[] = [
    [400, true],
    [401, config.scope !== undefined],
    [403, config.scope !== undefined],
    [404, takes('params')],
    [409, isWrite],
    [413, isWrite],
    [415, isWrite],
    [422, takes('body') || takes('querystring') || takes('params')],
    [429, config.limit !== undefined],
    [500, true],
    [503, true],
  ];
  return Object.fromEntries(when.flatMap(([status, isGiven]) => (isGiven ? [[status, Failed]] : [])));
}
