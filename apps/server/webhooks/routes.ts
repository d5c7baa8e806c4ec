import { z } from 'zod';
import { callerKnown } from '../auth/caller.ts';
import { mayBeTold } from '../events/types.ts';
import { answer, answerOf, Done, done } from '../http/envelope.ts';
import type { App } from '../server.ts';
import { changeWebhook, knownWebhook, makeWebhook, mayHave, removeWebhook } from './keep.ts';
import { NewWebhook, WebhookChange, WebhookMade, WebhookShown, webhookShown } from './schemas.ts';

export const Params = z.object({ webhook_id: z.string() });
const One = answerOf(z.object({ webhook: WebhookShown }));
const tags = ['webhooks'];
const read = { scope: 'webhook:read', limit: 'read' } as const;
const write = { scope: 'webhook:write', limit: 'vm' } as const;

/** Addresses that are told of what happens. */
export async function webhookRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config: read,
      schema: {
        operationId: 'listWebhooks',
        summary: 'List the webhooks, newest first',
        tags,
        response: { 200: answerOf(z.object({ webhooks: z.array(WebhookShown) })) },
      },
    },
    async (request) => {
      const webhooks = (await service.kept.webhooks()).map((each) => webhookShown(each, service.now()));
      return answer(request, { webhooks });
    },
  );

  app.post(
    '',
    {
      config: write,
      schema: {
        operationId: 'createWebhook',
        summary: 'Have an address told of events; its secret is shown this once',
        tags,
        body: NewWebhook,
        response: { 201: answerOf(z.object({ webhook: WebhookMade })) },
      },
    },
    async (request, reply) => {
      const caller = callerKnown(request);
      mayBeTold(caller, request.body.events);
      const webhook = await makeWebhook(service, caller, request.body);
      const { secret } = webhook;
      return reply.code(201).send(answer(request, { webhook: { ...webhookShown(webhook, service.now()), secret } }));
    },
  );

  app.get(
    '/:webhook_id',
    {
      config: read,
      schema: {
        operationId: 'getWebhook',
        summary: 'Show one webhook, without its secret',
        tags,
        params: Params,
        response: { 200: One },
      },
    },
    async (request) => {
      const webhook = await knownWebhook(service, request.params.webhook_id);
      return answer(request, { webhook: webhookShown(webhook, service.now()) });
    },
  );

  changeRoutes(app);
}

function changeRoutes(app: App): void {
  const { service } = app;
  const changed = { tags, params: Params, response: { 200: One } };

  app.put(
    '/:webhook_id',
    {
      config: write,
      schema: {
        operationId: 'replaceWebhook',
        summary: 'Write a webhook anew; its secret stays unless one is given',
        ...changed,
        body: NewWebhook,
      },
    },
    async (request) => {
      const caller = callerKnown(request);
      await mayHave(service, caller, request.params.webhook_id);
      mayBeTold(caller, request.body.events);
      const webhook = await changeWebhook(service, caller, request.params.webhook_id, request.body);
      return answer(request, { webhook: webhookShown(webhook, service.now()) });
    },
  );

  app.patch(
    '/:webhook_id',
    {
      config: write,
      schema: {
        operationId: 'updateWebhook',
        summary: 'Change what is named of a webhook',
        ...changed,
        body: WebhookChange,
      },
    },
    async (request) => {
      const caller = callerKnown(request);
      await mayHave(service, caller, request.params.webhook_id);
      mayBeTold(caller, request.body.events ?? []);
      const webhook = await changeWebhook(service, caller, request.params.webhook_id, request.body);
      return answer(request, { webhook: webhookShown(webhook, service.now()) });
    },
  );

  app.delete(
    '/:webhook_id',
    {
      config: write,
      schema: {
        operationId: 'deleteWebhook',
        summary: 'Delete a webhook with its deliveries',
        tags,
        params: Params,
        response: { 200: Done },
      },
    },
    async (request) => {
      const { webhook_id: id } = request.params;
      await removeWebhook(service, callerKnown(request), id);
      return done(request, `Webhook ${id} was deleted.`);
    },
  );
}
