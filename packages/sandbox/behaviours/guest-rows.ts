import { guestUse } from '../load.ts';
import { guestSize } from '../state/guest-size.ts';
import type { Guest, Row, State } from '../state/model.ts';

/** A guest's name; without one the words that Proxmox puts in its place. */
export function guestName(guest: Guest): string {
  const name = guest.type === 'qemu' ? guest.config['name'] : guest.config['hostname'];
  if (name !== undefined && name !== '') return String(name);
  return guest.type === 'qemu' ? `VM ${guest.vmid}` : `CT${guest.vmid}`;
}

export function isTemplate(guest: Guest): boolean {
  return Number(guest.config['template'] ?? 0) === 1;
}

/** Fields that are left out unless the configuration has them. */
function optional(guest: Guest): Row {
  const { tags, lock } = guest.config;
  return {
    ...(tags === undefined || tags === '' ? {} : { tags: String(tags) }),
    ...(lock === undefined || lock === '' ? {} : { lock: String(lock) }),
  };
}

export interface ResourceContext {
  state: State;
  /** Seconds: the figures' time. */
  at: number;
  major: 8 | 9;
  hastate: string | undefined;
  pool: string | undefined;
  /** The node's figures are gone. */
  expired: boolean;
}

/** A guest's row in /cluster/resources: PVE::API2Tools::extract_vm_stats and PVE::API2::Cluster::resources. */
export function resourceRow(guest: Guest, { state, at, major, hastate, pool, expired }: ResourceContext): Row {
  const id = `${guest.type}/${guest.vmid}`;
  const row: Row = { id, type: guest.type, vmid: guest.vmid, node: guest.node, status: 'unknown' };
  if (!expired) {
    const use = guestUse(state, guest, at);
    const size = guestSize(state, guest);
    row['name'] = guestName(guest);
    row['status'] = guest.status;
    row['template'] = isTemplate(guest) ? 1 : 0;
    row['cpu'] = use.cpu;
    row['maxcpu'] = size.cpus;
    row['mem'] = use.mem;
    row['maxmem'] = size.maxmem;
    row['disk'] = use.disk;
    row['maxdisk'] = size.maxdisk;
    row['uptime'] = use.uptime;
    row['netin'] = use.netin;
    row['netout'] = use.netout;
    row['diskread'] = use.diskread;
    row['diskwrite'] = use.diskwrite;
    if (major >= 9 && guest.type === 'qemu') row['memhost'] = hostMemory(guest, use.mem);
  }
  const { tags, lock } = guest.config;
  if (tags !== undefined && tags !== '') row['tags'] = String(tags);
  if (lock !== undefined && lock !== '') row['lock'] = String(lock);
  if (pool !== undefined) row['pool'] = pool;
  if (hastate !== undefined) row['hastate'] = hastate;
  return row;
}

const MIB = 1024 * 1024;

/** What a VM's processes take on the host: its memory in use, and QEMU's own. */
function hostMemory(guest: Guest, mem: number): number {
  const read = guest.extra?.['memhost'];
  if (guest.status !== 'running') return 0;
  return typeof read === 'number' ? read : mem + 90 * MIB;
}

/** A guest's row in its node's list, and the ground of status/current: PVE::QemuServer::vmstatus, PVE::LXC::vmstatus. */
export function statusRow(state: State, guest: Guest, at: number, major: 8 | 9): Row {
  const use = guestUse(state, guest, at);
  const size = guestSize(state, guest);
  const running = guest.status === 'running';
  return {
    vmid: guest.vmid,
    name: guestName(guest),
    status: guest.status,
    ...(isTemplate(guest) ? { template: 1 } : {}),
    cpu: use.cpu,
    cpus: size.cpus,
    mem: use.mem,
    maxmem: size.maxmem,
    disk: use.disk,
    maxdisk: size.maxdisk,
    uptime: use.uptime,
    netin: use.netin,
    netout: use.netout,
    diskread: use.diskread,
    diskwrite: use.diskwrite,
    ...(running ? { pid: processId(guest) } : {}),
    ...(guest.type === 'lxc' ? { type: 'lxc', swap: 0, maxswap: size.maxswap } : {}),
    ...(guest.type === 'qemu' && guest.config['serial0'] !== undefined ? { serial: 1 } : {}),
    ...(major >= 9 && guest.type === 'qemu' ? { memhost: hostMemory(guest, use.mem) } : {}),
    ...(major >= 9 && running ? pressure(guest, use.cpu) : {}),
    ...optional(guest),
  };
}

function processId(guest: Guest): number {
  return 1000 + ((guest.vmid * 7919 + Math.floor(guest.bootTime / 60)) % 3_000_000);
}

/** Pressure stall figures in percent; a VM's are numbers, a container's come out of text. */
function pressure(guest: Guest, cpu: number): Row {
  const some = Math.round(cpu * cpu * 400) / 100;
  const value = (percent: number): number | string => (guest.type === 'qemu' ? percent : percent.toFixed(2));
  return {
    ...(guest.type === 'qemu' ? { pressurecpufull: 0 } : {}),
    pressurecpusome: value(some),
    pressureiofull: value(0),
    pressureiosome: value(Math.round(some * 10) / 100),
    pressurememoryfull: value(0),
    pressurememorysome: value(0),
  };
}
