import type { Scan, ScanFinding, ScanScore } from '@pxa/contract';
import { parts } from './parts.ts';
import type { LastScore } from './scans.ts';
import type { Looking, Trx } from './tables.ts';

/** Which findings of a scan are asked for. */
export interface FindingsWanted {
  readonly scanId: string;
  readonly severity?: ScanFinding['severity'] | undefined;
  readonly target?: string | undefined;
  readonly rule?: string | undefined;
}

export function findingsWanted(trx: Trx, { scanId, severity, target, rule }: FindingsWanted) {
  let query = trx.selectFrom('scan_findings').where('scan_id', '=', scanId);
  if (severity !== undefined) query = query.where('severity', '=', severity);
  if (target !== undefined) query = query.where('target', '=', target);
  if (rule !== undefined) query = query.where('rule', '=', rule);
  return query;
}

/** Keeps findings in their order; each is numbered by its place. */
export async function insertFindings(trx: Trx, scanId: string, findings: readonly ScanFinding[]): Promise<void> {
  const rows = findings.map((finding, index) => {
    const { severity, target, rule } = finding;
    const n = index + 1;
    return { scan_id: scanId, n, severity, target, rule, body: JSON.stringify({ ...finding, id: `finding_${n}` }) };
  });
  for (const part of parts(rows)) await trx.insertInto('scan_findings').values(part).execute();
}

/** Keeps the scores that a scan gave its targets in place of those of the scan of that type before. */
export async function writeScores(
  trx: Trx,
  of: { connection: string; type: Scan['type']; scanId: string; completedMs: number },
  scores: readonly ScanScore[],
): Promise<void> {
  const { connection, type, scanId: scan_id, completedMs: completed_ms } = of;
  const rows = scores.map((score) => ({
    connection,
    target: score.target,
    type,
    scan_id,
    completed_ms,
    body: JSON.stringify(score),
  }));
  for (const part of parts(rows)) {
    await trx
      .insertInto('scan_scores')
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['connection', 'target', 'type']).doUpdateSet((eb) => ({
          scan_id: eb.ref('excluded.scan_id'),
          completed_ms: eb.ref('excluded.completed_ms'),
          body: eb.ref('excluded.body'),
        })),
      )
      .execute();
  }
}

export async function readScores(db: Looking, connection: string, targets: readonly string[]): Promise<LastScore[]> {
  const found: LastScore[] = [];
  for (const part of parts(targets)) {
    const rows = await db
      .selectFrom('scan_scores')
      .selectAll()
      .where('connection', '=', connection)
      .where('target', 'in', part)
      .execute();
    for (const { type, scan_id: scanId, completed_ms: completedMs, body } of rows) {
      // Only writeScores writes these rows.
      const score = JSON.parse(body) as ScanScore;
      found.push({ type: type as Scan['type'], scanId, completedMs, score });
    }
  }
  return found;
}
