import { capability } from '../kit/index.ts';
import { backUp } from './actions.ts';
import { schedule } from './create-job.ts';
import { backups } from './archives.ts';
import { backupRuns } from './backup-runs.ts';
import { examples } from './examples.ts';
import { changeJob, disableJob, enableJob } from './change-job.ts';
import { deleteJob } from './delete-job.ts';
import { deleteArchive, deleteOfGuest } from './delete-archive.ts';
import { backupJobs } from './jobs.ts';
import { protectArchive, unprotectArchive } from './protect-archive.ts';
import { runJob } from './run-job.ts';

export const backupsCapability = capability({
  id: 'backups',
  title: 'Backups',
  datasets: [backups, backupJobs, backupRuns],
  examples,
  actions: [
    backUp,
    schedule,
    changeJob,
    enableJob,
    disableJob,
    deleteJob,
    runJob,
    deleteArchive,
    deleteOfGuest,
    protectArchive,
    unprotectArchive,
  ],
});
