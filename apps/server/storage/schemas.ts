import { z } from 'zod';
import { listQuery } from '../http/pages.ts';

const StorageStatus = z.enum(['available', 'degraded', 'unavailable', 'disabled']);

const size = z.number().nullable();

const Place = z.object({
  node: z.string(),
  status: z.enum(['available', 'unavailable']),
  total_gb: size,
  used_gb: size,
  available_gb: size,
});
export type Place = z.infer<typeof Place>;

const Configuration = z.object({
  path: z.string().nullable(),
  server: z.string().nullable(),
  export: z.string().nullable(),
  share: z.string().nullable(),
  pool: z.string().nullable(),
  volume_group: z.string().nullable(),
  thin_pool: z.string().nullable(),
  datastore: z.string().nullable(),
  namespace: z.string().nullable(),
  username: z.string().nullable(),
  fingerprint: z.string().nullable(),
  retention: z.string().nullable(),
  /** The nodes that it is limited to; none: all of them. */
  limited_to: z.array(z.string()),
});

/** A storage of the cluster. Where nodes do not share it, each has one of its own, and the sizes here are their sum. */
export const Storage = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  status: StorageStatus,
  enabled: z.boolean(),
  shared: z.boolean(),
  encrypted: z.boolean().nullable(),
  content: z.array(z.string()),
  total_gb: size,
  used_gb: size,
  available_gb: size,
  usage_percent: z.number().nullable(),
  nodes: z.array(Place),
  configuration: Configuration,
});
export type Storage = z.infer<typeof Storage>;

export const StorageListQuery = z.strictObject({
  type: z.string().min(1).optional(),
  content: z.string().min(1).optional(),
  node: z.string().min(1).optional(),
  connection: z.string().min(1).optional(),
  ...listQuery(['name', 'type', 'status', 'total_gb', 'used_gb', 'available_gb', 'usage_percent']),
});
export type StorageListQuery = z.infer<typeof StorageListQuery>;
