import type { AuditRecord } from '@pxa/contract';
import { auditHash } from './audit.ts';
import { canonicalJson } from './canonical.ts';
import { maskSecrets } from './secrets.ts';
import type { AuditEntry, AuditHead } from './store.ts';
import type { Looking, Trx } from './tables.ts';

/**
 * Writes the next record of the chain, and gives its number. The head's row is taken first, so that several processes
 * that write at once wait for each other here; a transaction takes it last of all its rows.
 */
export async function appendAudit(trx: Trx, entry: AuditEntry): Promise<number> {
  const head = await trx
    .updateTable('audit_head')
    .set((eb) => ({ count: eb('count', '+', 1) }))
    .returning(['count', 'hash'])
    .executeTakeFirstOrThrow();
  const { at, kind, who, door, cluster, plan_id, job_id } = entry;
  // through JSON once, so that what is hashed is what will be read
  const data = maskSecrets(JSON.parse(JSON.stringify(entry.data))) as AuditRecord['data']; // an object stays one
  const record = { seq: head.count, at, kind, who, door, cluster, plan_id, job_id, data, before: head.hash };
  const hash = auditHash(record);
  await trx
    .insertInto('audit')
    .values({ seq: record.seq, hash, body: canonicalJson(record) })
    .execute();
  await trx.updateTable('audit_head').set({ hash }).execute();
  return record.seq;
}

/** At most `limit` records after `after`, in their order. */
export async function readAudit(db: Looking, after: number, limit: number): Promise<AuditRecord[]> {
  const rows = await db.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(limit).execute();
  return rows.map(({ seq, hash, body }) => ({ ...recordOf(seq, body), hash }));
}

/** What was written; where it cannot even be read any more, a record that no hash fits. */
export function recordOf(seq: number, body: string): AuditRecord {
  try {
    return JSON.parse(body) as AuditRecord; // only appendAudit writes it, and an edit shows in the hash
  } catch {
    const nothing = {
      at: '',
      who: '',
      door: '',
      cluster: '',
      plan_id: null,
      job_id: null,
      data: {},
      before: '',
      hash: '',
    };
    return { seq, kind: 'unreadable', ...nothing };
  }
}

/** How many records were written, and the hash of the last. */
export function readAuditHead(db: Looking): Promise<AuditHead> {
  return db.selectFrom('audit_head').select(['count', 'hash']).executeTakeFirstOrThrow();
}
