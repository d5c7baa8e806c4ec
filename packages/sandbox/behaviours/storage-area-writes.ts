import type { Behaviours } from '../behaviour.ts';
import { vzdumpWrites } from './vzdump-writes.ts';

/** Every change of backups, of what lies on storages, and of storages themselves. */
export const storageAreaWrites: Behaviours = {
  ...vzdumpWrites,
};
