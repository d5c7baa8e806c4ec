import type { NewEvent } from '../events.ts';
import type { Seal } from '../seal.ts';
import type { Webhook } from '../webhooks.ts';
import { at, NOW_MS } from './samples.ts';

/** Turns a text round: enough to tell what was sealed from what was not. */
export const turning: Seal = {
  seal: (text) => [...text].reverse().join(''),
  open: (sealed) => [...sealed].reverse().join(''),
};

export function webhookOf(id: string, more: Partial<Webhook> = {}): Webhook {
  return {
    id,
    url: `https://example.com/${id}?key=abc`,
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    active: true,
    events: ['vm.created'],
    description: '',
    created_by: 'anna',
    created_at: at(0),
    updated_at: at(0),
    revision: 1,
    disabled: null,
    failingSinceMs: null,
    ...more,
  };
}

export function newEvent(key: string, more: Partial<NewEvent> = {}): NewEvent {
  return { key, type: 'vm.created', atMs: NOW_MS, connection: 'home', data: { vm: { id: key } }, ...more };
}
