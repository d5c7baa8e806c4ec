import type { Behaviours } from '../behaviour.ts';
import { contentWrites } from './content-writes.ts';
import { fileWrites } from './file-writes.ts';
import { vzdumpWrites } from './vzdump-writes.ts';

/** Every change of backups, of what lies on storages, and of storages themselves. */
export const storageAreaWrites: Behaviours = {
  ...vzdumpWrites,
  ...contentWrites,
  ...fileWrites,
};
