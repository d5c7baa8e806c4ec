import { z } from 'zod';

const ScanType = z.enum(['compliance', 'vulnerability', 'configuration']);
const Severity = z.enum(['critical', 'high', 'medium', 'low', 'unrated']);
const Counts = z.object({ critical: z.int(), high: z.int(), medium: z.int(), low: z.int(), unrated: z.int() });
export type ScanCounts = z.infer<typeof Counts>;

/** What a rule came to over the targets of a scan. */
export const ScanRule = z.object({
  id: z.string(),
  title: z.string(),
  controls: z.array(z.string()),
  /** Failed where any target fails; passed where all that it was held against pass, and none is unknown. */
  state: z.enum(['failed', 'passed', 'unknown']),
  /** How many targets of each. */
  failed: z.int(),
  passed: z.int(),
  unknown: z.int(),
  /** Why it is unknown of some, each reason once. */
  reasons: z.array(z.string()),
});
export type ScanRule = z.infer<typeof ScanRule>;

/** The score of one target of a scan; the target is a row id of the catalogue (`qemu/101`), or `cluster`. */
export const ScanScore = z.object({
  target: z.string(),
  /** 0 to 100; null where no rule could be judged. */
  score: z.number().nullable(),
  counts: Counts,
  /** The same of vulnerabilities alone; null where the scan did not look for them. */
  vulnerabilities: Counts.nullable(),
  unknown: z.int(),
});
export type ScanScore = z.infer<typeof ScanScore>;

/** What a scan came to as a whole. */
export const ScanResult = z.object({
  score: z.number().nullable(),
  counts: Counts,
  unknown: z.int(),
  targets: z.int(),
});
export type ScanResult = z.infer<typeof ScanResult>;

/** What a scan came to in detail: each rule, and each target. */
export const ScanDetail = z.object({ rules: z.array(ScanRule), scores: z.array(ScanScore) });
export type ScanDetail = z.infer<typeof ScanDetail>;

/** A security scan of one cluster: what was asked for, how it stands, and what it came to. */
export const Scan = z.object({
  id: z.string(),
  type: ScanType,
  connection: z.string(),
  /** Row ids of the catalogue; null stands for everything. */
  targets: z.array(z.string()).nullable(),
  deep_scan: z.boolean(),
  include_dependencies: z.boolean(),
  status: z.enum(['pending', 'running', 'completed', 'failed']),
  requested_by: z.string(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  /** Why it failed. */
  error: z.string().nullable(),
  result: ScanResult.nullable(),
});
export type Scan = z.infer<typeof Scan>;

/** Something that is not as a rule would have it. */
export const ScanFinding = z.object({
  id: z.string(),
  rule: z.string(),
  severity: Severity,
  /** A row id of the catalogue, or `cluster`. */
  target: z.string(),
  /** The row id of the very thing: a token, a rule, a package. */
  about: z.string(),
  title: z.string(),
  /** What was read, and where: `enabled = no (GET /api2/json/…#/data/enable)`. */
  evidence: z.array(z.string()),
  remedy: z.string(),
  /** Whether the remedy can be planned. */
  can_plan: z.boolean(),
  controls: z.array(z.string()),
  cves: z.array(z.string()),
});
export type ScanFinding = z.infer<typeof ScanFinding>;
