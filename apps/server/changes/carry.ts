import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Assistant } from '@pxa/assistant';
import type { Command } from '@pxa/contract';
import { callerKnown } from '../auth/caller.ts';
import { type Changed, change } from './change.ts';
import type { Asked } from './refusal.ts';
import { type ChangeAnswer, replyChanged } from './reply.ts';
import type { z } from 'zod';

/**
 * Plans a change that a request asks for, begins it where the request's own word is enough, and answers. `fields` tell
 * which field of its body gave which input of the action, for what is refused. @throws Problem
 */
export async function carry(
  request: FastifyRequest,
  reply: FastifyReply,
  cluster: Assistant,
  command: Command,
  fields?: Asked['fields'],
): Promise<z.infer<typeof ChangeAnswer>> {
  return replyChanged(request, reply, await beginChange(request, cluster, command, fields));
}

/** The same for a request that has an answer of its own. @throws Problem */
export async function beginChange(
  request: FastifyRequest,
  cluster: Assistant,
  command: Command,
  fields?: Asked['fields'],
): Promise<Changed> {
  const asked = { body: request.body, ...(fields === undefined ? {} : { fields }) };
  const changed = await change(cluster, callerKnown(request), command, asked);
  if (changed.kind === 'begun') request.server.runner.begin(cluster, changed.job.id);
  return changed;
}
