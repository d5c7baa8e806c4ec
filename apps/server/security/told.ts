import type { Scan, ScanFinding, ScanScore } from '@pxa/contract';
import type { Service } from '../service.ts';
import type { FindingTold, ScanBegun, ScanSummary, TargetTold } from './schemas.ts';
import { targetText } from './targets.ts';

/** A scan that was begun, as the service tells of it; when it may end, scans of its kind before it tell. */
export function begunTold(scan: Scan, before: readonly Scan[]): ScanBegun {
  const { id, type, status, started_at } = scan;
  return { id, type, status, started_at, estimated_completion: estimateOf(scan, before) };
}

/** When a running scan may end: after as long as the newest took that looked at the same; null where there was none. */
function estimateOf(scan: Scan, before: readonly Scan[]): string | null {
  if (scan.status !== 'running' || scan.started_at === null) return null;
  const alike = before.find((each) => each.status === 'completed' && sameOf(each) === sameOf(scan));
  if (alike?.started_at === null || alike?.completed_at === null || alike === undefined) return null;
  const tookMs = Date.parse(alike.completed_at) - Date.parse(alike.started_at);
  return new Date(Date.parse(scan.started_at) + tookMs).toISOString();
}

const sameOf = ({ type, connection, targets, deep_scan: isDeep }: Scan): string =>
  JSON.stringify([type, connection, targets, isDeep]);

export function scanTold(service: Service, scan: Scan, before: readonly Scan[]): ScanSummary {
  const { result, connection } = scan;
  return {
    ...begunTold(scan, before),
    connection,
    targets: scan.targets?.map((row) => targetText(service, connection, row)) ?? null,
    deep_scan: scan.deep_scan,
    include_dependencies: scan.include_dependencies,
    requested_by: scan.requested_by,
    created_at: scan.created_at,
    completed_at: scan.completed_at,
    error: scan.error,
    score: result?.score ?? null,
    summary: result?.counts ?? null,
    unknown_checks: result?.unknown ?? null,
    scanned_targets: result?.targets ?? null,
  };
}

export function findingTold(service: Service, { connection }: Scan, finding: ScanFinding): FindingTold {
  const { id, rule, severity, title, evidence, controls, cves, target, about } = finding;
  return {
    id,
    rule,
    severity,
    target: targetText(service, connection, target),
    about: about === target ? null : about,
    title,
    evidence,
    remedy: { text: finding.remedy, can_be_planned: finding.can_plan },
    controls,
    cves,
  };
}

export function scoreTold(service: Service, { connection }: Scan, told: ScanScore): TargetTold {
  const { target, score, counts, vulnerabilities, unknown } = told;
  return {
    target: targetText(service, connection, target),
    score,
    findings: counts,
    vulnerabilities,
    unknown_checks: unknown,
  };
}
