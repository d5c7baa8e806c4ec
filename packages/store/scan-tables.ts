import type { ColumnType } from 'kysely';

/** Written once. */
type Kept<T> = ColumnType<T, T, never>;

/** Security scans, what they found, and the newest scores of each target. */
export interface ScanTables {
  scans: ScansTable;
  scan_findings: ScanFindingsTable;
  scan_scores: ScanScoresTable;
}

interface ScansTable {
  id: Kept<string>;
  made: Kept<number>;
  status: string;
  /** Goes up with each start: what an earlier run hands in late is refused. */
  run: number;
  started_at: string | null;
  completed_at: string | null;
  error: string | null;
  /** JSON of what it came to. */
  result: string | null;
  /** JSON of what each rule and each target came to: long, and read by itself. */
  detail: string | null;
  /** JSON of what was asked for. */
  body: Kept<string>;
}

interface ScanFindingsTable {
  scan_id: Kept<string>;
  /** The gravest is 1. */
  n: Kept<number>;
  severity: Kept<string>;
  target: Kept<string>;
  rule: Kept<string>;
  body: Kept<string>;
}

interface ScanScoresTable {
  connection: Kept<string>;
  target: Kept<string>;
  type: Kept<string>;
  scan_id: string;
  completed_ms: number;
  body: string;
}
