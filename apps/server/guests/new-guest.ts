import { z } from 'zod';
import { Environment } from './environment.ts';

/** How a guest is connected; of what is left out, the template's is kept, or the first of the node taken. */
export const Network = z.strictObject({
  vlan_id: z.int().min(1).max(4_094).optional(),
  /** `10.0.20.5/24`, `dhcp`, or an address alone, whose prefix and gateway are those of its network. */
  static_ip: z.string().min(1).max(64).optional(),
  gateway: z.string().min(1).max(64).optional(),
  bridge: z.string().min(1).max(15).optional(),
});

/** How large a guest is. `cpu_cores` are all that it sees. */
const sizes = {
  cpu_cores: z.int().min(1).max(8_192).optional(),
  memory_mb: z.int().min(1).max(67_108_864).optional(),
  storage_gb: z.number().positive().max(1_048_576).optional(),
};
const vmSizes = { ...sizes, cpu_sockets: z.int().min(1).max(4).optional() };

const place = {
  network: Network.optional(),
  node: z.string().min(1).max(63).optional(),
  storage: z.string().min(1).max(100).optional(),
  start: z.boolean().optional(),
};

export const SshKeys = z.array(z.string().min(1).max(16_384)).max(100);
export const Tags = z.array(z.string().min(1).max(100)).max(100);

const Security = z.strictObject({
  /** Its disks lie on storage that the settings of the service declare to be encrypted. */
  encrypt_disk: z.boolean().optional(),
  enable_firewall: z.boolean().optional(),
  ssh_keys: SshKeys.optional(),
  protection: z.boolean().optional(),
});

const Backup = z.strictObject({
  enabled: z.boolean(),
  /** daily, weekly, monthly, a calendar event of Proxmox (`sun 03:00`), or the five fields of cron. */
  schedule: z.string().min(1).max(100).optional(),
  retention_days: z.int().min(1).max(36_500).optional(),
});

const common = {
  name: z.string().min(1).max(253),
  description: z.string().max(8_192).optional(),
  environment: Environment.optional(),
  connection: z.string().min(1).max(100).optional(),
  security: Security.optional(),
  tags: Tags.optional(),
  backup: Backup.optional(),
};

/** What is asked for of a new VM. Its size may also stand at the top, as small clients send it. */
export const NewVm = z.strictObject({
  ...common,
  ...vmSizes,
  /** A template by name or id, the system that one is called after, or a cloud image by its volume id. */
  template: z.string().min(1).max(300).optional(),
  /** Without a template: the ISO image to install from. */
  iso: z.string().min(1).max(300).optional(),
  configuration: z.strictObject({ ...vmSizes, ...place }).optional(),
});

/** The same of a new container, with what only containers have. */
export const NewContainer = z.strictObject({
  ...common,
  ...sizes,
  /** An archive by its name or volume id, the system that it is of, or a template container by name or id. */
  template: z.string().min(1).max(300),
  /** Of root. */
  password: z.string().min(5).max(72).optional(),
  privileged: z.boolean().optional(),
  nesting: z.boolean().optional(),
  configuration: z.strictObject({ ...sizes, ...place }).optional(),
});

export type NewGuest = z.infer<typeof NewVm> &
  Pick<z.infer<typeof NewContainer>, 'password' | 'privileged' | 'nesting'>;
