import { z } from 'zod';
import { listQuery } from '../../http/pages.ts';
import { Retention } from '../retention.ts';

/** A backup that the cluster makes by itself, again and again. */
export const BackupJob = z.object({
  id: z.string(),
  /** As people read it, in the time of the cluster. */
  schedule: z.string().nullable(),
  storage: z.string().nullable(),
  enabled: z.boolean().nullable(),
  next_run: z.string().nullable(),
  mode: z.string().nullable(),
  /** What it takes, in words: `all but 105`, `pool production`, `101, 102`. */
  selection: z.string().nullable(),
  /** The guests that it takes now. */
  vm_ids: z.array(z.string()).nullable(),
  pool: z.string().nullable(),
  node: z.string().nullable(),
  compression: z.string().nullable(),
  /** `keep-daily=7,keep-weekly=4`; null where the storage's own rule holds. */
  retention: z.string().nullable(),
  comment: z.string().nullable(),
});
export type BackupJob = z.infer<typeof BackupJob>;

/** With how it went, which takes a look at the tasks of the nodes. */
export const BackupJobDetails = BackupJob.extend({
  last_run: z.string().nullable(),
  last_status: z.string().nullable(),
  failed_runs: z.int().nullable(),
});
export type BackupJobDetails = z.infer<typeof BackupJobDetails>;

export const BackupJobListQuery = z.strictObject({
  storage: z.string().min(1).optional(),
  vm_id: z.string().min(1).optional(),
  connection: z.string().min(1).optional(),
  ...listQuery(['id', 'storage', 'next_run']),
});

/** A calendar event of Proxmox (`02:30`, `sun 01:00`, `mon..fri 22:00`), or the five fields of cron. */
const schedule = z
  .string()
  .regex(/^[\w*.,:/ -]{1,128}$/, 'is written as “02:30”, “sun 01:00” or in the five fields of cron');
const storage = z.string().regex(/^[A-Za-z][\w.-]{0,99}$/, 'is no name of a storage');
const mode = z.enum(['snapshot', 'suspend', 'stop']);
const comment = z
  .string()
  .max(512)
  .regex(/^\P{Cc}*$/u, 'holds a control character');
const guests = z.array(z.string().min(1)).min(1).max(1_000);

export const NewBackupJob = z.strictObject({
  schedule,
  storage,
  vm_ids: guests.optional(),
  pool: z
    .string()
    .regex(/^[\w./-]{1,100}$/, 'is no name of a pool')
    .optional(),
  /** Every guest, those that are made later as well. */
  all: z.literal(true).optional(),
  mode: mode.optional(),
  retention: Retention.optional(),
  comment: comment.optional(),
  connection: z.string().min(1).optional(),
});
export type NewBackupJob = z.infer<typeof NewBackupJob>;

export const ChangedBackupJob = z
  .strictObject({
    schedule: schedule.optional(),
    storage: storage.optional(),
    mode: mode.optional(),
    retention: Retention.optional(),
    comment: comment.min(1).optional(),
    enabled: z.boolean().optional(),
    /** Of a job that names its guests: all that it is to take. */
    vm_ids: guests.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change');
export type ChangedBackupJob = z.infer<typeof ChangedBackupJob>;
