import type { FastifyReply, FastifyRequest } from 'fastify';
import { underAttempt } from '@pxa/assistant/store';
import { continuePlan } from '../changes/carry.ts';
import { Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { ALIVE_MS, RequestAttempt } from './attempt.ts';
import { keyedOf } from './keyed.ts';

/** How long an answer is kept for who asks again. */
const KEPT_MS = 24 * 3_600_000;

const SWEPT_MS = 10 * 60_000;

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** These come to the same when they are done again; a POST may not, unless its route says so. */
const SAME_AGAIN: ReadonlySet<string> = new Set(['PUT', 'PATCH', 'DELETE']);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A POST that may be done again where it broke off: what it has done already it finds. */
    readonly again?: true;
  }
}

/**
 * `Idempotency-Key` on everything that writes: the same key never acts twice. The record is made before anything acts;
 * whatever is written then is marked in its own transaction; the answer is kept for a day.
 */
export function heedKeys(app: App): void {
  const { service } = app;
  app.decorateRequest('attempt', undefined);
  forgetOld(app);

  // By callback: what follows runs inside, so that its writes are known to be of this attempt.
  app.addHook('preHandler', (request, reply, next) => void heed(service, request, reply, next));

  app.addHook('onSend', (request, reply, payload) =>
    underAttempt(undefined, async () => {
      const { attempt } = request;
      if (attempt === undefined) return payload;
      const said = (await leftOver(service, request, reply)) ?? payload;
      await attempt.end(reply, said).catch((error: unknown) => {
        // It was done, and is said so; whoever asks again finds the plan in place of the answer.
        request.log.error({ err: error }, 'an answer was not kept for its key');
      });
      return said;
    }),
  );
}

/** Keys are kept for a day: one replica forgets those that are older. */
function forgetOld({ leadership, service }: App): void {
  const { kept, now, sleep } = service;
  leadership.lead('keys whose time is over', async ({ signal }) => {
    while (!signal.aborted) {
      await kept.sweepKeys(now());
      await sleep(SWEPT_MS, signal);
    }
  });
}

async function heed(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  next: (error?: Error) => void,
): Promise<void> {
  try {
    if (await begin(service, request, reply)) return;
  } catch (error) {
    return next(error instanceof Error ? error : new Error(String(error)));
  }
  underAttempt(request.attempt?.keyed, next);
}

/** Whether the request was answered already. @throws Problem 400, 409, 422 */
async function begin(service: Service, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const { caller, method } = request;
  if (caller === undefined || !WRITES.has(method)) return false;
  const keyed = keyedOf(request);
  if (keyed === undefined) return false;
  const times = { now: service.now(), aliveMs: ALIVE_MS, keptMs: KEPT_MS };
  const begun = await service.kept.beginAttempt({ caller: caller.id, ...keyed, ...times });
  switch (begun.kind) {
    case 'other_request':
      throw new Problem(422, 'VALIDATION_ERROR', 'This Idempotency-Key was used for another request.', {
        field: 'Idempotency-Key',
        reason: 'used_for_another_request',
      });
    case 'under_way': {
      const seconds = Math.max(1, Math.ceil((begun.untilMs - service.now()) / 1_000));
      reply.header('retry-after', seconds);
      const message = `The first request with this Idempotency-Key is still being worked on: ask again in ${seconds} seconds.`;
      throw new Problem(409, 'RESOURCE_CONFLICT', message, { reason: 'under_way', retry_after_seconds: seconds });
    }
    case 'answered':
      replay(reply, begun);
      return true;
    case 'go': {
      const isDone = begun.acted && begun.plans.length === 0;
      if (isDone && !SAME_AGAIN.has(method) && request.routeOptions.config.again !== true) throw unknownOutcome();
      request.attempt = new RequestAttempt(service, begun);
      return false;
    }
  }
}

/** @throws Problem 409 where the answer held what is shown once */
function replay(reply: FastifyReply, { status, body }: { status: number; body: string | null }): void {
  if (body === null) {
    const message = `This was done, and answered with ${status}; the answer held a secret, which is shown once. Where it was lost, remove what was made, and make another under a new key.`;
    throw new Problem(409, 'RESOURCE_CONFLICT', message, { reason: 'shown_once' });
  }
  reply.header('idempotency-replayed', 'true').code(status).type('application/json; charset=utf-8');
  void reply.send(body);
}

function unknownOutcome(): Problem {
  const message =
    'An earlier request with this Idempotency-Key was cut off after it had begun to write, so it is not done again. Look whether what it was to make is there; if not, ask for it under a new key.';
  return new Problem(409, 'RESOURCE_CONFLICT', message, { reason: 'outcome_unknown' });
}

/**
 * What an earlier attempt planned, and this one did not come to, because what is so by now was in its way: it is gone on
 * with all the same, and its job told.
 */
async function leftOver(service: Service, request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> {
  const { attempt } = request;
  const isRefused = reply.statusCode >= 400 && reply.statusCode < 500;
  if (attempt?.hasLeft !== true || !isRefused) return undefined;
  const planId = attempt.nextPlan();
  const told = planId === undefined ? undefined : await continuePlan(service, request, reply, planId);
  return told && JSON.stringify(told);
}
