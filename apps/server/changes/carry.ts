import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Assistant } from '@pxa/assistant';
import type { Command } from '@pxa/contract';
import { callerKnown } from '../auth/caller.ts';
import { plannedBefore } from '../idempotency/attempt.ts';
import type { Service } from '../service.ts';
import { type Changed, change, goOn } from './change.ts';
import { keptPlan } from './kept.ts';
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
  const caller = callerKnown(request);
  const before = plannedBefore(request);
  const gone = before === undefined ? undefined : await goOn(cluster, caller, before);
  const changed = gone ?? (await change(cluster, caller, command, asked));
  if (changed.kind === 'begun') request.server.runner.begin(cluster, changed.job.id);
  return changed;
}

/** Goes on with a plan of an earlier attempt that this one cannot come to again; undefined where nothing came of it. */
export async function continuePlan(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  planId: string,
): Promise<z.infer<typeof ChangeAnswer> | undefined> {
  const kept = await keptPlan(service, planId);
  const changed = kept && (await goOn(kept.cluster, callerKnown(request), planId));
  if (kept === undefined || changed === undefined) return undefined;
  if (changed.kind === 'begun') request.server.runner.begin(kept.cluster, changed.job.id);
  return replyChanged(request, reply, changed);
}
