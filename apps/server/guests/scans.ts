import type { Service } from '../service.ts';

/** What the newest security scan of a guest came to. */
export interface ScanSummary {
  readonly last_security_scan: string;
  readonly compliance_score: number | null;
  readonly vulnerabilities: {
    readonly critical: number;
    readonly high: number;
    readonly medium: number;
    readonly low: number;
  } | null;
}

/** The newest scan of each guest that was scanned, by its id as the service names it (`vm-101`). None is kept yet. */
export function scanned(_kept: Service['kept'], _ids: readonly string[]): Promise<ReadonlyMap<string, ScanSummary>> {
  return Promise.resolve(new Map());
}
