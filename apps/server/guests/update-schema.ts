import { z } from 'zod';
import { Environment } from './environment.ts';
import { Network, SshKeys, Tags } from './new-guest.ts';

const sizes = {
  /** All that it sees, over its sockets. */
  cpu_cores: z.int().min(1).max(8_192).optional(),
  memory_mb: z.int().min(1).max(67_108_864).optional(),
  /** Of the disk that it starts from, which can only grow. */
  storage_gb: z.number().positive().max(1_048_576).optional(),
  network: Network.optional(),
};

const common = {
  name: z.string().min(1).max(253).optional(),
  description: z.string().max(8_192).optional(),
  environment: Environment.optional(),
  tags: Tags.optional(),
};

const security = { protection: z.boolean().optional(), enable_firewall: z.boolean().optional() };

/** What is to be another way of a VM; what is left out stays. */
export const ChangedVm = z.strictObject({
  ...common,
  configuration: z.strictObject({ ...sizes, cpu_sockets: z.int().min(1).max(4).optional() }).optional(),
  security: z.strictObject({ ...security, ssh_keys: SshKeys.optional() }).optional(),
});

/** The same of a container; keys are given to it when it is made, and never after that. */
export const ChangedContainer = z.strictObject({
  ...common,
  configuration: z.strictObject(sizes).optional(),
  security: z.strictObject(security).optional(),
});

export type ChangedGuest = z.infer<typeof ChangedVm>;
