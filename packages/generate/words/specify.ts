import { FirewallRule, type Guest, type Specification, Specification as Schema } from '../specification.ts';
import { softwareNamed } from '../software/table.ts';
import { SYSTEMS } from '../systems/systems.ts';
import { PRIVATE_NETWORKS } from './network.ts';
import { type Role, roleNamed } from './roles.ts';
import { understand } from './understand.ts';
import type { Wish, Wished } from './wish.ts';

/** What is known beside the words. */
export interface Context {
  readonly environment?: Guest['environment'];
  readonly compliance?: Specification['compliance'];
}

/** A specification, how it came to be, and what of the words is not in it. */
export interface Specified {
  readonly specification: Specification;
  readonly assumptions: readonly string[];
  readonly notUnderstood: readonly string[];
}

const MOST_GUESTS = 50;

/** The specification that words ask for. @throws RangeError, with what a person reads, where they ask for what can never be */
export function specify(prompt: string, context: Context = {}): Specified {
  const wished = understand(prompt);
  const environment =
    wished.guests.map((wish) => wish.environment).find((each) => each !== undefined) ?? context.environment ?? null;
  const count = wished.guests.reduce((sum, wish) => sum + (wish.count ?? 1), 0);
  if (count > MOST_GUESTS)
    throw new RangeError(`This would be ${count} machines: ask for at most ${MOST_GUESTS} at a time.`);
  const names = new Set<string>();
  const taken = new Set<string>();
  const guests = wished.guests.flatMap((wish) => guestsOf(wish, { environment, wished, names, taken }));
  const compliance = [...new Set([...(context.compliance ?? []), ...wished.compliance])];
  const parsed = Schema.safeParse({ guests, compliance });
  if (!parsed.success) throw new RangeError(wrongOf(parsed.error.issues[0]));
  return {
    specification: parsed.data,
    assumptions: [...new Set(wished.assumptions)],
    notUnderstood: wished.notUnderstood,
  };
}

interface Making {
  readonly environment: Guest['environment'];
  readonly wished: Wished;
  readonly names: Set<string>;
  /** What only one guest can have: ids and addresses. */
  readonly taken: Set<string>;
}

type Draft = Record<string, unknown>;

function guestsOf(wish: Wish, making: Making): Draft[] {
  const count = wish.count ?? 1;
  const role = roleNamed(wish.role);
  for (const id of [wish.role, ...wish.runs]) addRoleSoftware(wish, roleNamed(id), making.wished);
  const base = nameOf(wish, role, making.wished);
  return Array.from({ length: Math.max(1, count) }, (_, at) => {
    const name = freeName(count > 1 ? `${base}-${at + 1}` : base, making.names);
    return guestOf(wish, { name, role, making });
  });
}

function addRoleSoftware(wish: Wish, role: Role | undefined, { assumptions }: Wished): void {
  if (role === undefined || role.instead.some((id) => wish.software.has(id))) return;
  for (const id of role.software) wish.software.add(id);
  const labels = role.software.map((id) => softwareNamed(id)?.label ?? id);
  if (labels.length > 0)
    assumptions.push(`A ${role.id.replaceAll('-', ' ')} without more said runs ${labels.join(' and ')}.`);
}

function nameOf({ name, software, kind }: Wish, role: Role | undefined, { assumptions }: Wished): string {
  if (name !== undefined) {
    const label = name
      .toLowerCase()
      .replaceAll(/[^a-z\d.]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '')
      .slice(0, 50);
    if (label !== name) assumptions.push(`The name is “${label}”, since Proxmox takes names of hosts alone.`);
    return label === '' ? 'vm' : label;
  }
  const [first] = software;
  return role?.id ?? first ?? (kind === 'container' ? 'container' : 'vm');
}

function freeName(base: string, names: Set<string>): string {
  let name = base;
  for (let n = 2; names.has(name); n += 1) name = `${base}-${n}`;
  names.add(name);
  return name;
}

