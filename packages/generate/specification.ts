import { z } from 'zod';

/**
 * What is to be built, said in no tool's language. Words, an existing guest and, one day, a language model come to
 * one of these; the writers of Terraform, Ansible and cloud-init start from one. It holds no secrets.
 */

/** Text from outside as files can hold it: HCL reads all text in Unicode's composed form. */
const text = (most: number): z.ZodType<string> =>
  z
    .string()
    .max(most)
    .transform((said) => said.toWellFormed().normalize('NFC'));

/** What Proxmox takes as a name: a DNS label, or several with dots. */
const Name = z.string().regex(/^[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i);
/** What Proxmox, users and packages are called; nothing that a shell or a path gives a meaning to. */
const Word = z.string().regex(/^[\w][\w.+-]{0,99}$/);
/** Ports and ranges of them, as Proxmox writes them: `80,8000:8080`. */
const Port = z
  .string()
  .regex(/^\d{1,5}(:\d{1,5})?(,\d{1,5}(:\d{1,5})?)*$/, 'is no list of ports')
  .refine(arePorts, { error: 'a port is at most 65535, and a range goes up' });

function arePorts(said: string): boolean {
  return said.split(',').every((part) => {
    const [from = 0, to = from] = part.split(':').map(Number);
    return from <= to && to <= 65_535;
  });
}

/** The systems that there are images of, and those that come from an ISO or are there already. */
export const OPERATING_SYSTEMS = [
  'ubuntu-24.04',
  'ubuntu-22.04',
  'debian-13',
  'debian-12',
  'rocky-9',
  'almalinux-9',
  'windows-2025',
  'windows-2022',
  'windows-11',
] as const;
export const OperatingSystem = z.enum(OPERATING_SYSTEMS);
export type OperatingSystem = z.infer<typeof OperatingSystem>;

/** What can be asked of a guest beside what it runs; environments and frameworks bring some of them. */
export const DEMANDS = [
  'ssh.keys_only',
  'updates.automatic',
  'audit.on',
  'time.synchronised',
  'firewall.drop',
  'backup.daily',
  'protection.on',
] as const;

const Source = z.discriminatedUnion('from', [
  /** A cloud image (VM) or a template of the distribution (container). */
  z.strictObject({ from: z.literal('image'), os: OperatingSystem }),
  /** A template of the cluster. */
  z.strictObject({ from: z.literal('template'), vmid: z.int().min(100).max(999_999_999) }),
  /** A guest that is there already. */
  z.strictObject({ from: z.literal('existing'), node: Word, vmid: z.int().min(100).max(999_999_999) }),
]);
export type Source = z.infer<typeof Source>;

export const Disk = z.strictObject({
  /** `scsi0`; of a container `rootfs` or `mp0`. */
  slot: z.string().regex(/^(scsi|virtio|sata|ide|mp)\d{1,3}$|^rootfs$/),
  size_gb: z.int().min(1).max(131_072),
  storage: Word.nullable(),
  /** Where a container mounts it. */
  path: text(1_000).nullable().default(null),
  /** Proxmox's own name of the volume, where there is one already. */
  volume: text(200).nullable().default(null),
  ssd: z.boolean().default(false),
  discard: z.boolean().default(false),
  iothread: z.boolean().default(false),
  backup: z.boolean().default(true),
  replicate: z.boolean().default(true),
  read_only: z.boolean().default(false),
  cache: z.enum(['none', 'writethrough', 'writeback', 'unsafe', 'directsync']).default('none'),
  aio: z.enum(['io_uring', 'native', 'threads']).default('io_uring'),
  format: z.enum(['raw', 'qcow2', 'vmdk']).nullable().default(null),
});
export type Disk = z.infer<typeof Disk>;

export const Nic = z.strictObject({
  /** Of a container: `eth0`. */
  name: Word.nullable().default(null),
  bridge: Word.default('vmbr0'),
  vlan: z.int().min(1).max(4094).nullable().default(null),
  model: Word.default('virtio'),
  mac: z
    .string()
    .regex(/^([\dA-F]{2}:){5}[\dA-F]{2}$/)
    .nullable()
    .default(null),
  firewall: z.boolean().default(true),
  mtu: z.int().min(1).max(65_520).nullable().default(null),
  /** Megabytes a second. */
  rate: z.number().positive().nullable().default(null),
  /** Null: not configured from outside. */
  ipv4: z
    .union([z.literal('dhcp'), z.cidrv4()])
    .nullable()
    .default(null),
  gateway: z.ipv4().nullable().default(null),
  ipv6: z
    .union([z.literal('dhcp'), z.literal('auto'), z.cidrv6()])
    .nullable()
    .default(null),
  gateway6: z.ipv6().nullable().default(null),
});
export type Nic = z.infer<typeof Nic>;

export const FirewallRule = z.strictObject({
  direction: z.enum(['in', 'out']),
  action: z.enum(['ACCEPT', 'DROP', 'REJECT']),
  protocol: z.enum(['tcp', 'udp', 'icmp']).nullable(),
  ports: Port.nullable(),
  source: text(500).nullable().default(null),
  dest: text(500).nullable().default(null),
  macro: Word.nullable().default(null),
  enabled: z.boolean().default(true),
  comment: text(500).default(''),
});
export type FirewallRule = z.infer<typeof FirewallRule>;

export const Firewall = z.strictObject({
  enabled: z.boolean(),
  input: z.enum(['ACCEPT', 'DROP', 'REJECT']),
  output: z.enum(['ACCEPT', 'DROP', 'REJECT']),
  rules: z.array(FirewallRule).max(1_000),
});
export type Firewall = z.infer<typeof Firewall>;

/** What an existing guest has that words do not ask for; null as Proxmox decides. */
export const Hardware = z.strictObject({
  bios: z.enum(['seabios', 'ovmf']).nullable().default(null),
  machine: text(100).nullable().default(null),
  scsi: Word.nullable().default(null),
  os_type: Word.nullable().default(null),
  vga: Word.nullable().default(null),
  keyboard: Word.nullable().default(null),
  /** Of a container: how its console is reached. */
  console: z
    .strictObject({ enabled: z.boolean(), ttys: z.int().min(0).max(6), mode: z.enum(['tty', 'console', 'shell']) })
    .nullable()
    .default(null),
  serial: z.boolean().default(false),
  boot_order: z.array(Word).max(32).default([]),
  efi: z
    .strictObject({ storage: Word.nullable(), keys: z.boolean(), size: z.enum(['2m', '4m']) })
    .nullable()
    .default(null),
  tpm: z
    .strictObject({ storage: Word.nullable(), version: z.enum(['v1.2', 'v2.0']) })
    .nullable()
    .default(null),
  tablet: z.boolean().default(true),
  numa: z.boolean().default(false),
  /** The agent frees what a disk no longer uses after it was moved or cloned. */
  agent_trim: z.boolean().default(false),
  /** The drive that Proxmox's own cloud-init data is on, where it is there already. */
  cloud_drive: z.strictObject({ slot: Word, storage: Word }).nullable().default(null),
  /** Settings of Proxmox's of which not all is said here: they are to stay as they are. */
  kept: z.array(Word).max(500).default([]),
  /** Devices of the node that are passed through. */
  pci: z
    .array(
      z.strictObject({
        slot: Word,
        id: text(100).nullable(),
        mapping: Word.nullable(),
        mdev: text(100).nullable(),
        pcie: z.boolean(),
        rombar: z.boolean(),
        xvga: z.boolean(),
      }),
    )
    .max(16)
    .default([]),
  cdrom: z
    .strictObject({ slot: Word, file: text(500) })
    .nullable()
    .default(null),
  /** In which order it starts and stops with its node; delays in seconds. */
  startup: z
    .strictObject({ order: z.int().nullable(), up: z.int().nullable(), down: z.int().nullable() })
    .nullable()
    .default(null),
});
export type Hardware = z.infer<typeof Hardware>;

/** A change to the inside of a guest, and why it is made. */
const File = z.strictObject({
  path: z.string().regex(/^\/[\w./-]+$/),
  content: text(20_000),
  mode: z
    .string()
    .regex(/^0[0-7]{3}$/)
    .default('0644'),
  why: text(300),
});

export const Setup = z.strictObject({
  packages: z.array(Word).max(100).default([]),
  services: z.array(Word).max(50).default([]),
  files: z.array(File).max(50).default([]),
  /** Each as a list, so that no shell reads it. */
  commands: z
    .array(z.array(text(1_000)).min(1).max(50))
    .max(50)
    .default([]),
});
export type Setup = z.infer<typeof Setup>;

const User = z.strictObject({
  name: z.string().regex(/^[a-z_][a-z\d_-]{0,31}$/),
  sudo: z.boolean().default(true),
});

export const Guest = z.strictObject({
  kind: z.enum(['vm', 'container']),
  name: Name,
  description: text(8_192).default(''),
  vmid: z.int().min(100).max(999_999_999).nullable().default(null),
  /** Null: whoever runs the code says it. */
  node: Word.nullable().default(null),
  source: Source,
  cores: z.int().min(1).max(512),
  sockets: z.int().min(1).max(8).default(1),
  cpu_type: text(200).nullable().default(null),
  memory_mb: z.int().min(16).max(16_777_216),
  balloon_mb: z.int().min(0).nullable().default(null),
  swap_mb: z.int().min(0).nullable().default(null),
  /** A container has up to 256 mount points (pve-container, PVE::LXC::Config). */
  disks: z.array(Disk).max(300),
  nics: z.array(Nic).max(32),
  dns: z
    .strictObject({ servers: z.array(z.union([z.ipv4(), z.ipv6()])).max(4), domain: Name.nullable() })
    .nullable()
    .default(null),
  firewall: Firewall.nullable().default(null),
  users: z.array(User).max(50).default([]),
  ssh_keys: z.array(text(2_000)).max(500).default([]),
  password_login: z.boolean().default(false),
  /** The names of what it is to run, of the table of software. */
  software: z.array(Word).max(50).default([]),
  setup: Setup.default({ packages: [], services: [], files: [], commands: [] }),
  tls: z
    .strictObject({ from: z.enum(['letsencrypt', 'self_signed']), domain: Name })
    .nullable()
    .default(null),
  backups: z
    .strictObject({ schedule: text(100), keep: z.int().min(1).max(3_650) })
    .nullable()
    .default(null),
  tags: z.array(Word).max(200).default([]),
  environment: z.enum(['production', 'staging', 'development']).nullable().default(null),
  protection: z.boolean().default(false),
  on_boot: z.boolean().default(true),
  started: z.boolean().default(true),
  template: z.boolean().default(false),
  agent: z.boolean().default(true),
  ha: z
    .strictObject({
      state: z.enum(['started', 'stopped', 'disabled', 'ignored']),
      max_restart: z.int().min(0).max(10).nullable().default(null),
      max_relocate: z.int().min(0).max(10).nullable().default(null),
    })
    .nullable()
    .default(null),
  demands: z.array(z.enum(DEMANDS)).default([]),
  unprivileged: z.boolean().default(true),
  nesting: z.boolean().default(false),
  hardware: Hardware.default(Hardware.parse({})),
});
export type Guest = z.infer<typeof Guest>;

/** A demand that is met, where, and by what: `CIS 4.4`. Becomes comments. */
export const Measure = z.strictObject({ code: z.enum(DEMANDS), says: text(300), controls: z.array(text(30)) });
export type Measure = z.infer<typeof Measure>;

export const Specification = z.strictObject({
  guests: z.array(Guest).min(1).max(50),
  compliance: z.array(z.enum(['CIS', 'SOC2'])).default([]),
  measures: z.array(Measure).default([]),
});
export type Specification = z.infer<typeof Specification>;
