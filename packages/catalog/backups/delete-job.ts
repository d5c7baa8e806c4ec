import { action, anyNode, call, piece, type Planned } from '../kit/index.ts';
import { jobWords } from './change-job.ts';
import { jobFact, jobNow, jobTitle, selectionText } from './job-now.ts';

export const deleteJob = action({
  id: 'backup_job.delete',
  verb: 'delete backup job',
  risk: 'destructive',
  on: { dataset: 'backup-jobs' },
  say: [`(delete|remove|drop|get rid of) ${jobWords} {on}`],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const job = await jobNow(planning, target);
    const node = await anyNode(planning);
    const says = `Delete ${jobTitle(job)}`;
    const step = call('DELETE', '/cluster/backup/{id}', { id: job.id }, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node,
          limitSeconds: 60,
          relies: [jobFact(job.id, 'id', job.id)],
          expects: [jobFact(job.id, 'id', null)],
        },
      ],
      warnings: [`${selectionText(job)} are not backed up by it any more; the backups that it made stay.`],
      loses: [`${jobTitle(job)}: ${selectionText(job)} to ${job.storage ?? '?'} at ${job.schedule}`],
      changes: [{ about: jobTitle(job), key: 'job', before: `${selectionText(job)}, ${job.schedule}`, after: null }],
      confirm: job.id,
    });
  },
  examples: [
    { say: 'delete backup job backup-03', sends: ['DELETE /cluster/backup/backup-03'] },
    { say: 'delete backup job backup-77', sends: 'clarification' },
    { say: 'remove backup job backup-01', sends: ['DELETE /cluster/backup/backup-01'] },
  ],
});
