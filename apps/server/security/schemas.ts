import { z } from 'zod';
import { listQuery } from '../http/pages.ts';

const ScanType = z.enum(['compliance', 'vulnerability', 'configuration']);
const ScanStatus = z.enum(['pending', 'running', 'completed', 'failed']);
const Severity = z.enum(['critical', 'high', 'medium', 'low', 'unrated']);

export const NewScan = z.strictObject({
  scan_type: ScanType,
  /** Ids of guests (`vm-101`, `ct-200`), names of nodes, `cluster`; everything where left out. */
  targets: z.array(z.string().min(1).max(200)).min(1).max(1_000).optional(),
  scan_options: z
    .strictObject({
      /** Reads the changelogs of pending updates for the CVE ids that they fix. */
      deep_scan: z.boolean().default(false),
      /** Takes along what the targets stand on: their nodes, and the cluster. */
      include_dependencies: z.boolean().default(false),
    })
    .optional(),
  /** The cluster, where the targets do not name one. */
  connection: z.string().min(1).optional(),
});
export type NewScan = z.infer<typeof NewScan>;

/** A scan that was begun. */
export const ScanBegun = z.object({
  id: z.string(),
  type: ScanType,
  status: ScanStatus,
  started_at: z.string().nullable(),
  estimated_completion: z.string().nullable(),
});
export type ScanBegun = z.infer<typeof ScanBegun>;

const count = z.int();
const Counts = z.object({ critical: count, high: count, medium: count, low: count, unrated: count });

export const ScanSummary = ScanBegun.extend({
  connection: z.string(),
  targets: z.array(z.string()).nullable(),
  deep_scan: z.boolean(),
  include_dependencies: z.boolean(),
  requested_by: z.string(),
  created_at: z.string(),
  completed_at: z.string().nullable(),
  error: z.string().nullable(),
  /** 0 to 100; null until it has ended, and where no rule could be judged. */
  score: z.number().nullable(),
  /** How many findings of each severity; null until it has ended. */
  summary: Counts.nullable(),
  /** How many checks could not be made. */
  unknown_checks: count.nullable(),
  scanned_targets: count.nullable(),
});
export type ScanSummary = z.infer<typeof ScanSummary>;

const RuleTold = z.object({
  id: z.string(),
  title: z.string(),
  controls: z.array(z.string()),
  state: z.enum(['failed', 'passed', 'unknown']),
  failed: count,
  passed: count,
  unknown: count,
  reasons: z.array(z.string()),
});

export const ScanDetails = ScanSummary.extend({ rules: z.array(RuleTold) });

export const FindingTold = z.object({
  id: z.string(),
  rule: z.string(),
  severity: Severity,
  target: z.string(),
  /** The very thing, where that is not the target: a token, a rule of a firewall, a package. */
  about: z.string().nullable(),
  title: z.string(),
  evidence: z.array(z.string()),
  remedy: z.object({ text: z.string(), can_be_planned: z.boolean() }),
  controls: z.array(z.string()),
  cves: z.array(z.string()),
});
export type FindingTold = z.infer<typeof FindingTold>;

export const TargetTold = z.object({
  target: z.string(),
  score: z.number().nullable(),
  findings: Counts,
  vulnerabilities: Counts.nullable(),
  unknown_checks: count,
});
export type TargetTold = z.infer<typeof TargetTold>;

export const ScanListQuery = z.strictObject({
  type: ScanType.optional(),
  status: ScanStatus.optional(),
  connection: z.string().min(1).optional(),
  ...listQuery(['created_at', 'score', 'type', 'status'], 'desc'),
});

/** Findings stand from the gravest to the mildest. */
export const FindingsQuery = z.strictObject({
  severity: Severity.optional(),
  target: z.string().min(1).optional(),
  rule: z.string().min(1).optional(),
  ...listQuery(['severity']),
});

export const TargetsQuery = z.strictObject({ ...listQuery(['score', 'target']) });

export const ScanParams = z.object({ scan_id: z.string() });
export const FindingParams = ScanParams.extend({ finding_id: z.string() });
