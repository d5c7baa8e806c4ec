import { z } from 'zod';
import { listQuery } from '../http/pages.ts';
import { Environment } from './environment.ts';

export const GuestStatus = z.enum(['running', 'stopped', 'paused', 'hibernated', 'unknown']);

/** The state of a guest as the cluster tells it; what has no name here is unknown. */
export const KnownStatus = GuestStatus.catch('unknown');

/** What a list tells of each guest: all of it comes of one call, however many there are. */
export const GuestSummary = z.object({
  id: z.string(),
  name: z.string().nullable(),
  status: GuestStatus,
  environment: Environment.nullable(),
  node: z.string(),
  cpu_cores: z.number().nullable(),
  memory_mb: z.number().nullable(),
  storage_gb: z.number().nullable(),
  ip_address: z.string().nullable(),
  os_type: z.string().nullable(),
  created_at: z.string().nullable(),
  updated_at: z.string().nullable(),
  tags: z.array(z.string()),
  security: z.object({
    encrypted: z.boolean().nullable(),
    firewall_enabled: z.boolean().nullable(),
    last_security_scan: z.string().nullable(),
    compliance_score: z.number().nullable(),
  }),
});
export type GuestSummary = z.infer<typeof GuestSummary>;

/** A flag in a query string: `true` and `false` alone. */
export const flag = z.enum(['true', 'false']).transform((said) => said === 'true');

export const GuestListQuery = z.strictObject({
  status: z.enum(['running', 'stopped', 'paused']).optional(),
  environment: Environment.optional(),
  template: flag.default(false),
  tag: z.string().min(1).optional(),
  node: z.string().min(1).optional(),
  connection: z.string().min(1).optional(),
  ...listQuery(['name', 'status', 'id', 'created_at']),
});
export type GuestListQuery = z.infer<typeof GuestListQuery>;
