import type { AccessConfig } from '../access.ts';

/** One row of an answer that is kept as Proxmox gave it, since nothing else follows from it. */
export type Row = Record<string, unknown>;

/** A guest's configuration as its file holds it: key → value, property strings unparsed; no digest, no pending part. */
export type GuestConfig = Record<string, string | number>;

/** What a running guest used at `State.start`; `load.ts` moves it from there. Bytes; `cpu` is a fraction of its vCPUs. */
export interface Use {
  cpu: number;
  mem: number;
  /** Bytes used in the root file system; always 0 for virtual machines, as Proxmox cannot see it. */
  disk: number;
  /** Counters since boot, in bytes; for a guest that was booted after `State.start`, bytes a second. */
  netin: number;
  netout: number;
  diskread: number;
  diskwrite: number;
}

/** What a guest was given: vCPUs, bytes of memory, of its first disk and (containers only) of swap. */
export interface GuestSize {
  cpus: number;
  maxmem: number;
  maxdisk: number;
  maxswap: number;
}

export interface Snapshot {
  name: string;
  /** Seconds since 1970. */
  snaptime: number;
  description: string;
  parent?: string | undefined;
  /** Virtual machines only: whether the memory was saved. */
  vmstate?: 0 | 1 | undefined;
  /** The configuration at that time; undefined where it was not read. */
  config?: GuestConfig | undefined;
}

/** A guest's, a node's or the whole cluster's firewall configuration. */
export interface Firewall {
  options: Row;
  rules: Row[];
  aliases: Row[];
  ipsets: { name: string; comment?: string | undefined; entries: Row[] }[];
}

/** What the QEMU guest agent, or a container's network name space, tells. */
export interface Inside {
  interfaces?: unknown;
  osinfo?: Row | undefined;
  fsinfo?: Row[] | undefined;
  hostname?: string | undefined;
}

export interface Guest {
  vmid: number;
  type: 'qemu' | 'lxc';
  node: string;
  /** Never changed in place, so that what follows from it can be kept: a change makes a new object. */
  config: Readonly<GuestConfig>;
  /** Changes that wait for a restart: new values, and keys to remove (1, or 2 = forced). */
  pending?: { set: GuestConfig; remove: Record<string, 1 | 2> } | undefined;
  /** The digest that was read, valid while the configuration is that which was read. */
  readDigest?: { of: Readonly<GuestConfig>; is: string } | undefined;
  /** The size that was read, valid likewise. */
  readSize?: { of: Readonly<GuestConfig>; size: GuestSize } | undefined;
  status: 'running' | 'stopped';
  /** Virtual machines: QEMU's own word, as `paused`, where it is not that of `status`. */
  qmpstatus?: string | undefined;
  /** When it was started, seconds since 1970; 0 when stopped. */
  bootTime: number;
  use: Use;
  snapshots: Snapshot[];
  inside?: Inside | undefined;
  /** Files that were written into it through its agent: path → content in base64. */
  files?: Record<string, string> | undefined;
  /** Cloud-init options as they stand on its drive, where they were changed since it was written. */
  cloudInit?: GuestConfig | undefined;
  /** What it showed and used when it last ran; counters as bytes a second. */
  lastRun?: { inside?: Inside | undefined; use: Use } | undefined;
  firewall?: Firewall | undefined;
  /** Series that were read, by `timeframe` (AVERAGE) or `timeframe_max` (MAX). */
  rrd?: Record<string, Row[]> | undefined;
  /** Fields of status/current that were read and that nothing else tells. */
  extra?: Row | undefined;
  /** The same of its row in the node's list. */
  listExtra?: Row | undefined;
}

/** One volume, as a storage's content lists it. */
export interface Volume extends Row {
  volid: string;
  content: string;
  format: string;
  size: number;
  vmid?: number;
  /** Bytes that it really takes; `size` where absent. */
  used?: number;
}

/** A storage as one node sees it; nodes that share a storage share one `pool`. */
export interface NodeStorage {
  active: 0 | 1;
  enabled: 0 | 1;
  pool: StoragePool;
  /** Fields of the node's listing that were read and that nothing else tells. */
  extra?: Row | undefined;
  rrd?: Record<string, Row[]> | undefined;
}

/** The space behind a storage. */
export interface StoragePool {
  total: number;
  /** Bytes in use at `State.start` beyond what the volumes take; may be negative on thin storage. */
  base: number;
  /** Bytes that are written a day, beside what `volumes` shows. */
  growthPerDay: number;
  /** Never changed in place, so that its sum can be kept: a change makes a new list. */
  volumes: readonly Volume[];
  /** What is in the backups that were made here, by volume id. */
  archived?: Map<string, Archived> | undefined;
}

/** What a backup holds of its guest: the configuration without snapshots, and of each disk how much was written to it. */
export interface Archived {
  type: Guest['type'];
  config: Readonly<GuestConfig>;
  firewall?: Firewall | undefined;
  disks: { key: string; size: number; used: number }[];
}

