import { z } from 'zod';
import { Person } from './plan.ts';

/** One person's word on a plan. */
export const Decision = z.object({ by: Person, at: z.string(), decision: z.enum(['approved', 'cancelled']) });
export type Decision = z.infer<typeof Decision>;

/**
 * The waiting for a person's word on one plan, and that word. Single use: `used` once its job exists. It is bound to the
 * plan's hash, and ends by itself.
 */
export const Approval = z.object({
  id: z.string(),
  plan_id: z.string(),
  plan_hash: z.string(),
  cluster: z.string(),
  state: z.enum(['pending', 'approved', 'used', 'cancelled', 'expired']),
  /** How many different people must approve, and whether the requester may be one of them. */
  needed: z.int(),
  requester_may: z.boolean(),
  requested_by: Person,
  requested_at: z.string(),
  expires_at: z.string(),
  decisions: z.array(Decision),
});
export type Approval = z.infer<typeof Approval>;

export const JobState = z.enum(['queued', 'running', 'done', 'failed', 'drifted', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

/**
 * Where a step stands. `intended`: about to be sent, or sent with its fate unknown; `waiting`: Proxmox's task runs;
 * `unknown`: it could not be found out whether it was done, which a person must; `skipped`: not begun, and will not be.
 */
export const JobStepState = z.enum([
  'pending',
  'intended',
  'waiting',
  'done',
  'failed',
  'unknown',
  'skipped',
  'undone',
]);
export type JobStepState = z.infer<typeof JobStepState>;

export const JobStep = z.object({
  index: z.int(),
  state: JobStepState,
  upid: z.string().optional(),
  started_at: z.string().optional(),
  ended_at: z.string().optional(),
  /** 1 = 100%, where the task's log tells. */
  progress: z.number().optional(),
  /** How it ended, in words. */
  result: z.string().optional(),
  warnings: z.int().optional(),
  /** How often its call went out: again only where it is proven that nothing had come of it before. */
  sent: z.int().optional(),
  /** While it is taken back: which of its undo calls is meant by `state`, `upid` and `sent`, from 0. */
  undoing: z.int().optional(),
});
export type JobStep = z.infer<typeof JobStep>;

/** What the fresh read after the last step told. */
export const Proof = z.object({
  outcome: z.enum(['verified', 'unverified']),
  at: z.string(),
  /** What differs from what was expected, or could not be read. */
  differs: z.array(z.string()),
});
export type Proof = z.infer<typeof Proof>;

/** An approved plan while, and after, it is carried out. */
export const Job = z.object({
  id: z.string(),
  plan_id: z.string(),
  approval_id: z.string(),
  cluster: z.string(),
  says: z.string(),
  state: JobState,
  steps: z.array(JobStep),
  created_at: z.string(),
  started_at: z.string().optional(),
  ended_at: z.string().optional(),
  /** Asked to stop: the step under way is stopped, no other begins. */
  cancelling: z.boolean(),
  /** How it ended, in words: what was done, what is left as it is. */
  result: z.string().optional(),
  proof: Proof.optional(),
});
export type Job = z.infer<typeof Job>;

/** Something that happened to a job, in order. */
export const JobEvent = z.object({
  job_id: z.string(),
  seq: z.int(),
  at: z.string(),
  kind: z.enum(['queued', 'started', 'taken_over', 'step', 'log', 'cancelling', 'ended']),
  step: z.int().optional(),
  text: z.string(),
});
export type JobEvent = z.infer<typeof JobEvent>;

/** One link of the audit log. `hash` covers everything else of it and the hash before. */
export const AuditRecord = z.object({
  seq: z.int(),
  at: z.string(),
  kind: z.string(),
  who: z.string(),
  door: z.string(),
  cluster: z.string(),
  plan_id: z.string().nullable(),
  job_id: z.string().nullable(),
  /** What happened, with secrets taken out. */
  data: z.record(z.string(), z.unknown()),
  before: z.string(),
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;
