import type { FirewallRule, Guest, Hardware, OperatingSystem, Specification } from '../specification.ts';
import type { DEMANDS } from '../specification.ts';

/** What words say of one guest; what they leave open is undefined. */
export interface Wish {
  count: number | undefined;
  kind: Guest['kind'] | undefined;
  role: string | undefined;
  /** Roles that it takes on beside its own. */
  readonly runs: Set<string>;
  name: string | undefined;
  vmid: number | undefined;
  node: string | undefined;
  storage: string | undefined;
  template: number | undefined;
  os: OperatingSystem | undefined;
  cores: number | undefined;
  sockets: number | undefined;
  cpuType: string | undefined;
  memoryMb: number | undefined;
  swapMb: number | undefined;
  diskGb: number | undefined;
  readonly moreDisksGb: number[];
  ssd: boolean;
  /** Interfaces by where they are attached, in the order that they are spoken of. */
  readonly nics: { bridge?: string; vlan?: number }[];
  nicCount: number | undefined;
  readonly addresses: string[];
  gateway: string | undefined;
  readonly dns: string[];
  domain: string | undefined;
  firewall: boolean | undefined;
  /** The only networks that it is to be reached from. */
  readonly sources: string[];
  readonly rules: FirewallRule[];
  readonly users: string[];
  readonly keys: string[];
  passwordLogin: boolean | undefined;
  readonly software: Set<string>;
  readonly packages: Set<string>;
  tls: 'letsencrypt' | 'self_signed' | 'any' | undefined;
  backups: { schedule: string; keep: number } | false | undefined;
  readonly tags: Set<string>;
  environment: Guest['environment'] | undefined;
  protection: boolean | undefined;
  started: boolean | undefined;
  onBoot: boolean | undefined;
  ha: boolean;
  privileged: boolean;
  nesting: boolean;
  readonly demands: Set<(typeof DEMANDS)[number]>;
  readonly hardware: { bios?: Hardware['bios']; tpm?: boolean; keys?: boolean };
}

/** What words say of all of it. */
export interface Wished {
  readonly guests: Wish[];
  readonly compliance: Set<Specification['compliance'][number]>;
  /** How words were taken that could be taken otherwise. */
  readonly assumptions: string[];
  readonly notUnderstood: string[];
}

export function emptyWish(): Wish {
  return {
    count: undefined,
    kind: undefined,
    role: undefined,
    runs: new Set(),
    name: undefined,
    vmid: undefined,
    node: undefined,
    storage: undefined,
    template: undefined,
    os: undefined,
    cores: undefined,
    sockets: undefined,
    cpuType: undefined,
    memoryMb: undefined,
    swapMb: undefined,
    diskGb: undefined,
    moreDisksGb: [],
    ssd: false,
    nics: [],
    nicCount: undefined,
    addresses: [],
    gateway: undefined,
    dns: [],
    domain: undefined,
    firewall: undefined,
    sources: [],
    rules: [],
    users: [],
    keys: [],
    passwordLogin: undefined,
    software: new Set(),
    packages: new Set(),
    tls: undefined,
    backups: undefined,
    tags: new Set(),
    environment: undefined,
    protection: undefined,
    started: undefined,
    onBoot: undefined,
    ha: false,
    privileged: false,
    nesting: false,
    demands: new Set(),
    hardware: {},
  };
}