function guestOf(wish: Wish, { name, role, making }: { name: string; role: Role | undefined; making: Making }): Draft {
  const { assumptions } = making.wished;
  const kind = wish.kind ?? 'vm';
  const os = wish.os ?? (kind === 'container' ? 'debian-12' : 'ubuntu-24.04');
  if (wish.os === undefined && wish.template === undefined)
    assumptions.push(`No system was named: ${SYSTEMS[os].label}.`);
  const isWindows = SYSTEMS[os].packages === null && wish.template === undefined;
  const sizes = sizesOf(wish, role, { isWindows, assumptions });
  const environment = making.environment;
  return {
    kind,
    name,
    vmid: wish.vmid === undefined ? null : Number(firstFree(making.taken, (n) => String(Number(wish.vmid) + n))),
    node: wish.node ?? null,
    source: wish.template === undefined ? { from: 'image', os } : { from: 'template', vmid: wish.template },
    cores: sizes.cores,
    ...(wish.sockets === undefined ? {} : { sockets: wish.sockets }),
    cpu_type: kind === 'vm' ? (wish.cpuType ?? 'x86-64-v2-AES') : null,
    memory_mb: sizes.memoryMb,
    swap_mb: kind === 'container' ? (wish.swapMb ?? 512) : null,
    disks: disksOf(wish, kind, sizes.diskGb),
    nics: nicsOf(wish, making),
    dns: wish.dns.length === 0 ? null : { servers: wish.dns, domain: null },
    firewall: firewallOf(wish),
    users: kind === 'container' || isWindows ? [] : usersOf(wish, assumptions),
    ssh_keys: wish.keys,
    password_login: wish.passwordLogin ?? false,
    software: [...wish.software],
    setup: { packages: [...wish.packages] },
    tls: tlsOf(wish, name, assumptions),
    backups: wish.backups === false ? null : (wish.backups ?? null),
    tags: tagsOf(wish, environment),
    environment,
    protection: wish.protection ?? false,
    on_boot: wish.onBoot ?? true,
    started: wish.started ?? true,
    agent: kind === 'vm' && !isWindows,
    ha: wish.ha ? { state: 'started' } : null,
    unprivileged: !wish.privileged,
    nesting: wish.nesting || (kind === 'container' && wish.software.has('docker')),
    demands: [...wish.demands],
    hardware: hardwareOf(wish, { kind, isWindows }),
  };
}

function sizesOf(
  wish: Wish,
  role: Role | undefined,
  { isWindows, assumptions }: { isWindows: boolean; assumptions: string[] },
): { cores: number; memoryMb: number; diskGb: number } {
  const usual = isWindows
    ? { memoryMb: 8192, diskGb: 64 }
    : { memoryMb: role?.memoryMb ?? 2048, diskGb: role?.diskGb ?? 20 };
  const { cores = isWindows ? 4 : 2, memoryMb = usual.memoryMb, diskGb = usual.diskGb } = wish;
  const open = [
    wish.cores === undefined ? `${cores} cores` : '',
    wish.memoryMb === undefined ? `${memoryMb} MiB of memory` : '',
    wish.diskGb === undefined ? `a disk of ${diskGb} GiB` : '',
  ].filter((each) => each !== '');
  if (open.length > 0) assumptions.push(`Not said, so as usual: ${open.join(', ')}.`);
  return { cores, memoryMb, diskGb };
}

function disksOf({ storage: named, moreDisksGb, ssd }: Wish, kind: Guest['kind'], first: number): Draft[] {
  const storage = named ?? null;
  if (kind === 'container') {
    return [
      { slot: 'rootfs', size_gb: first, storage },
      ...moreDisksGb.map((size, at) => ({
        slot: `mp${at}`,
        size_gb: size,
        storage,
        path: at === 0 ? '/data' : `/data${at + 1}`,
      })),
    ];
  }
  return [first, ...moreDisksGb].map((size, at) => ({
    slot: `scsi${at}`,
    size_gb: size,
    storage,
    ssd,
    discard: true,
    iothread: true,
  }));
}

function nicsOf(wish: Wish, { wished: { assumptions }, taken }: Making): Draft[] {
  const [bare] = wish.addresses;
  const gateway = wish.gateway ?? null;
  const address = bare === undefined ? undefined : bare.includes('/') ? bare : `${bare}/24`;
  if (bare !== undefined && address !== bare)
    assumptions.push(`The network of ${bare} has 24 bits, since no prefix was said.`);
  const ipv4 = address === undefined ? 'dhcp' : firstFree(taken, (n) => addressAfter(address, n));
  if (address === undefined) assumptions.push('No address was said: DHCP.');
  const asked = Array.from({ length: Math.max(1, wish.nics.length, wish.nicCount ?? 1) }, (_, n) => wish.nics[n] ?? {});
  return asked.map(({ bridge = 'vmbr0', vlan = null }, n) => ({
    bridge,
    vlan,
    ...(n === 0 ? { ipv4, gateway: address === undefined ? null : gateway } : { ipv4: 'dhcp' }),
  }));
}

