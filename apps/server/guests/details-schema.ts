import { z } from 'zod';
import { FindingTold } from '../http/findings.ts';
import { Environment } from './environment.ts';
import { GuestStatus } from './schemas.ts';

const Disk = z.object({
  disk_id: z.string(),
  size_gb: z.number().nullable(),
  type: z.enum(['ssd', 'disk']),
  storage: z.string(),
  encrypted: z.boolean().nullable(),
  mount_point: z.string().nullable(),
});

const Interface = z.object({
  interface: z.string(),
  mac_address: z.string().nullable(),
  bridge: z.string().nullable(),
  ip_address: z.string().nullable(),
  subnet: z.string().nullable(),
  gateway: z.string().nullable(),
  vlan_id: z.int().nullable(),
});

const count = z.int().nullable();

/** All that is told of one guest. What the cluster cannot tell is null, and `meta.unavailable` says why. */
export const GuestDetails = z.object({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  status: GuestStatus,
  environment: Environment.nullable(),
  node: z.string(),
  template: z.boolean(),
  os_type: z.string().nullable(),
  tags: z.array(z.string()),
  configuration: z.object({
    cpu_cores: z.number().nullable(),
    cpu_sockets: z.int().nullable(),
    memory_mb: z.number().nullable(),
    storage: z.array(Disk),
    network: z.array(Interface),
  }),
  performance: z.object({
    cpu_usage_percent: z.number().nullable(),
    memory_usage_percent: z.number().nullable(),
    disk_usage_percent: z.number().nullable(),
    network_rx_mbps: z.number().nullable(),
    network_tx_mbps: z.number().nullable(),
    uptime_seconds: z.int().nullable(),
  }),
  security: z.object({
    encrypted: z.boolean().nullable(),
    firewall_enabled: z.boolean().nullable(),
    ssh_key_auth: z.boolean().nullable(),
    protection: z.boolean().nullable(),
    last_security_scan: z.string().nullable(),
    compliance_score: z.number().nullable(),
    vulnerabilities: z.object({ critical: count, high: count, medium: count, low: count }).nullable(),
  }),
  backup: z.object({
    enabled: z.boolean().nullable(),
    schedule: z.string().nullable(),
    retention_days: z.int().nullable(),
    last_backup: z.string().nullable(),
    backup_size_gb: z.number().nullable(),
  }),
  findings: z.array(FindingTold),
  created_at: z.string().nullable(),
  updated_at: z.string().nullable(),
});
export type GuestDetails = z.infer<typeof GuestDetails>;
