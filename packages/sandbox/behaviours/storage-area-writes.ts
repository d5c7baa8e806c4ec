import type { Behaviours } from '../behaviour.ts';
import { backupJobWrites } from './backup-job-writes.ts';
import { contentWrites } from './content-writes.ts';
import { fileWrites } from './file-writes.ts';
import { replicationWrites } from './replication-writes.ts';
import { storageWrites } from './storage-writes.ts';
import { vzdumpWrites } from './vzdump-writes.ts';

/** Every change of backups, of what lies on storages, and of storages themselves. */
export const storageAreaWrites: Behaviours = {
  ...vzdumpWrites,
  ...contentWrites,
  ...fileWrites,
  ...backupJobWrites,
  ...replicationWrites,
  ...storageWrites,
};