/** The first of several that no other guest has, which is taken with that. */
function firstFree(taken: Set<string>, nth: (n: number) => string): string {
  let n = 0;
  while (taken.has(nth(n))) n += 1;
  taken.add(nth(n));
  return nth(n);
}

/** The address so many after one, for the second and third of several guests. */
function addressAfter(cidr: string, more: number): string {
  return cidr.replace(/\d+(?=\/)/, (last) => String(Number(last) + more));
}

/** Rules for what it runs: open to all for what serves all, from private networks for the rest. */
function firewallOf(wish: Wish): Guest['firewall'] {
  if (wish.firewall === false) return null;
  const listens = [...wish.software].flatMap((id) => softwareNamed(id)?.listens ?? []);
  const isStrict = wish.firewall === true || wish.demands.has('firewall.drop');
  const rules = new Map<string, FirewallRule>();
  const add = (rule: Partial<FirewallRule>): void => {
    const parsed = FirewallRule.safeParse({ direction: 'in', action: 'ACCEPT', protocol: 'tcp', ports: null, ...rule });
    if (!parsed.success) throw new RangeError(wrongOf(parsed.error.issues[0]));
    const made = parsed.data;
    const key = `${made.protocol}/${made.ports}`;
    if (!rules.has(key)) rules.set(key, made);
  };
  const own = wish.sources.length === 0 ? PRIVATE_NETWORKS : wish.sources.join(',');
  for (const rule of wish.rules) add(rule.source === null && wish.sources.length > 0 ? { ...rule, source: own } : rule);
  const isSaid = (ports: string): boolean => wish.rules.some((rule) => rule.ports?.split(',').includes(ports) === true);
  const ssh = wish.sources.length === 0 ? 'SSH from private networks' : 'SSH';
  if (!isSaid('22')) add({ ports: '22', source: own, comment: ssh });
  for (const { protocol, ports, from } of listens) {
    const isOpen = from === 'anyone' && wish.sources.length === 0;
    if (!isSaid(ports)) add({ protocol, ports, ...(isOpen ? {} : { source: own }) });
  }
  const isNeeded = isStrict || wish.rules.length > 0 || listens.length > 0;
  return isNeeded ? { enabled: true, input: 'DROP', output: 'ACCEPT', rules: [...rules.values()] } : null;
}

function usersOf(wish: Wish, assumptions: string[]): Draft[] {
  if (wish.users.length === 0) assumptions.push('No user was named: “admin”, who may use sudo.');
  return (wish.users.length === 0 ? ['admin'] : wish.users).map((name) => ({ name }));
}

function tlsOf(wish: Wish, name: string, assumptions: string[]): Draft | null {
  const { tls, domain } = wish;
  if (tls === undefined) return null;
  const isPublic = tls !== 'self_signed' && domain !== undefined;
  if (!isPublic) assumptions.push('The certificate is self-signed: name a domain to have one of Let’s Encrypt.');
  return { from: isPublic ? 'letsencrypt' : 'self_signed', domain: domain ?? name };
}

function tagsOf({ tags, role }: Wish, environment: Guest['environment']): string[] {
  const own = [...tags].map((tag) => tag.toLowerCase());
  return [
    ...new Set([
      ...(environment === null ? [] : [`env-${environment}`]),
      ...(role === undefined ? [] : [role]),
      ...own,
    ]),
  ];
}

function hardwareOf(
  { hardware, storage: named }: Wish,
  { kind, isWindows }: { kind: Guest['kind']; isWindows: boolean },
): Draft {
  if (kind === 'container') return {};
  const storage = named ?? null;
  const isEfi = hardware.bios === 'ovmf' || isWindows || hardware.tpm === true;
  return {
    scsi: 'virtio-scsi-single',
    os_type: isWindows ? 'win11' : 'l26',
    serial: !isWindows,
    ...(isEfi ? { bios: 'ovmf', machine: 'q35', efi: { storage, keys: hardware.keys ?? isWindows, size: '4m' } } : {}),
    ...(isWindows || hardware.tpm === true ? { tpm: { storage, version: 'v2.0' } } : {}),
  };
}

function wrongOf(issue: { path: PropertyKey[]; message: string } | undefined): string {
  const where = issue?.path.map(String).join('.') ?? '';
  return `This cannot be built: ${where}: ${issue?.message ?? 'it is not acceptable'}.`;
}
