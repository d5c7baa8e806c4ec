import type { ServiceEvent, Webhook } from '@pxa/assistant/store';
import { signedHeaders } from './signing.ts';

/** What is told of an event, apart from to whom. */
export interface Told {
  readonly event: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function toldOf({ type, atMs, data }: Pick<ServiceEvent, 'type' | 'atMs' | 'data'>): Told {
  return { event: type, timestamp: new Date(atMs).toISOString(), data };
}

/** An event's id: the same at each attempt, so that a receiver can drop what it has had before. */
export const eventId = (seq: number): string => `evt_${seq}`;

/** The body and headers of one attempt to tell a webhook of something. `atMs` is now. */
export function messageTo(
  webhook: Pick<Webhook, 'id' | 'secret' | 'previous'>,
  told: Told,
  of: { readonly id: string; readonly attempt: number; readonly atMs: number; readonly version: string },
): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify({ ...told, webhook: { id: webhook.id, attempt: of.attempt } });
  const { previous } = webhook;
  const isOverlapping = previous !== undefined && previous.untilMs > of.atMs;
  const secrets = isOverlapping ? [webhook.secret, previous.secret] : [webhook.secret];
  const signed = signedHeaders({ id: of.id, atMs: of.atMs, body }, secrets);
  return { headers: { 'content-type': 'application/json', 'user-agent': `pxa/${of.version}`, ...signed }, body };
}
