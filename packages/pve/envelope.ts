import type { Answer } from './transport/exchange.ts';
import { asNumber, asObject } from './values.ts';
import type { Refusal } from './problem-of-answer.ts';

/** What an HTTP answer holds: data, a refusal by Proxmox, or something that Proxmox does not say. */
export type Content =
  | { readonly kind: 'data'; readonly data: unknown; readonly total?: number; readonly extra?: Record<string, unknown> }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'foreign'; readonly why: string };

/**
 * Opens Proxmox's envelope: `{"data":…}` with keys beside it on success (`total`, `changes`), status, reason phrase and
 * `{"data":null,"message":…,"errors":…}` otherwise, an empty body where the login stage or a proxy refused
 * (pve-http-server Formatter/Standard.pm, AnyEvent.pm).
 */
export function openEnvelope(answer: Answer): Content {
  const { status, headers } = answer;
  const type = headers['content-type'] ?? '';
  if (status >= 300 && status < 400) return foreign(`it redirects (${status}), which Proxmox VE's API never does`);
  if (/html/i.test(type)) return foreign(`it answers ${status} with a web page`);
  const body = asObject(parse(answer.body));
  if (status >= 200 && status < 300) return body === null ? withoutEnvelope(answer, type) : successOf(status, body);
  if (body !== null && !('data' in body)) return foreign(`its answer ${status} is JSON of another kind`);
  return { kind: 'refusal', refusal: refusalOf(answer, body) };
}

/** A download (a task's log with `download=1`) is its text alone, which only Proxmox's own server may send so. */
function withoutEnvelope({ status, headers, body }: Answer, type: string): Content {
  const isProxmox = String(headers.server).startsWith('pve-api-daemon/') && !/json/i.test(type) && body !== '';
  if (isProxmox) return { kind: 'data', data: body };
  return foreign(`it answers ${status} with ${type === '' ? 'no content type' : type}, not with JSON`);
}

function successOf(status: number, body: Record<string, unknown>): Content {
  if (!('data' in body)) return foreign(`its answer ${status} is JSON of another kind`);
  const { data, total, ...extra } = body;
  const count = asNumber(total);
  return {
    kind: 'data',
    data,
    ...(count === null ? {} : { total: count }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

function refusalOf({ status, reason, body: text }: Answer, body: Record<string, unknown> | null): Refusal {
  const message = body?.['message'];
  const plain = body === null ? text.trim() : '';
  const said = typeof message === 'string' && message.trim() !== '' ? message : plain === '' ? reason : plain;
  const errors = asObject(body?.['errors']);
  if (errors === null) return { status, text: said };
  return { status, text: said, errors: Object.fromEntries(Object.entries(errors).map(([k, v]) => [k, String(v)])) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function foreign(why: string): Content {
  return { kind: 'foreign', why };
}

/** The server's clock in seconds since 1970, from its Date header; undefined where it sends none. */
export function serverTimeOf({ headers }: Answer): number | undefined {
  const ms = Date.parse(headers.date ?? '');
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
