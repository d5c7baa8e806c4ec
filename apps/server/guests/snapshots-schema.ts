import { z } from 'zod';

export const NewSnapshot = z.strictObject({
  /** Made of the time where it is left out. */
  name: z.string().min(1).max(100).optional(),
  description: z.string().max(1_000).optional(),
  /** Also what a VM has in its memory. */
  include_memory: z.boolean().default(false),
});

export const Restore = z.strictObject({
  /** It is started afterwards. */
  start: z.boolean().default(false),
});

export const Snapshot = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  created_at: z.string().nullable(),
  include_memory: z.boolean().nullable(),
  parent: z.string().nullable(),
  /** Whether the guest goes on from this one. */
  current: z.boolean().nullable(),
  size_gb: z.number().nullable(),
});
export type Snapshot = z.infer<typeof Snapshot>;

export const SnapshotList = z.object({ snapshots: z.array(Snapshot), current: z.string().nullable() });

/** A snapshot that is being taken. */
export const Taken = z.object({ id: z.string(), name: z.string(), status: z.enum(['creating', 'pending_approval']) });
