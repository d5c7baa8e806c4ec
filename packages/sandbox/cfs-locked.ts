import { PveError } from './behaviour.ts';

/** PVE::Cluster::cfs_lock_file: a plain `die` inside tells of the lock, an exception with a status stays as it is. */
export function cfsLocked<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PveError) || error.status !== 500 || error.errors) throw error;
    throw new PveError(500, `error during cfs-locked 'file-${file}' operation: ${error.message}`);
  }
}
