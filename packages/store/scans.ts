import type { Scan, ScanDetail, ScanFinding, ScanResult, ScanScore } from '@pxa/contract';
import { appendAudit } from './audit-log.ts';
import type { Engine } from './engine.ts';
import { type FindingsWanted, findingsWanted, insertFindings, readScores, writeScores } from './scan-findings.ts';
import type { AuditEntry } from './store.ts';
import type { Trx } from './tables.ts';

/** So many scans are kept; the oldest go when new ones are asked for. */
const MOST_SCANS = 1_000;

/** How a run of a scan ended. */
export type ScanEnd =
  | {
      readonly status: 'completed';
      readonly at: string;
      readonly result: ScanResult;
      /** The gravest first. */
      readonly findings: readonly ScanFinding[];
      readonly detail: ScanDetail;
    }
  | { readonly status: 'failed'; readonly at: string; readonly error: string };

/** The newest score of a target by a type of scan. */
export interface LastScore {
  readonly type: Scan['type'];
  readonly scanId: string;
  readonly completedMs: number;
  readonly score: ScanScore;
}

/** Security scans and what they found. */
export interface ScanStore {
  /** Keeps a scan that is asked for, `pending`. */
  addScan(scan: Scan, audit: AuditEntry): Promise<void>;
  scan(id: string): Promise<Scan | undefined>;
  /** Newest first. */
  scans(): Promise<Scan[]>;
  /** Those that have not ended, oldest first. */
  openScans(): Promise<Scan[]>;
  /** Begins a scan, or begins it again: the number of the run. Undefined where it has ended. */
  startScan(id: string, at: string): Promise<number | undefined>;
  /** Ends a run with all that it found. False where it has ended, or a later run was begun: nothing was written. */
  endScan(id: string, run: number, end: ScanEnd, audit: AuditEntry): Promise<boolean>;
  /** Findings of a scan, by their number from the gravest. */
  scanFindings(
    of: FindingsWanted,
    page: { order: 'asc' | 'desc'; offset: number; limit: number },
  ): Promise<{ number: number; finding: ScanFinding }[]>;
  /** How many there are; with `before`, only those that stand before that number in the order. */
  countFindings(of: FindingsWanted, before?: { order: 'asc' | 'desc'; number: number }): Promise<number>;
  /** What each rule and each target of a scan came to; nothing until it has completed. */
  scanDetail(scanId: string): Promise<ScanDetail>;
  scanFinding(scanId: string, id: string): Promise<ScanFinding | undefined>;
  /** The newest scores of targets, by their row ids: one of each type of scan that looked at them. */
  lastScores(connection: string, targets: readonly string[]): Promise<LastScore[]>;
}

export function sqlScanStore(engine: Engine): ScanStore {
  return {
    addScan: (scan, audit) => engine.write((trx) => insertScan(trx, scan, audit)),
    scan: (id) => engine.read((trx) => readScan(trx, id)),
    scans: () => engine.read((trx) => readScans(trx)),
    openScans: () => engine.read(readOpenScans),
    startScan: (id, at) => engine.write((trx) => startScan(trx, id, at)),
    endScan: (id, run, end, audit) => engine.write((trx) => endScan(trx, { id, run }, end, audit)),
    scanFindings: (of, { order, offset, limit }) =>
      engine.read(async (trx) => {
        const query = findingsWanted(trx, of).select(['n', 'body']).orderBy('n', order).offset(offset).limit(limit);
        return (await query.execute()).map(({ n, body }) => ({ number: n, finding: findingOf(body) }));
      }),
    countFindings: (of, before) =>
      engine.read(async (trx) => {
        const query = findingsWanted(trx, of).select((eb) => eb.fn.countAll<number>().as('count'));
        const within =
          before === undefined ? query : query.where('n', before.order === 'asc' ? '<' : '>', before.number);
        return Number((await within.executeTakeFirstOrThrow()).count);
      }),
    scanFinding: (scanId, id) =>
      engine.read(async (trx) => {
        const number = Number(/^finding_(\d{1,9})$/.exec(id)?.[1] ?? 0);
        const query = findingsWanted(trx, { scanId }).select('body').where('n', '=', number);
        const row = await query.executeTakeFirst();
        return row && findingOf(row.body);
      }),
    scanDetail: (scanId) => engine.read((trx) => readDetail(trx, scanId)),
    lastScores: (connection, targets) => engine.look((db) => readScores(db, connection, targets)),
  };
}

