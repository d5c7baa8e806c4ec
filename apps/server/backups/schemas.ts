import { z } from 'zod';
import { listQuery } from '../http/pages.ts';

/** An archive as it lies on a storage. */
export const Backup = z.object({
  id: z.string(),
  /** The guest that it was made of, `vm-101` or `ct-200`; null for other backups of a backup server. */
  vm_id: z.string().nullable(),
  vm_name: z.string().nullable(),
  /** The guest is no longer there. */
  orphaned: z.boolean().nullable(),
  backup_type: z.literal('full'),
  taken: z.string().nullable(),
  size_gb: z.number().nullable(),
  storage: z.string(),
  nodes: z.array(z.string()),
  file: z.string(),
  compression: z.enum(['none', 'gzip', 'zstd', 'lzo', 'bzip2']).nullable(),
  encrypted: z.boolean().nullable(),
  verified: z.enum(['ok', 'failed', 'no']).nullable(),
  protected: z.boolean().nullable(),
  description: z.string().nullable(),
});
export type Backup = z.infer<typeof Backup>;

export const BackupListQuery = z.strictObject({
  vm_id: z.string().min(1).optional(),
  storage: z.string().min(1).optional(),
  connection: z.string().min(1).optional(),
  ...listQuery(['taken', 'size_gb', 'vm_id', 'storage'], 'desc'),
});
export type BackupListQuery = z.infer<typeof BackupListQuery>;
