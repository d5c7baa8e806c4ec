import type { Attempt, DueDelivery } from '@pxa/assistant/store';
import type { Sent } from '../outgoing/post.ts';

const FIRST_RETRY_MS = 5_000;
const GROWTH = 3;
const LONGEST_RETRY_MS = 4 * 3_600_000;
/** Retries spread over this share of their time, so that what failed together does not come back together. */
const SPREAD = 0.2;
/** Who has not been reached for so long is told of. */
const STAYS_MS = 3_600_000;
/** What a receiver answers that wants no more of it. */
const GONE = 410;

/** When to try again after so many attempts: 5 s after the first, three times as long each time, up to four hours. */
function retryMs(attempts: number, chance: number): number {
  const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * GROWTH ** (attempts - 1));
  return attempts <= 1 ? wait : Math.round(wait * (1 - SPREAD / 2 + SPREAD * chance));
}

/**
 * What an attempt means for a delivery and its webhook: only 2xx has arrived. It is tried again until its end, then parked;
 * a receiver that says that it is gone is not told of anything any more. `chance` is in [0, 1).
 */
export function outcomeOf(
  { delivery, webhook, told }: DueDelivery,
  sent: Sent,
  { nowMs, chance }: { readonly nowMs: number; readonly chance: number },
): Attempt {
  const code = sent.ok ? sent.code : null;
  const common = { seq: delivery.event.seq, triedMs: nowMs, code, excerpt: sent.ok ? sent.excerpt : null };
  const entry = auditOf(webhook, nowMs);
  if (code !== null && code >= 200 && code < 300) {
    const audit = told ? [entry('webhook.recovered', {})] : [];
    return { ...common, state: 'delivered', nextMs: 0, error: null, failingSinceMs: null, told: false, audit };
  }
  const error = sent.ok ? refusalOf(sent.code) : sent.why;
  const since = webhook.failingSinceMs ?? nowMs;
  const failed = { ...common, error, failingSinceMs: since };
  if (code === GONE) {
    const disable = 'The receiver answered 410: it wants no more of this.';
    const audit = [entry('webhook.disabled', { why: disable })];
    return { ...failed, state: 'parked', nextMs: 0, told: true, disable, audit };
  }
  const nextMs = nowMs + retryMs(delivery.attempts + 1, chance);
  const isOver = nextMs > delivery.endsMs;
  const tells = !told && (isOver || nowMs - since >= STAYS_MS);
  const audit = tells ? [entry('webhook.failing', { since: new Date(since).toISOString(), error })] : [];
  return { ...failed, state: isOver ? 'parked' : 'pending', nextMs, told: told || tells, audit };
}

function refusalOf(code: number): string {
  return code >= 300 && code < 400
    ? `It answered ${code}: redirects are not followed. Give the webhook the address that it leads to.`
    : `It answered ${code}.`;
}

/** The service's own word in the audit log. */
function auditOf({ id }: { readonly id: string }, nowMs: number) {
  return (kind: string, data: Record<string, unknown>): Attempt['audit'][number] => ({
    at: new Date(nowMs).toISOString(),
    kind,
    who: 'pxa',
    door: 'rest',
    cluster: '',
    plan_id: null,
    job_id: null,
    data: { webhook: id, ...data },
  });
}
