import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isSecretPath, scrubbed, scrubbedRecord } from '../operations/scrub.ts';
import type { Problem } from './problem.ts';

/** A part of an answer that the cluster does not tell, and why. */
export const Unavailable = z.object({ field: z.string(), reason: z.string() });
export type Unavailable = z.infer<typeof Unavailable>;

/** What every answer says of itself. */
export const Meta = z
  .object({
    request_id: z.string(),
    timestamp: z.iso.datetime(),
    execution_time_ms: z.number(),
    unavailable: z.array(Unavailable).optional(),
  })
  .meta({ id: 'Meta' });
export type Meta = z.infer<typeof Meta>;

/** The schema of an answer that holds `data`. */
export function answerOf<T extends z.ZodType>(
  data: T,
): z.ZodObject<{ success: z.ZodLiteral<true>; data: T; meta: typeof Meta }> {
  return z.object({ success: z.literal(true), data, meta: Meta });
}

/** An answer that has nothing to give but that it was done. */
export const Done = z.object({ success: z.literal(true), message: z.string(), meta: Meta });

export const Failed = z
  .object({
    success: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) }),
    meta: Meta,
  })
  .meta({ id: 'Failure' });

/** An answer with what was asked for. */
export function answer<T>(
  request: FastifyRequest,
  data: T,
  unavailable: readonly Unavailable[] = [],
): { success: true; data: T; meta: Meta } {
  const more = unavailable.length === 0 ? {} : { unavailable: [...unavailable] };
  return { success: true, data, meta: { ...metaOf(request), ...more } };
}

/** An answer that says more of itself than others do: what made it, say. */
export function answerSaying<T, M extends object>(
  request: FastifyRequest,
  data: T,
  more: M,
): { success: true; data: T; meta: Meta & M } {
  return { success: true, data, meta: { ...metaOf(request), ...more } };
}

export function done(request: FastifyRequest, message: string): z.infer<typeof Done> {
  return { success: true, message, meta: metaOf(request) };
}

/** Why a request is not answered as it hoped: bounded, and without secrets that it may have held itself. */
export function failed(request: FastifyRequest, { code, message, details }: Problem): z.infer<typeof Failed> {
  const { field = '', provided_value: value } = details;
  const isSecret = value !== undefined && isSecretPath(field);
  const shown = scrubbedRecord({ ...details, ...(isSecret ? { provided_value: '[hidden]' } : {}) });
  return { success: false, error: { code, message: scrubbed(message), details: shown }, meta: metaOf(request) };
}

function metaOf(request: FastifyRequest): Meta {
  const { now } = request.server.service;
  const at = now();
  const took = Math.max(0, Math.round((at - request.beganMs) * 10) / 10);
  return { request_id: request.id, timestamp: new Date(at).toISOString(), execution_time_ms: took };
}
