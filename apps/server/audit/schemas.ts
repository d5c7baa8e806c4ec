import { AuditRecord } from '@pxa/contract';
import { z } from 'zod';

const some = z.string().min(1).optional();
const time = z.iso.datetime({ offset: true }).optional();

/** Which records: the filters are the fields of a record, and hold all at once. */
const wanted = {
  kind: some,
  who: some,
  door: some,
  cluster: some,
  plan_id: some,
  job_id: some,
  since: time,
  until: time,
};

const whole = z.coerce.number<string>().int();

export const AuditListQuery = z.strictObject({
  ...wanted,
  limit: whole.min(1).max(200).default(50),
  /** The number of the record that a page ended with, as the page before told it. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  format: z.enum(['json', 'jsonl']).default('json'),
});
export type AuditListQuery = z.infer<typeof AuditListQuery>;

/** A page by sequence: how many there are in all, nobody counts. */
export const AuditPage = z.object({
  records: z.array(AuditRecord),
  pagination: z.object({ limit: z.int(), has_next: z.boolean(), next_cursor: z.string().nullable() }),
});

export const Verdict = z.object({
  intact: z.boolean(),
  /** How many records were checked, where all of them are in order. */
  records: z.int().nullable(),
  /** The hash of the last, which stands for all: kept elsewhere, it shows later that nothing before was rewritten. */
  head: z.string().nullable(),
  /** The first record that is not in order, and what is wrong. */
  first_bad: z.int().nullable(),
  problem: z.string().nullable(),
});

export const VerifyQuery = z.strictObject({
  /** A head that was noted earlier. */
  noted: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
