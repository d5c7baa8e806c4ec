import type { AuditRecord } from '@pxa/contract';
import { sql } from 'kysely';
import { recordOf } from './audit-log.ts';
import type { Engine } from './engine.ts';
import type { Trx } from './tables.ts';

/** Which records of the audit log; what is left out is not looked at. */
export interface AuditWanted {
  readonly kind?: string | undefined;
  readonly who?: string | undefined;
  readonly door?: string | undefined;
  readonly cluster?: string | undefined;
  readonly plan_id?: string | undefined;
  readonly job_id?: string | undefined;
  /** ISO 8601. Records are written in the order of their time, and found by it. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface AuditPageOf {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** What comes after this number, in the order that was asked for. */
  readonly after?: number | undefined;
}

export interface AuditPages {
  /** The log a page at a time: fewer than were asked for means that there are no more. */
  auditPage(wanted: AuditWanted, page: AuditPageOf): Promise<AuditRecord[]>;
}

export function sqlAuditPages(engine: Engine): AuditPages {
  return { auditPage: (wanted, page) => engine.read((trx) => readAuditPage(trx, wanted, page)) };
}

const TEXTS = ['kind', 'who', 'door', 'cluster', 'plan_id', 'job_id'] as const;

async function readAuditPage(trx: Trx, wanted: AuditWanted, page: AuditPageOf): Promise<AuditRecord[]> {
  const { order, limit } = page;
  const fits = (record: AuditRecord): boolean =>
    TEXTS.every((key) => wanted[key] === undefined || record[key] === wanted[key]);
  const range = await rangeOf(trx, wanted);
  const found: AuditRecord[] = [];
  for (let after = page.after; found.length < limit;) {
    const rows = await likely(trx, wanted, { range, order, after, limit: limit - found.length });
    found.push(...rows.map(({ seq, hash, body }) => ({ ...recordOf(seq, body), hash })).filter(fits));
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.seq;
  }
  return found;
}

interface Range {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Records whose text holds what is wanted, somewhere: whether it stands in the right place, its reader tells. */
async function likely(
  trx: Trx,
  wanted: AuditWanted,
  { range, order, after, limit }: { range: Range; order: 'asc' | 'desc'; after: number | undefined; limit: number },
): Promise<{ seq: number; hash: string; body: string }[]> {
  let query = trx.selectFrom('audit').selectAll().orderBy('seq', order).limit(limit);
  if (after !== undefined) query = query.where('seq', order === 'asc' ? '>' : '<', after);
  if (range.from !== undefined) query = query.where('seq', '>=', range.from);
  if (range.to !== undefined) query = query.where('seq', '<', range.to);
  for (const key of TEXTS) {
    const value = wanted[key];
    if (value === undefined) continue;
    const pattern = `%${escaped(`"${key}":${JSON.stringify(value)}`)}%`;
    query = query.where(sql<boolean>`body like ${pattern} escape '!'`);
  }
  return query.execute();
}

const escaped = (text: string): string => text.replace(/[!%_]/g, '!$&');

async function rangeOf(trx: Trx, { since, until }: AuditWanted): Promise<Range> {
  return {
    from: since === undefined ? undefined : await firstAt(trx, Date.parse(since)),
    to: until === undefined ? undefined : await firstAt(trx, Date.parse(until) + 1),
  };
}

/** The number of the first record that is not older than a time; one more than there are, where all are. */
async function firstAt(trx: Trx, ms: number): Promise<number> {
  const { count } = await trx.selectFrom('audit_head').select('count').executeTakeFirstOrThrow();
  let [low, high] = [1, count + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = await trx.selectFrom('audit').select('body').where('seq', '=', middle).executeTakeFirst();
    // One that is missing or unreadable tells nothing: it does not end the search, and the chain's check finds it.
    const at = row === undefined ? Number.NaN : Date.parse(recordOf(middle, row.body).at);
    if (at >= ms) high = middle;
    else low = middle + 1;
  }
  return low;
}
