import { z } from 'zod';

export const Environment = z.enum(['production', 'development', 'staging']);
export type Environment = z.infer<typeof Environment>;

export const VmStatus = z.enum(['running', 'stopped', 'paused', 'hibernated', 'unknown']);

/** What a list tells of each VM: all of it comes of one call, however many there are. */
export const VmSummary = z.object({
  id: z.string(),
  name: z.string().nullable(),
  status: VmStatus,
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
export type VmSummary = z.infer<typeof VmSummary>;

/** A flag in a query string: `true` and `false` alone. */
const flag = z.enum(['true', 'false']).transform((said) => said === 'true');
const whole = z.coerce.number<string>().int();

export const VmListQuery = z.strictObject({
  status: z.enum(['running', 'stopped', 'paused']).optional(),
  environment: Environment.optional(),
  template: flag.default(false),
  tag: z.string().min(1).optional(),
  node: z.string().min(1).optional(),
  connection: z.string().min(1).optional(),
  limit: whole.min(1).max(200).default(50),
  offset: whole.min(0).default(0),
  cursor: z.string().min(1).optional(),
  sort: z.enum(['name', 'status', 'id']).default('name'),
  order: z.enum(['asc', 'desc']).default('asc'),
});
export type VmListQuery = z.infer<typeof VmListQuery>;
