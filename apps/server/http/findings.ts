import type { Finding } from '@pxa/contract';
import { z } from 'zod';

/** Something that the cluster's keeper should know. */
export const FindingTold = z.object({
  severity: z.enum(['info', 'warning', 'critical']),
  about: z.string(),
  code: z.string(),
  text: z.string(),
  next_step: z.string().nullable(),
});

/** Findings as the service tells them: without the places of calls that its answer does not list. */
export function findingsTold(findings: readonly Finding[]): z.infer<typeof FindingTold>[] {
  return findings.map(({ severity, about, code, text, next_step: next }) => ({
    severity,
    about,
    code,
    text,
    next_step: next ?? null,
  }));
}
