import { createHash } from 'node:crypto';
import type { AuditRecord } from '@pxa/contract';
import { canonicalJson } from './canonical.ts';
import type { AuditHead, Store } from './store.ts';

/** What stands in `before` of the first record. */
export const FIRST_BEFORE = '0'.repeat(64);

/**
 * What came of checking the log: how many records, and the hash of the last, which stands for all of them; or `what` is
 * wrong, for a person, with the first record where it is not whole. Without `seq` the log is whole, and another one.
 */
export type AuditVerdict = { ok: true; count: number; head: string } | { ok: false; seq?: number; what: string };

/** The hash of a record: SHA-256, in hexadecimal, of the canonical JSON of all its fields but `hash`. */
export function auditHash(record: Omit<AuditRecord, 'hash'>): string {
  return createHash('sha256')
    .update(canonicalJson({ ...record, hash: undefined }))
    .digest('hex');
}

/**
 * Whether records, from the first on, make one whole chain: finds any that was edited, removed, moved or put in. A log
 * that was cut off at its end makes a whole chain too: that shows only against `head`, what the store says that there is.
 */
export async function verifyAudit(
  records: Iterable<AuditRecord> | AsyncIterable<AuditRecord>,
  head?: AuditHead,
): Promise<AuditVerdict> {
  let last: AuditHead = { count: 0, hash: FIRST_BEFORE };
  for await (const record of records) {
    const what = flawOf(record, last) ?? (head && record.seq === head.count ? otherThanHead(record, head) : undefined);
    if (what !== undefined) return { ok: false, seq: last.count + 1, what };
    last = { count: record.seq, hash: record.hash };
  }
  if (head !== undefined && last.count < head.count) {
    const what = `The log ends with record ${last.count}, but ${head.count} were written: the end was removed.`;
    return { ok: false, seq: last.count + 1, what };
  }
  return { ok: true, count: last.count, head: last.hash };
}

/**
 * Checks the whole log of a store, its end too, while others may be writing to it. Whoever can write to the store can
 * write all of it anew: that shows only against `noted`, a head that was kept elsewhere. @throws StoreFailed
 */
export async function verifyAuditLog(
  store: Pick<Store, 'auditLog' | 'auditHead'>,
  noted = FIRST_BEFORE,
): Promise<AuditVerdict> {
  const before = await store.auditHead();
  const watched = new Watched(auditRecords(store), noted);
  const verdict = await verifyAudit(watched.records(), before);
  if (!verdict.ok) return verdict;
  if (!watched.isSeen) {
    const what = `None of the ${verdict.count} records has the hash ${noted}: since that was noted, the log was written anew, or put back to an older state.`;
    return { ok: false, what };
  }
  const after = await store.auditHead();
  if (verdict.count <= after.count) return verdict;
  const what = `The log holds ${verdict.count} records, but only ${after.count} were written: records were put in at its end.`;
  return { ok: false, seq: after.count + 1, what };
}

/** Records on their way, watched for one. The hash before the first is in every log. */
class Watched {
  isSeen: boolean;
  readonly #records: AsyncIterable<AuditRecord>;
  readonly #hash: string;

  constructor(records: AsyncIterable<AuditRecord>, hash: string) {
    this.#records = records;
    this.#hash = hash;
    this.isSeen = hash === FIRST_BEFORE;
  }

  async *records(): AsyncGenerator<AuditRecord> {
    for await (const record of this.#records) {
      this.isSeen ||= record.hash === this.#hash;
      yield record;
    }
  }
}

const PAGE = 1000;

/** Every record of the log, in its order, page by page. @throws StoreFailed */
export async function* auditRecords(store: Pick<Store, 'auditLog'>, after = 0): AsyncGenerator<AuditRecord> {
  let last = after;
  for (;;) {
    const page = await store.auditLog(last, PAGE);
    yield* page;
    const next = page.at(-1)?.seq ?? last;
    // nothing more, or numbers that were tampered with
    if (next <= last) return;
    last = next;
  }
}

function flawOf(record: AuditRecord, last: AuditHead): string | undefined {
  const expected = last.count + 1;
  if (record.seq !== expected) {
    return record.seq > expected
      ? `Record ${expected} is missing: after ${last.count} comes ${record.seq}.`
      : `Record ${record.seq} stands where ${expected} should: it was moved, or put in.`;
  }
  if (record.before !== last.hash) {
    return `Record ${record.seq} does not follow from the one before it: one of both was replaced, moved or put in.`;
  }
  return auditHash(record) === record.hash
    ? undefined
    : `Record ${record.seq} was edited: its hash is not that of its fields.`;
}

function otherThanHead(record: AuditRecord, head: AuditHead): string | undefined {
  return record.hash === head.hash
    ? undefined
    : `Record ${record.seq} is not the one that was written last: the log was written anew.`;
}
