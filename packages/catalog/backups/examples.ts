import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  {
    say: 'did all backups complete successfully this week?',
    means: 'backup-jobs where last_run >= now-604800s give all of failed_runs = 0',
  },
  { say: 'list the backup jobs', means: 'backup-jobs' },
  { say: 'which backup jobs are disabled?', means: 'backup-jobs where enabled = false' },
  { say: 'next run of the backup jobs', means: 'backup-jobs show next_run' },
  {
    say: 'list backup failures of the last week',
    means: 'backup-runs where status = failed and started >= now-604800s',
  },
  {
    say: 'which backups failed last night?',
    means: 'backup-runs where status = failed and started >= midnight-1d+64800s',
  },
  { say: 'show the guests without a backup job', means: 'guests where backed = false and not (template = true)' },
  { say: 'newest backup of guest 104', means: 'backups where guest = qemu/104 by taken desc first 1' },
  {
    say: 'guests without a backup in the past 5 days',
    means: 'guests where not (has backups where (taken >= now-432000s)) and not (template = true)',
  },
  { say: 'total size of the backups', means: 'backups give sum(size) show size' },
  { say: 'how big are the backups of db-primary?', means: 'backups where guest = qemu/103 show size' },
  { say: 'backups on nas older than 30 days', means: 'backups where storage = nas and taken < now-2592000s' },
  { say: 'biggest backup', means: 'backups by size desc first 1' },
  { say: 'how many backups does web-01 have?', means: 'backups where guest = qemu/101 give count' },
  { say: 'protected backups', means: 'backups where protected = true' },
  { say: 'which job backs up nginx-proxy?', means: 'backup-jobs where guest_ids = lxc/201 show selection' },
];
