import type { NodeState, Row } from '../state/model.ts';
import { GIB } from './made-guest.ts';

/** A node as the made-up worlds describe it; `mem` and `memUsed` in GiB, `cpu` a fraction of all CPUs. */
export interface NodePlan {
  name: string;
  nodeid: number;
  ip: string;
  cpus: number;
  cpu: number;
  mem: number;
  memUsed: number;
  uptime: number;
  model: string;
  mhz: string;
  loadavg?: [number, number, number];
  fingerprint?: string;
  version: Row;
}

const KERNEL = { 8: '6.8.12-9-pve', 9: '6.17.4-2-pve' } as const;

function hardware(plan: NodePlan, major: 8 | 9): Row {
  const release = KERNEL[major];
  const version = '#1 SMP PREEMPT_DYNAMIC PMX';
  return {
    cpuinfo: {
      model: plan.model,
      vendor: plan.model.startsWith('AMD') ? 'AuthenticAMD' : 'GenuineIntel',
      family: plan.model.startsWith('AMD') ? '25' : '6',
      cores: plan.cpus / 2,
      cpus: plan.cpus,
      sockets: 1,
      mhz: plan.mhz,
      flags: 'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat sse2 ht syscall nx lm aes avx avx2',
      hvm: '1',
      user_hz: 100,
    },
    kversion: `Linux ${release} ${version}`,
    'current-kernel': { sysname: 'Linux', release, version, machine: 'x86_64' },
    'boot-info': { mode: 'efi', secureboot: 0 },
    'cgroup-mode': 2,
  };
}

/** A node with everything in order; callers put in what is not. */
export function makeNode(plan: NodePlan, now: number): NodeState {
  const major = String(plan.version['version']).startsWith('8') ? 8 : 9;
  const load = plan.cpu * plan.cpus;
  return {
    name: plan.name,
    nodeid: plan.nodeid,
    ip: plan.ip,
    hardware: hardware(plan, major),
    bootTime: now - plan.uptime,
    maxcpu: plan.cpus,
    memTotal: Math.round(plan.mem * GIB),
    use: {
      cpu: plan.cpu,
      wait: 0.004,
      mem: Math.round(plan.memUsed * GIB),
      loadavg: plan.loadavg ?? [load * 1.05, load, load * 0.97],
    },
    own: { cpu: 0, cpuShare: 1, mem: 0, memShare: 1 },
    swap: { total: 8 * GIB, used: 0 },
    rootfs: { total: 94 * GIB, used: 14 * GIB, avail: 80 * GIB },
    level: 'c',
    fingerprint: plan.fingerprint,
    timezone: 'UTC',
    tzOffset: 0,
    version: plan.version,
    storages: new Map(),
    zfs: [],
    zfsDetail: {},
    disks: [],
    smart: {},
    lvm: { leaf: 0, children: [] },
    lvmthin: [],
    directory: [],
    pci: [],
    usb: [],
    network: bridges(plan.ip),
    dns: { search: 'tli.example', dns1: '10.10.10.53', dns2: '10.10.10.54' },
    hosts: `127.0.0.1 localhost.localdomain localhost\n${plan.ip} ${plan.name}.tli.example ${plan.name}\n`,
    updates: [],
    changelogs: {},
    versions: packages(major),
    certificates: [],
    services: services(),
    subscription: subscription(plan, now),
    replication: [],
    replicationLogs: {},
    firewall: { options: { enable: 1 }, rules: [], aliases: [], ipsets: [] },
    config: { description: '' },
    syslog: [],
    notOffered: new Set(),
  };
}

