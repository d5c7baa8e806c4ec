import { z } from 'zod';
import { callerKnown } from '../auth/caller.ts';
import { EventName, mayBeTold } from '../events/types.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { countedPage, listQuery, Pagination } from '../http/pages.ts';
import { notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { knownWebhook, mayHave, rotateSecret } from './keep.ts';
import { Params } from './routes.ts';
import { DeliveryShown, deliveryShown, NewSecret, Tried, WebhookMade, webhookShown } from './schemas.ts';
import { tryOut } from './try-out.ts';

const DeliveryParams = Params.extend({ delivery_id: z.string() });
const Wish = z.strictObject({
  status: z.enum(['pending', 'delivered', 'parked']).optional(),
  ...listQuery(['created_at'], 'desc'),
});
const Deliveries = z.object({ deliveries: z.array(DeliveryShown), pagination: Pagination });
const tags = ['webhooks'];
const write = { scope: 'webhook:write', limit: 'vm' } as const;

/** How what was sent to webhooks went, and what can be done about it. */
export async function deliveryRoutes(app: App): Promise<void> {
  listRoute(app);
  redeliverRoute(app);
  testRoute(app);
  rotateRoute(app);
}

function listRoute(app: App): void {
  const { service } = app;

  app.get(
    '/:webhook_id/deliveries',
    {
      config: { scope: 'webhook:read', limit: 'read' },
      schema: {
        operationId: 'listWebhookDeliveries',
        summary: 'List what was sent to a webhook and what waits for it, newest first',
        tags,
        params: Params,
        querystring: Wish,
        response: { 200: answerOf(Deliveries) },
      },
    },
    async (request) => {
      const { webhook_id: id } = request.params;
      const { status: state, order } = request.query;
      const { kept } = service;
      const total = await kept.countDeliveries(id, { state });
      if (total === undefined) throw notFound('webhook', id);
      const page = await countedPage(request.query, {
        total,
        before: async (seq) =>
          (await kept.countDeliveries(id, { state, ...(order === 'asc' ? { below: seq } : { above: seq }) })) ?? 0,
        rows: (offset, limit) => kept.deliveries(id, { state, order, offset, limit }),
        number: ({ event }) => event.seq,
      });
      return answer(request, { deliveries: page.rows.map(deliveryShown), pagination: page.pagination });
    },
  );
}

function redeliverRoute(app: App): void {
  const { service } = app;

  app.post(
    '/:webhook_id/deliveries/:delivery_id/redeliver',
    {
      config: write,
      schema: {
        operationId: 'redeliverWebhookDelivery',
        summary: 'Send something once more, and try for another day',
        tags,
        params: DeliveryParams,
        response: { 202: answerOf(z.object({ delivery: DeliveryShown })) },
      },
    },
    async (request, reply) => {
      const { webhook_id: webhookId, delivery_id: id } = request.params;
      await knownWebhook(service, webhookId);
      const seq = Number(/^evt_([1-9]\d{0,14})$/.exec(id)?.[1] ?? 0);
      const [before] = await service.kept.deliveries(webhookId, { seq, order: 'asc', limit: 1, offset: 0 });
      if (before === undefined) throw notFound('delivery', id);
      // It may be of a type that the webhook is not told of any more, and lead elsewhere by now.
      mayBeTold(callerKnown(request), [EventName.parse(before.event.type)]);
      const delivery = await service.kept.redeliver({ webhookId, seq, nowMs: Math.floor(service.now()) });
      if (delivery === undefined) throw notFound('delivery', id);
      return reply.code(202).send(answer(request, { delivery: deliveryShown(delivery) }));
    },
  );
}

function testRoute(app: App): void {
  const { service } = app;

  app.post(
    '/:webhook_id/test',
    {
      config: write,
      schema: {
        operationId: 'testWebhook',
        summary: 'Send a webhook a message to try it out, and say what came of it',
        tags,
        params: Params,
        response: { 200: answerOf(z.object({ test: Tried })) },
      },
    },
    async (request) => {
      const webhook = await knownWebhook(service, request.params.webhook_id);
      return answer(request, { test: await tryOut(service, webhook) });
    },
  );
}

function rotateRoute(app: App): void {
  const { service } = app;

  app.post(
    '/:webhook_id/rotate-secret',
    {
      config: write,
      schema: {
        operationId: 'rotateWebhookSecret',
        summary: 'Give a webhook a new secret; the one before signs beside it for a day',
        tags,
        params: Params,
        body: NewSecret.nullish(),
        response: { 200: answerOf(z.object({ webhook: WebhookMade })) },
      },
    },
    async (request) => {
      const { webhook_id: id } = request.params;
      const caller = callerKnown(request);
      await mayHave(service, caller, id);
      const webhook = await rotateSecret(service, caller, id, request.body?.secret);
      const { secret } = webhook;
      return answer(request, { webhook: { ...webhookShown(webhook, service.now()), secret } });
    },
  );
}
