import { capability } from '../kit/index.ts';
import { backupRuns } from './backup-runs.ts';
import { examples } from './examples.ts';

export const backupsCapability = capability({ id: 'backups', title: 'Backups', datasets: [backupRuns], examples });
