import { capability } from '../kit/index.ts';
import { backUp, schedule } from './actions.ts';
import { backups } from './archives.ts';
import { backupRuns } from './backup-runs.ts';
import { examples } from './examples.ts';
import { backupJobs } from './jobs.ts';

export const backupsCapability = capability({
  id: 'backups',
  title: 'Backups',
  datasets: [backups, backupJobs, backupRuns],
  examples,
  actions: [backUp, schedule],
});