export interface NodeState {
  name: string;
  nodeid: number;
  ip?: string | undefined;
  /** Since when the node is gone, in ms of the sandbox's clock; undefined while it is there. */
  offlineSince?: number | undefined;
  /** Fields of /nodes/{node}/status that do not follow from anything: cpuinfo, kversion, boot-info … */
  hardware: Row;
  bootTime: number;
  maxcpu: number;
  memTotal: number;
  /** At `State.start`. `cpu` is a fraction of all CPUs; guests are included. */
  use: { cpu: number; wait: number; mem: number; loadavg: [number, number, number] };
  /** Bytes at `State.start` that Proxmox counts apart from `use.mem`, where they were read. */
  memRead?: { free?: number | undefined; available?: number | undefined; ksm?: number | undefined } | undefined;
  /** How `use` divides into the node's own part and its guests' share; set by `settle`. */
  own: { cpu: number; cpuShare: number; mem: number; memShare: number };
  swap: { total: number; used: number };
  rootfs: { total: number; used: number; avail: number };
  level: string;
  fingerprint?: string | undefined;
  timezone: string;
  /** Seconds east of UTC. */
  tzOffset: number;
  version: Row;
  storages: Map<string, NodeStorage>;
  zfs: Row[];
  zfsDetail: Record<string, Row>;
  disks: Row[];
  smart: Record<string, Row>;
  lvm: Row;
  lvmthin: Row[];
  directory: Row[];
  pci: Row[];
  usb: Row[];
  network: Row[];
  networkChanges?: string | undefined;
  /** The interfaces as they will be once changes are applied. */
  networkWaiting?: Row[] | undefined;
  dns: Row;
  hosts: string;
  /** The container templates that can be downloaded, where they were read. */
  appliances?: Row[] | undefined;
  updates: Row[];
  versions: Row[];
  repositories?: Row | undefined;
  /** Changelogs by package, where the node can fetch them; a package without one has a plain one. */
  changelogs?: Readonly<Record<string, string>> | undefined;
  certificates: Row[];
  services: Row[];
  subscription: Row;
  replication: Row[];
  replicationLogs: Record<string, string[]>;
  firewall: Firewall;
  config: Row;
  syslog: string[];
  rrd?: Record<string, Row[]> | undefined;
  /** Parts that the server which was read did not offer: their routes answer 501 there. */
  notOffered: Set<string>;
}

/** A task that was there when the sandbox started. Running ones have no `endtime`. */
export interface TaskRecord {
  upid: string;
  node: string;
  pid: number;
  pstart: number;
  starttime: number;
  type: string;
  id: string;
  user: string;
  tokenid?: string;
  endtime?: number;
  status?: string;
  log?: { n: number; t: string }[];
}

export interface HaState {
  /** Rows of /cluster/ha/resources, without what follows from the services' state. */
  resources: Row[];
  /** Up to 8.x; null once migrated to rules. */
  groups: Row[] | null;
  /** From 9.x on; null before. */
  rules: Row[] | null;
  /** The manager's view: one entry a service. */
  services: Row[];
  /** Who is master, and how old its last sign of life is; a fixed time where it had stopped. */
  master?: { node: string; word: string; age?: number | undefined; at?: number | undefined } | undefined;
  lrm: { node: string; word: string; age?: number | undefined; at?: number | undefined }[];
  /** Other rows of status/current, as `fencing` of 9.2. */
  others: Row[];
}

/** A whole cluster. What follows from something else is not kept: `load.ts` and the behaviours derive it. */
export interface State {
  /** Decides all movement; the same seed and clock give the same cluster to the byte. */
  seed: number;
  /** Seconds since 1970: when the figures in `use` held. */
  start: number;
  /** The version that /version tells; `major` decides what is offered. */
  version: { version: string; release: string; repoid: string };
  /** The same object, unless the sandbox was told to be of another release than the cluster that was read or made. */
  ownVersion: State['version'];
  major: 8 | 9;
  /** Undefined for a node on its own. */
  cluster?: { name: string; version: number } | undefined;
  /** Set by the fault of the same name. */
  quorumLost?: boolean | undefined;
  /** The node whose address is asked; 'local' in /cluster/status. */
  localNode: string;
  nodes: Map<string, NodeState>;
  guests: Map<number, Guest>;
  /** storage.cfg by id. */
  storages: Map<string, Row>;
  access: AccessConfig;
  /** Realms as /access/domains lists them; empty = the two that are always there. */
  domains: Row[];
  options: Row;
  backupJobs: Row[];
  /** The guests without a job as they were read, valid while jobs and guests are those that were read. */
  notBackedUpRead?: { jobs: Row[]; guests: number; ids: number[] } | undefined;
  /** Replication jobs' configuration; their progress is with the nodes. */
  replication: Row[];
  ha: HaState;
  firewall: Firewall & { groups: { group: string; comment?: string | undefined; rules: Row[] }[] };
  sdn: Row;
  mappings: { pci: Row[]; usb: Row[]; dir: Row[] };
  metricServers: Row[];
  notifications: Row;
  realmSync: Row[];
  log: Row[];
  tasks: TaskRecord[];
}
