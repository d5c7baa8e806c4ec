import { hideSecretWords } from '@pxa/assistant';
import { actionList } from '@pxa/assistant/catalog';
import type { Answer, Call } from '@pxa/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, callerKnown, personOf } from '../auth/caller.ts';
import { holds, type Scope } from '../auth/scopes.ts';
import { type Connection, connectionNamed } from '../connections/connection.ts';
import { conversationName } from '../conversations/memory.ts';
import { notAcceptable, Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { scopesOf } from './scopes.ts';

export const Ask = z.strictObject({
  request: z.string().trim().min(1).max(4_000),
  conversation_id: z
    .string()
    // None that a path would take for a folder.
    .regex(/^[\w-][\w.-]{0,99}$/)
    .optional(),
  connection: z.string().min(1).optional(),
});
export type Ask = z.infer<typeof Ask>;

/** Whose conversation about which cluster it is that words go on with, or begin. */
interface Place extends Connection {
  readonly caller: Caller;
  readonly id: string;
}

/**
 * Answers words by the assistant, in a conversation of the caller's own. What they may not order is not planned.
 * @throws Problem 403, 422
 */
export async function askInWords(
  request: FastifyRequest,
  asked: Ask,
  hooks: { onCall?: (call: Call) => void; signal?: AbortSignal } = {},
): Promise<Answer> {
  const { service } = request.server;
  const place = await placeOf(service, callerKnown(request), asked);
  const { caller, cluster, id } = place;
  const conversation_id = conversationName(caller.id, id);
  let missing: Scope | undefined;
  let isShownOnce = false;
  const found = await cluster.ask(
    { request: asked.request, conversation_id },
    {
      ...hooks,
      by: personOf(caller),
      mayOrder(parts) {
        missing = parts.flatMap(scopesOf).find((scope) => !holds(caller.scopes, scope));
        isShownOnce = parts.some(({ action }) => SHOWN_ONCE.has(action));
        return missing === undefined && !isShownOnce;
      },
    },
  );
  if (missing !== undefined) throw mayNot(missing);
  if (isShownOnce) throw nobodySees();
  const answer = { ...found, conversation_id: id };
  // What was called off half-way was not said.
  if (hooks.signal?.aborted !== true) await noted(service, place, asked.request, answer);
  return answer;
}

/** A conversation stays with the cluster that it began on. @throws Problem 422 */
async function placeOf(service: Service, caller: Caller, { conversation_id: said, connection }: Ask): Promise<Place> {
  if (said === undefined) return { ...connectionNamed(service, connection), caller, id: service.id('conv') };
  const begun = await service.kept.conversation({ owner: caller.id, id: said });
  if (begun === undefined || connection === begun.connection || !service.clusters.has(begun.connection))
    return { ...connectionNamed(service, connection), caller, id: said };
  if (connection === undefined) return { ...connectionNamed(service, begun.connection), caller, id: said };
  const details = { field: 'connection', reason: 'other_connection', provided_value: connection };
  throw notAcceptable(
    `The conversation ${said} is about ${begun.connection}: begin another for ${connection}.`,
    details,
  );
}

/** What answers with a secret is run on any replica: nobody waits there. */
const SHOWN_ONCE: ReadonlySet<string> = new Set(
  actionList.filter(({ answersSecret }) => answersSecret).map(({ id }) => id),
);

function nobodySees(): Problem {
  const message =
    'Proxmox tells the secret of a new token once, and nobody would see it here. Order it on the command line: pxa shows it when the job has ended. Nothing was planned.';
  return notAcceptable(message, { field: 'request', reason: 'shown_once' });
}

function mayNot(scope: Scope): Problem {
  const message = `This token does not have the scope ${scope}, which that change needs. Nothing was planned.`;
  return new Problem(403, 'INSUFFICIENT_PERMISSIONS', message, { reason: 'missing_scope', required_scope: scope });
}

/** What of an answer's text is kept with the conversation. */
const MOST_KEPT_LETTERS = 20_000;

async function noted({ kept, now }: Service, { caller, id, name }: Place, said: string, answer: Answer): Promise<void> {
  const nowMs = now();
  const { request, kind, text } = answer;
  const turn = {
    at: new Date(nowMs).toISOString(),
    request,
    kind,
    // What came of words that hold a secret may repeat it.
    text: hideSecretWords(said) === said ? text.slice(0, MOST_KEPT_LETTERS) : null,
    plan_id: answer.kind === 'plan' ? answer.plan.id : null,
  };
  await kept.addTurn({ owner: caller.id, id }, { connection: name, nowMs, turn });
}
