import type { JobsWanted, ListedJob } from '@pxa/assistant/store';
import type { Job, JobEvent, JobState } from '@pxa/contract';
import { z } from 'zod';
import { listQuery } from '../http/pages.ts';
import { jobTypeOf } from './types.ts';

const JobStatus = z.enum([
  'pending',
  'running',
  'completed',
  'failed',
  'cancelled',
  'pending_approval',
  'drifted',
  'unverified',
]);
type JobStatus = z.infer<typeof JobStatus>;

const Log = z.object({ timestamp: z.string(), level: z.enum(['info', 'error']), message: z.string() });

export const JobSummary = z.object({
  id: z.string(),
  type: z.string(),
  /** The plan that it carries out, as approvals name it. */
  approval_id: z.string(),
  cluster: z.string(),
  status: JobStatus,
  /** 0 to 100. */
  progress: z.int(),
  message: z.string(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  estimated_completion: z.string().nullable(),
  result: z.string().nullable(),
});
export type JobSummary = z.infer<typeof JobSummary>;

export const JobDetails = JobSummary.extend({ logs: z.array(Log) });

/** A job as the service tells of it. */
export function jobSummary({ job, action, seconds }: ListedJob): JobSummary {
  const isOpen = job.state === 'queued' || job.state === 'running';
  const begunMs = Date.parse(job.started_at ?? job.created_at);
  return {
    id: job.id,
    type: jobTypeOf(action ?? 'unknown'),
    approval_id: job.plan_id,
    cluster: job.cluster,
    status: statusOf(job),
    progress: progressOf(job),
    message: job.says,
    created_at: job.created_at,
    started_at: job.started_at ?? null,
    completed_at: job.ended_at ?? null,
    estimated_completion: isOpen && seconds !== null ? new Date(begunMs + seconds * 1_000).toISOString() : null,
    result: job.result ?? null,
  };
}

function statusOf({ state, proof }: Job): JobStatus {
  switch (state) {
    case 'queued':
      return 'pending';
    case 'done':
      return proof?.outcome === 'unverified' ? 'unverified' : 'completed';
    default:
      return state;
  }
}

/** What share of its steps is done; of those under way, what their tasks' logs tell. */
function progressOf({ state, steps }: Job): number {
  if (state === 'done') return 100;
  const sum = steps.reduce((total, step) => total + (step.state === 'done' ? 1 : (step.progress ?? 0)), 0);
  return steps.length === 0 ? 0 : Math.min(99, Math.floor((sum / steps.length) * 100));
}

/** A line of a job's log; how it ended is told as an error where it was one. */
export function logOf({ state }: Job, { at, text, kind }: JobEvent): z.infer<typeof Log> {
  const isError = kind === 'ended' && (state === 'failed' || state === 'drifted');
  return { timestamp: at, level: isError ? 'error' : 'info', message: text };
}

export const JobListQuery = z.strictObject({
  status: JobStatus.exclude(['pending_approval']).optional(),
  type: z.string().min(1).optional(),
  /** As jobs name theirs. */
  cluster: z.string().min(1).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  ...listQuery(['created_at'], 'desc'),
});

/** The states in the store of what is asked for by status. */
export function statesOf(status: Exclude<JobStatus, 'pending_approval'> | undefined): JobsWanted {
  if (status === undefined) return {};
  const done: readonly JobState[] = ['done'];
  switch (status) {
    case 'pending':
      return { states: ['queued'] };
    case 'completed':
      return { states: done, isVerified: true };
    case 'unverified':
      return { states: done, isVerified: false };
    default:
      return { states: [status] };
  }
}
