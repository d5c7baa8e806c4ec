import { z } from 'zod';
import { listQuery } from '../http/pages.ts';

const text = z.string().nullable();

export const Task = z.object({
  upid: z.string(),
  /** As paths name it. */
  id: z.string(),
  connection: z.string(),
  node: z.string(),
  type: z.string(),
  /** What it does, in words. */
  description: text,
  /** The guest that it is about, as paths name it. */
  guest: text,
  target: text,
  user: text,
  token: text,
  status: z.enum(['running', 'ok', 'warning', 'failed']),
  exit_status: text,
  started_at: text,
  ended_at: text,
  duration_seconds: z.number().nullable(),
});
export type Task = z.infer<typeof Task>;

const time = z.iso.datetime({ offset: true });

export const TaskListQuery = z.strictObject({
  guest: z.string().min(1).optional(),
  node: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  type: z.string().min(1).optional(),
  status: Task.shape.status.optional(),
  since: time.optional(),
  until: time.optional(),
  connection: z.string().min(1).optional(),
  ...listQuery(['started_at', 'duration_seconds'], 'desc'),
});
export type TaskListQuery = z.infer<typeof TaskListQuery>;

export const TaskParams = z.object({ upid: z.string() });
export const LogLine = z.object({ line: z.int(), text: z.string() });

/** How many lines of a log, the last ones. */
export const LogQuery = z.strictObject({ lines: z.coerce.number<string>().int().min(0).max(50_000).default(5_000) });