function subscription({ cpus, name }: NodePlan, now: number): Row {
  return {
    status: 'active',
    productname: 'Proxmox VE Community Subscription 1 CPU/year',
    level: 'c',
    sockets: 1,
    key: `pve1c-${name.length}${cpus}abcdef01`,
    regdate: new Date((now - 200 * 86_400) * 1000).toISOString().slice(0, 19).replace('T', ' '),
    nextduedate: new Date((now + 165 * 86_400) * 1000).toISOString().slice(0, 10),
    url: 'https://www.proxmox.com/proxmox-ve/pricing',
    serverid: name.padEnd(32, '0').toUpperCase().slice(0, 32),
  };
}

function bridges(ip: string): Row[] {
  const wire = { method: 'manual', method6: 'manual', families: ['inet'], exists: 1, active: 1, type: 'eth' };
  return [
    { ...wire, iface: 'enp1s0f0', priority: 3 },
    { ...wire, iface: 'enp1s0f1', priority: 4 },
    {
      iface: 'bond0',
      type: 'bond',
      method: 'manual',
      method6: 'manual',
      families: ['inet'],
      active: 1,
      autostart: 1,
      slaves: 'enp1s0f0 enp1s0f1',
      bond_mode: '802.3ad',
      bond_miimon: '100',
      bond_xmit_hash_policy: 'layer3+4',
      priority: 5,
    },
    {
      iface: 'vmbr0',
      type: 'bridge',
      method: 'static',
      method6: 'manual',
      families: ['inet'],
      active: 1,
      autostart: 1,
      address: ip,
      netmask: '24',
      cidr: `${ip}/24`,
      gateway: ip.replace(/\.\d+$/, '.1'),
      bridge_ports: 'bond0',
      bridge_stp: 'off',
      bridge_fd: '0',
      bridge_vlan_aware: 1,
      bridge_vids: '2-4094',
      priority: 6,
    },
  ];
}

const SERVICES: [string, string][] = [
  ['chrony', 'chrony, an NTP client/server'],
  ['corosync', 'Corosync Cluster Engine'],
  ['cron', 'Regular background program processing daemon'],
  ['ksmtuned', 'Kernel Samepage Merging (KSM) Tuning Daemon'],
  ['postfix', 'Postfix Mail Transport Agent'],
  ['pve-cluster', 'The Proxmox VE cluster filesystem'],
  ['pve-firewall', 'Proxmox VE firewall'],
  ['pve-ha-crm', 'PVE Cluster HA Resource Manager Daemon'],
  ['pve-ha-lrm', 'PVE Local HA Resource Manager Daemon'],
  ['pvedaemon', 'PVE API Daemon'],
  ['pvefw-logger', 'Proxmox VE firewall logger'],
  ['pveproxy', 'PVE API Proxy Server'],
  ['pvescheduler', 'Proxmox VE scheduler'],
  ['pvestatd', 'PVE Status Daemon'],
  ['spiceproxy', 'PVE SPICE Proxy Server'],
  ['sshd', 'OpenBSD Secure Shell server'],
  ['systemd-journald', 'Journal Service'],
];

function services(): Row[] {
  return SERVICES.map(([name, desc]) => ({
    service: name,
    name,
    desc,
    state: 'running',
    'active-state': 'active',
    'unit-state': 'enabled',
  }));
}

function packages(major: 8 | 9): Row[] {
  const release = KERNEL[major];
  const known: [string, string, Row][] =
    major === 9
      ? [
          ['proxmox-ve', '9.2.0', { RunningKernel: release }],
          ['pve-manager', '9.2.11', { ManagerVersion: '9.2.11' }],
          ['qemu-server', '9.2.6', {}],
          ['pve-container', '6.1.10', {}],
          ['pve-qemu-kvm', '10.1.2-5', {}],
          ['zfsutils-linux', '2.3.4-pve1', {}],
        ]
      : [
          ['proxmox-ve', '8.4.0', { RunningKernel: release }],
          ['pve-manager', '8.4.1', { ManagerVersion: '8.4.1' }],
          ['qemu-server', '8.3.12', {}],
          ['pve-container', '5.2.6', {}],
          ['pve-qemu-kvm', '9.2.0-5', {}],
          ['zfsutils-linux', '2.2.7-pve2', {}],
        ];
  return known.map(([name, version, more]) => ({
    Package: name,
    Version: version,
    OldVersion: version,
    Title: name,
    Description: name,
    Arch: 'amd64',
    Section: 'admin',
    Priority: 'optional',
    Origin: 'Proxmox',
    CurrentState: 'Installed',
    ...more,
  }));
}