type Asked = Omit<Scan, 'status' | 'started_at' | 'completed_at' | 'error' | 'result'>;

async function insertScan(trx: Trx, scan: Scan, audit: AuditEntry): Promise<void> {
  const { status, started_at, completed_at, error, result, ...asked } = scan;
  const made = await appendAudit(trx, audit);
  const told = result && JSON.stringify(result);
  const rest = { status, run: 0, started_at, completed_at, error, result: told, detail: null };
  await trx
    .insertInto('scans')
    .values({ id: scan.id, made, ...rest, body: JSON.stringify(asked satisfies Asked) })
    .execute();
  const last = await trx
    .selectFrom('scans')
    .select('made')
    .orderBy('made', 'desc')
    .offset(MOST_SCANS)
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return;
  const old = trx.selectFrom('scans').select('id').where('made', '<=', last.made);
  await trx.deleteFrom('scan_findings').where('scan_id', 'in', old).execute();
  await trx.deleteFrom('scans').where('made', '<=', last.made).execute();
}

const COLUMNS = ['status', 'started_at', 'completed_at', 'error', 'result', 'body'] as const;

async function readScan(trx: Trx, id: string): Promise<Scan | undefined> {
  const row = await trx.selectFrom('scans').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row && scanOf(row);
}

async function readScans(trx: Trx): Promise<Scan[]> {
  const rows = await trx.selectFrom('scans').select(COLUMNS).orderBy('made', 'desc').limit(MOST_SCANS).execute();
  return rows.map(scanOf);
}

async function readOpenScans(trx: Trx): Promise<Scan[]> {
  const open = trx.selectFrom('scans').select(COLUMNS).where('status', 'in', ['pending', 'running']);
  return (await open.orderBy('made').execute()).map(scanOf);
}

async function startScan(trx: Trx, id: string, at: string): Promise<number | undefined> {
  const row = await trx
    .updateTable('scans')
    .set((eb) => ({ status: 'running', run: eb('run', '+', 1), started_at: at }))
    .where('id', '=', id)
    .where('status', 'in', ['pending', 'running'])
    .returning('run')
    .executeTakeFirst();
  return row?.run;
}

async function endScan(
  trx: Trx,
  { id, run }: { id: string; run: number },
  end: ScanEnd,
  audit: AuditEntry,
): Promise<boolean> {
  const isWell = end.status === 'completed';
  const row = await trx
    .updateTable('scans')
    .set({
      status: end.status,
      completed_at: end.at,
      error: isWell ? null : end.error,
      result: isWell ? JSON.stringify(end.result) : null,
      detail: isWell ? JSON.stringify(end.detail) : null,
    })
    .where('id', '=', id)
    .where('run', '=', run)
    .where('status', '=', 'running')
    .returning('body')
    .executeTakeFirst();
  if (row === undefined) return false;
  if (isWell) {
    const { connection, type } = JSON.parse(row.body) as Asked; // insertScan wrote it
    await insertFindings(trx, id, end.findings);
    await writeScores(trx, { connection, type, scanId: id, completedMs: Date.parse(end.at) }, end.detail.scores);
  }
  await appendAudit(trx, audit);
  return true;
}

async function readDetail(trx: Trx, scanId: string): Promise<ScanDetail> {
  const row = await trx.selectFrom('scans').select('detail').where('id', '=', scanId).executeTakeFirst();
  const detail = row?.detail ?? null;
  return detail === null ? { rules: [], scores: [] } : (JSON.parse(detail) as ScanDetail); // endScan wrote it
}

const findingOf = (body: string): ScanFinding => JSON.parse(body) as ScanFinding; // insertFindings wrote it

interface Row {
  status: string;
  started_at: string | null;
  completed_at: string | null;
  error: string | null;
  result: string | null;
  body: string;
}

/** Only what is above writes these rows. */
function scanOf({ status, started_at, completed_at, error, result, body }: Row): Scan {
  const asked = JSON.parse(body) as Asked;
  const told = result === null ? null : (JSON.parse(result) as ScanResult);
  return { ...asked, status: status as Scan['status'], started_at, completed_at, error, result: told };
}
