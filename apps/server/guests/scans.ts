import type { LastScore } from '@pxa/assistant/store';
import type { Service } from '../service.ts';
import { readGuestId } from './ids.ts';

/** What the newest security scans of a guest came to. */
export interface ScanSummary {
  readonly last_security_scan: string;
  /** Of the newest scan for compliance. */
  readonly compliance_score: number | null;
  /** Of the newest scan that looked for them. */
  readonly vulnerabilities: {
    readonly critical: number;
    readonly high: number;
    readonly medium: number;
    readonly low: number;
  } | null;
}

/** The newest scans of each guest that was scanned, by its id as the service names it (`vm-101`). */
export async function scanned(service: Service, ids: readonly string[]): Promise<ReadonlyMap<string, ScanSummary>> {
  const guests = ids.flatMap((id) => readGuestId(service, id) ?? []);
  const found = new Map<string, ScanSummary>();
  for (const [connection, own] of Map.groupBy(guests, (guest) => guest.connection)) {
    const scores = await service.kept.lastScores(
      connection,
      own.map(({ guest }) => guest),
    );
    const byGuest = Map.groupBy(scores, ({ score }) => score.target);
    for (const { guest, text } of own) {
      const summary = summaryOf(byGuest.get(guest) ?? []);
      if (summary !== undefined) found.set(text, summary);
    }
  }
  return found;
}

function summaryOf(scores: readonly LastScore[]): ScanSummary | undefined {
  const newest = scores.toSorted((a, b) => b.completedMs - a.completedMs);
  const [last] = newest;
  if (last === undefined) return undefined;
  const counts = newest.find(({ score }) => score.vulnerabilities !== null)?.score.vulnerabilities;
  const { critical = 0, high = 0, medium = 0, low = 0 } = counts ?? {};
  return {
    last_security_scan: new Date(last.completedMs).toISOString(),
    compliance_score: newest.find(({ type }) => type === 'compliance')?.score.score ?? null,
    vulnerabilities: counts === undefined ? null : { critical, high, medium, low },
  };
}
