import type { Job, JobEvent, PlanRecord } from '@pxa/contract';
import { z } from 'zod';

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

/** The types that the document names; others are called after what they do. */
const TYPES: Readonly<Record<string, string>> = {
  'vm.create': 'vm_creation',
  'vm.from_template': 'vm_creation',
  'guest.delete': 'vm_deletion',
};

/** A job as the service tells of it. */
export function jobSummary(job: Job, record: PlanRecord | undefined): JobSummary {
  const seconds = record?.plan.rehearsal?.seconds;
  const isOpen = job.state === 'queued' || job.state === 'running';
  const begunMs = Date.parse(job.started_at ?? job.created_at);
  const action = record?.action ?? '';
  return {
    id: job.id,
    type: TYPES[action] ?? action.replace(/\./g, '_'),
    status: statusOf(job),
    progress: progressOf(job),
    message: job.says,
    created_at: job.created_at,
    started_at: job.started_at ?? null,
    completed_at: job.ended_at ?? null,
    estimated_completion:
      isOpen && typeof seconds === 'number' ? new Date(begunMs + seconds * 1_000).toISOString() : null,
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

export function logOf({ at, text, kind }: JobEvent): z.infer<typeof Log> {
  return { timestamp: at, level: kind === 'ended' && text.startsWith('Failed') ? 'error' : 'info', message: text };
}
