import type { Webhook } from '@pxa/assistant/store';
import type { z } from 'zod';
import { post } from '../outgoing/post.ts';
import type { Service } from '../service.ts';
import { messageTo } from './message.ts';
import type { Tried } from './schemas.ts';

/** Sends a webhook a message past its queue, whether it is active or not, and says what came of it. */
export async function tryOut(
  { id, now, version, settings }: Service,
  webhook: Webhook,
): Promise<z.infer<typeof Tried>> {
  const event = id('evt_test');
  const told = {
    event: 'webhook.test',
    timestamp: new Date(now()).toISOString(),
    data: { message: 'This is a test: nothing has happened.' },
  };
  const message = messageTo(webhook, told, { id: event, attempt: 1, atMs: now(), version });
  const sent = await post(webhook.url, message, { allowPrivate: settings.allow_private_addresses });
  return {
    id: event,
    delivered: sent.ok && sent.code >= 200 && sent.code < 300,
    response_code: sent.ok ? sent.code : null,
    response_excerpt: sent.ok ? sent.excerpt : null,
    error: sent.ok ? null : sent.why,
  };
}
