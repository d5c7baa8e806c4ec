import type { Finding } from '@pxa/contract';
import { z } from 'zod';

/** Something that is wrong and has been told of. */
const Alert = z.object({
  severity: z.enum(['info', 'warning', 'critical']),
  code: z.string(),
  about: z.string(),
  text: z.string(),
  /** When it was last found, in milliseconds since 1970. */
  seenMs: z.number(),
});
type Alert = z.infer<typeof Alert>;

export const Alerts = z.record(z.string(), Alert);
export type Alerts = z.infer<typeof Alerts>;

/** What has not been found for so long is over: what is on the edge is not told of again and again. */
const OVER_MS = 120_000;

/** Something that has begun, or is over. */
export interface Turn {
  readonly key: string;
  readonly state: 'raised' | 'cleared';
  readonly alert: Omit<Alert, 'seenMs'>;
}

/** What is wrong now against what was: what has begun, what is over, and what there is to remember. */
export function turnsOf(
  before: Alerts,
  now: ReadonlyMap<string, Pick<Finding, 'severity' | 'code' | 'about' | 'text'>>,
  nowMs: number,
): { readonly alerts: Alerts; readonly turns: readonly Turn[] } {
  const alerts: Alerts = {};
  const turns: Turn[] = [];
  for (const [key, { severity, code, about, text }] of now) {
    const alert = { severity, code, about, text };
    alerts[key] = { ...alert, seenMs: nowMs };
    if (before[key] === undefined) turns.push({ key, state: 'raised', alert });
  }
  for (const [key, was] of Object.entries(before)) {
    if (now.has(key)) continue;
    if (nowMs - was.seenMs < OVER_MS) alerts[key] = was;
    else
      turns.push({
        key,
        state: 'cleared',
        alert: { severity: 'info', code: was.code, about: was.about, text: was.text },
      });
  }
  return { alerts, turns };
}