/** A disk as /nodes/{node}/disks/list shows it; `size` in bytes. */
export function disk(devpath: string, fields: Row & { model: string; size: number }): Row {
  const spinning = fields['type'] === 'hdd';
  return {
    devpath,
    type: 'ssd',
    vendor: 'ATA',
    serial: `S${devpath.slice(5).toUpperCase()}${fields.size % 9973}`,
    health: 'PASSED',
    wearout: spinning ? 'N/A' : 97,
    rpm: spinning ? 7200 : 0,
    gpt: 1,
    used: 'ZFS',
    osdid: -1,
    'osdid-list': null,
    wwn: `0x5002538f${(fields.size % 0xffff).toString(16).padStart(8, '0')}`,
    by_id_link: `/dev/disk/by-id/${devpath.includes('nvme') ? 'nvme' : 'ata'}-${fields.model.replaceAll(' ', '_')}`,
    ...fields,
  };
}

/** The two certificates that every node has; times in seconds. */
export function certificates(node: { name: string; ip: string }, notbefore: number, notafter: number): Row[] {
  const key = { 'public-key-type': 'rsaEncryption', 'public-key-bits': 2048 };
  const issuer = '/CN=Proxmox Virtual Environment/OU=7c1a9b52-0d3e-4a86-9a51-2f8d5f0c6e11/O=PVE Cluster Manager CA';
  return [
    {
      ...key,
      'public-key-bits': 4096,
      filename: 'pve-root-ca.pem',
      subject: issuer,
      issuer,
      notbefore: notbefore - 86_400,
      notafter: notbefore + 3650 * 86_400,
      san: [],
      fingerprint: fingerprint('pve-root-ca'),
    },
    {
      ...key,
      filename: 'pve-ssl.pem',
      subject: `/OU=PVE Cluster Node/O=Proxmox Virtual Environment/CN=${node.name}.tli.example`,
      issuer,
      notbefore,
      notafter,
      san: ['127.0.0.1', '0:0:0:0:0:0:0:1', 'localhost', node.ip, node.name, `${node.name}.tli.example`],
      fingerprint: fingerprint(node.name),
    },
  ];
}

/** A made-up SHA-256 fingerprint that is always the same for a name. */
export function fingerprint(name: string): string {
  let hash = 2_166_136_261;
  const bytes = Array.from({ length: 32 }, (_, index) => {
    hash = Math.imul(hash ^ (name.charCodeAt(index % name.length) + index), 16_777_619) >>> 0;
    return ((hash >>> 13) & 255).toString(16).toUpperCase().padStart(2, '0');
  });
  return bytes.join(':');
}

/** A mirror or a chain of disks as a pool's vdev tree shows it. */
export function vdevTree(pool: string, groups: Row[]): Row[] {
  const worst = groups.some((group) => group['state'] !== 'ONLINE') ? 'DEGRADED' : 'ONLINE';
  return [{ name: pool, state: worst, read: 0, write: 0, cksum: 0, msg: '', leaf: 0, children: groups }];
}

export function leaf(name: string, fields: Row = {}): Row {
  return { name, state: 'ONLINE', read: 0, write: 0, cksum: 0, msg: '', leaf: 1, ...fields };
}

export function mirror(name: string, children: Row[]): Row {
  const state = children.some((child) => child['state'] !== 'ONLINE') ? 'DEGRADED' : 'ONLINE';
  return { name, state, read: 0, write: 0, cksum: 0, msg: '', leaf: 0, children };
}
