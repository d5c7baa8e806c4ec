import { z } from 'zod';
import { FindingTold } from '../http/findings.ts';
import { listQuery } from '../http/pages.ts';

const amount = z.number().nullable();
const text = z.string().nullable();
const count = z.int().nullable();

/** What a list tells of each node: all of it comes of one call. */
export const NodeSummary = z.object({
  /** As paths name it. */
  id: z.string(),
  name: z.string(),
  connection: z.string(),
  status: z.enum(['online', 'offline', 'unknown']),
  cpu_cores: amount,
  cpu_usage_percent: amount,
  memory_mb: amount,
  memory_used_mb: amount,
  memory_usage_percent: amount,
  root_disk_gb: amount,
  root_disk_used_gb: amount,
  uptime_seconds: z.int().nullable(),
  guests: z.object({ total: count, running: count, vms: count, containers: count }),
  vcpus_allocated: amount,
  memory_allocated_mb: amount,
});
export type NodeSummary = z.infer<typeof NodeSummary>;

const Storage = z.object({
  storage: z.string(),
  type: text,
  status: text,
  shared: z.boolean().nullable(),
  content: z.array(z.string()),
  total_gb: amount,
  used_gb: amount,
  usage_percent: amount,
});

const Disk = z.object({
  device: z.string(),
  model: text,
  serial: text,
  type: text,
  size_gb: amount,
  used_for: text,
  health: text,
  life_left_percent: amount,
});

const Pool = z.object({
  name: z.string(),
  state: text,
  size_gb: amount,
  used_gb: amount,
  fragmentation_percent: amount,
  last_scrub: text,
  errors: text,
});

const Certificate = z.object({
  filename: z.string(),
  subject: text,
  issuer: text,
  expires_at: text,
  days_left: amount,
  fingerprint: text,
});

/** All that is told of one node. */
export const NodeDetails = NodeSummary.extend({
  version: text,
  kernel: text,
  cpu_model: text,
  cpu_sockets: z.int().nullable(),
  load_average: z.array(z.number()).nullable(),
  io_wait_percent: amount,
  swap_mb: amount,
  swap_used_mb: amount,
  timezone: text,
  subscription: text,
  reboot_needed: z.boolean().nullable(),
  boot_mode: text,
  failed_services: z.array(z.string()).nullable(),
  storage: z.array(Storage),
  disks: z.array(Disk),
  zfs_pools: z.array(Pool),
  updates: z.object({
    pending: z.int().nullable(),
    security: z.int().nullable(),
    packages: z.array(z.object({ package: z.string(), version: text, security: z.boolean().nullable() })),
  }),
  certificates: z.array(Certificate),
  findings: z.array(FindingTold),
});
export type NodeDetails = z.infer<typeof NodeDetails>;

export const NodeListQuery = z.strictObject({
  status: z.enum(['online', 'offline']).optional(),
  connection: z.string().min(1).optional(),
  ...listQuery(['name', 'status', 'cpu_usage_percent', 'memory_usage_percent', 'uptime_seconds']),
});
export type NodeListQuery = z.infer<typeof NodeListQuery>;

export const NodeParams = z.object({ node_id: z.string() });
/** What has to be typed, since whatever runs there ends: the name of the node. */
export const ConfirmNode = z.strictObject({ confirm: z.string() });
