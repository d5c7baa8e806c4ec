import { z } from 'zod';
import type { Fields } from '../changes/refusal.ts';
import { given } from '../changes/given.ts';

const kept = z.int().min(1).max(10_000).optional();

/** Which backups of each guest are kept: all of them, or so many of each kind. */
export const Retention = z
  .strictObject({
    keep_all: z.literal(true).optional(),
    keep_last: kept,
    keep_hourly: kept,
    keep_daily: kept,
    keep_weekly: kept,
    keep_monthly: kept,
    keep_yearly: kept,
  })
  .refine((rule) => Object.keys(rule).length > 0, 'says nothing of what is to be kept');
export type Retention = z.infer<typeof Retention>;

/** The fields that give the inputs of a rule. */
export const RETENTION_FIELDS = {
  keepAll: 'retention.keep_all',
  keepLast: 'retention.keep_last',
  keepHourly: 'retention.keep_hourly',
  keepDaily: 'retention.keep_daily',
  keepWeekly: 'retention.keep_weekly',
  keepMonthly: 'retention.keep_monthly',
  keepYearly: 'retention.keep_yearly',
} satisfies Fields;

/** A rule as actions are told it. */
export const retentionInputs = (rule: Retention | undefined): Record<string, unknown> =>
  given({
    keepAll: rule?.keep_all,
    keepLast: rule?.keep_last,
    keepHourly: rule?.keep_hourly,
    keepDaily: rule?.keep_daily,
    keepWeekly: rule?.keep_weekly,
    keepMonthly: rule?.keep_monthly,
    keepYearly: rule?.keep_yearly,
  });
