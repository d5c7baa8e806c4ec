import type { Delivery, Webhook } from '@pxa/assistant/store';
import { z } from 'zod';
import { EventName } from '../events/types.ts';
import { eventId } from './message.ts';
import { isUsableSecret } from './signing.ts';

const SHORTEST = 16;
const LONGEST = 200;

const Url = z.string().min(1).max(2_000);
const Events = z
  .array(EventName)
  .min(1)
  .transform((types) => [...new Set(types)]);
const Secret = z
  .string()
  .min(SHORTEST)
  .max(LONGEST)
  .refine(isUsableSecret, { error: 'after whsec_ has to come base64 of at least 16 bytes' });
const Description = z.string().max(500);

/** What a webhook is to be; without a secret it is given one. */
export const NewWebhook = z.strictObject({
  url: Url,
  events: Events,
  secret: Secret.optional(),
  active: z.boolean().default(true),
  description: Description.default(''),
});
export type NewWebhook = z.infer<typeof NewWebhook>;

/** What of a webhook is to be otherwise. */
export const WebhookChange = z.strictObject({
  url: Url.optional(),
  events: Events.optional(),
  secret: Secret.optional(),
  active: z.boolean().optional(),
  description: Description.optional(),
});
export type WebhookChange = z.infer<typeof WebhookChange>;

export const NewSecret = z.strictObject({ secret: Secret.optional() });

/** A webhook as it is shown: its secret is shown where it is made, and nowhere else. */
export const WebhookShown = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  active: z.boolean(),
  description: z.string(),
  created_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  /** Until when the secret before signs, too. */
  previous_secret_until: z.string().nullable(),
  /** Since when nothing has reached it. */
  failing_since: z.string().nullable(),
  /** Why the service itself has switched it off. */
  disabled_reason: z.string().nullable(),
});
export const WebhookMade = WebhookShown.extend({ secret: z.string() });

const timeOf = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

export function webhookShown(webhook: Webhook, nowMs: number): z.infer<typeof WebhookShown> {
  const { id, url, events, active, description, created_by, created_at, updated_at, previous } = webhook;
  return {
    id,
    url,
    events: [...events],
    active,
    description,
    created_by,
    created_at,
    updated_at,
    previous_secret_until: previous === undefined || previous.untilMs <= nowMs ? null : timeOf(previous.untilMs),
    failing_since: timeOf(webhook.failingSinceMs),
    disabled_reason: webhook.disabled,
  };
}

/** One event on its way to a webhook. Its id is the event's: the receiver got it as webhook-id. */
export const DeliveryShown = z.object({
  id: z.string(),
  event: z.string(),
  status: z.enum(['pending', 'delivered', 'parked']),
  attempts: z.int(),
  response_code: z.int().nullable(),
  response_excerpt: z.string().nullable(),
  error: z.string().nullable(),
  created_at: z.string(),
  last_attempt_at: z.string().nullable(),
  next_attempt_at: z.string().nullable(),
});

export function deliveryShown(delivery: Delivery): z.infer<typeof DeliveryShown> {
  const { event, state, attempts, code, error, excerpt, nextMs } = delivery;
  return {
    id: eventId(event.seq),
    event: event.type,
    status: state,
    attempts,
    response_code: code,
    response_excerpt: excerpt,
    error,
    created_at: new Date(delivery.madeMs).toISOString(),
    last_attempt_at: timeOf(delivery.triedMs),
    next_attempt_at: state === 'pending' ? timeOf(nextMs) : null,
  };
}

/** What came of a message that was sent to try a webhook out. */
export const Tried = z.object({
  id: z.string(),
  delivered: z.boolean(),
  response_code: z.int().nullable(),
  response_excerpt: z.string().nullable(),
  error: z.string().nullable(),
});
