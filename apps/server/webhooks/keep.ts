import type { Webhook } from '@pxa/assistant/store';
import { z } from 'zod';
import { type Caller, personOf } from '../auth/caller.ts';
import { EventName, mayBeTold } from '../events/types.ts';
import { notAcceptable, notFound, Problem } from '../http/problem.ts';
import { checkUrl } from '../outgoing/url.ts';
import type { Service } from '../service.ts';
import type { NewWebhook, WebhookChange } from './schemas.ts';
import { newWebhookSecret } from './signing.ts';

/** More would make every event slow to write. */
const MOST_WEBHOOKS = 100;
/** How long the secret before goes on signing after it was changed. */
const OVERLAP_MS = 86_400_000;
/** Somebody else may change it in the same moment. */
const MOST_TRIES = 5;

type Entry = Parameters<Service['kept']['addWebhook']>[2];

/** Keeps a new webhook. @throws Problem 409 where there are too many, 422 for an address that is not gone to */
export async function makeWebhook(service: Service, caller: Caller, wanted: NewWebhook): Promise<Webhook> {
  const { kept, id, now, random } = service;
  goable(service, wanted.url);
  const at = new Date(now()).toISOString();
  const webhook: Webhook = {
    id: id('webhook'),
    url: wanted.url,
    secret: wanted.secret ?? newWebhookSecret(random),
    active: wanted.active,
    events: wanted.events,
    description: wanted.description,
    created_by: caller.name,
    created_at: at,
    updated_at: at,
    revision: 1,
    disabled: null,
    failingSinceMs: null,
  };
  if (await kept.addWebhook(webhook, MOST_WEBHOOKS, entryOf('webhook.created', caller, at, webhook))) return webhook;
  const message = `There are ${MOST_WEBHOOKS} webhooks already, which is the most. Delete one that is not needed.`;
  throw new Problem(409, 'RESOURCE_LIMIT_EXCEEDED', message, { reason: 'too_many_webhooks' });
}

/** Changes what is named of a webhook. @throws Problem 404, 409, 422 */
export function changeWebhook(service: Service, caller: Caller, id: string, change: WebhookChange): Promise<Webhook> {
  if (change.url !== undefined) goable(service, change.url);
  return altered(service, caller, { id, kind: 'webhook.updated' }, (before) => {
    const { url = before.url, events = before.events, active = before.active } = change;
    const { description = before.description, secret } = change;
    const { previous, ...plain } = before;
    const keys = secret === undefined ? { ...(previous && { previous }) } : { secret };
    return { ...plain, url, events, active, description, ...keys, disabled: active ? null : before.disabled };
  });
}

/** Gives a webhook a new secret; the one before signs beside it for a day. @throws Problem 404, 409 */
export function rotateSecret(
  service: Service,
  caller: Caller,
  id: string,
  given: string | undefined,
): Promise<Webhook> {
  return altered(service, caller, { id, kind: 'webhook.secret_rotated' }, (before) => {
    const secret = given ?? newWebhookSecret(service.random);
    return { ...before, secret, previous: { secret: before.secret, untilMs: service.now() + OVERLAP_MS } };
  });
}

/**
 * Who says where a webhook leads, or gets its secret, has what it is told: they must be allowed to read all of that.
 * @throws Problem 403, 404
 */
export async function mayHave(service: Service, caller: Caller, id: string): Promise<void> {
  const { events } = await knownWebhook(service, id);
  mayBeTold(caller, z.array(EventName).parse(events));
}

/** @throws Problem 404 */
export async function removeWebhook({ kept, now }: Service, caller: Caller, id: string): Promise<void> {
  const webhook = await knownWebhook({ kept }, id);
  const at = new Date(now()).toISOString();
  if (!(await kept.deleteWebhook(id, entryOf('webhook.deleted', caller, at, webhook)))) throw notFound('webhook', id);
}

/** @throws Problem 404 */
export async function knownWebhook({ kept }: Pick<Service, 'kept'>, id: string): Promise<Webhook> {
  const webhook = await kept.webhook(id);
  if (webhook === undefined) throw notFound('webhook', id);
  return webhook;
}

async function altered(
  { kept, now }: Service,
  caller: Caller,
  { id, kind }: { readonly id: string; readonly kind: string },
  change: (before: Webhook) => Webhook,
): Promise<Webhook> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await knownWebhook({ kept }, id);
    const at = new Date(now()).toISOString();
    const after = { ...change(before), updated_at: at, revision: before.revision + 1 };
    if (await kept.replaceWebhook(before, after, entryOf(kind, caller, at, after))) return after;
  }
  const message = `Webhook ${id} was changed by somebody else in the same moment. Look at it, and try again.`;
  throw new Problem(409, 'RESOURCE_CONFLICT', message, { reason: 'changed_meanwhile' });
}

/** @throws Problem 422 for an address that is not gone to */
function goable({ settings }: Service, url: string): void {
  const checked = checkUrl(url, { allowPrivate: settings.allow_private_addresses });
  if (checked.ok) return;
  throw notAcceptable(checked.says, { field: 'url', reason: checked.reason, provided_value: url });
}

/** What the audit log keeps: the rest of an address may hold a secret. */
function entryOf(kind: string, caller: Caller, at: string, { id, url, events, active }: Webhook): Entry {
  const { name: who, door } = personOf(caller);
  const { host } = new URL(url);
  return { at, kind, who, door, cluster: '', plan_id: null, job_id: null, data: { webhook: id, host, events, active } };
}
