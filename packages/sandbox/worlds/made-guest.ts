import type { Guest, GuestConfig, Inside, Row, Snapshot, Use } from '../state/model.ts';
import { withConfig } from './made-snapshots.ts';

export const GIB = 1024 ** 3;
export const TIB = 1024 ** 4;

/** A guest as the made-up worlds describe it; sizes in GiB, CPU in vCPUs in use. */
export interface GuestPlan {
  vmid: number;
  name: string;
  node: string;
  cores: number;
  memory: number;
  disk: number;
  /** Further disks, in GiB, by key. */
  disks?: Record<string, number>;
  storage?: string;
  /** Seconds since it was started; 0 = stopped. */
  uptime: number;
  /** vCPUs in use. */
  cpu?: number;
  /** GiB in use. */
  used?: number;
  /** GiB used in a container's root file system. */
  rootUsed?: number;
  tags?: string;
  vlan?: number;
  address?: string;
  config?: GuestConfig;
  snapshots?: Snapshot[];
  qmpstatus?: string;
}

/** A locally administered part under Proxmox's own prefix, BC:24:11. */
function macAddress(vmid: number, nic = 0): string {
  const bytes = [(vmid >> 16) & 255, (vmid >> 8) & 255, (vmid + nic * 97) & 255];
  return ['BC', '24', '11', ...bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))].join(':');
}

/** Traffic since boot that is believable for so busy a guest. */
function useOf(plan: GuestPlan): Use {
  if (plan.uptime === 0) return { cpu: 0, mem: 0, disk: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };
  const cpu = plan.cpu ?? 0.1;
  const busy = Math.max(0.05, cpu) * plan.uptime;
  return {
    cpu: cpu / plan.cores,
    mem: Math.round((plan.used ?? plan.memory * 0.6) * GIB),
    disk: Math.round((plan.rootUsed ?? 0) * GIB),
    netin: Math.round(busy * (18_000 + (plan.vmid % 13) * 1_700)),
    netout: Math.round(busy * (14_000 + (plan.vmid % 11) * 2_100)),
    diskread: Math.round(busy * (9_000 + (plan.vmid % 7) * 3_000)),
    diskwrite: Math.round(busy * (31_000 + (plan.vmid % 5) * 6_000)),
  };
}

function nic(plan: GuestPlan): string {
  return plan.vlan === undefined ? 'bridge=vmbr0,firewall=1' : `bridge=vmbr0,firewall=1,tag=${plan.vlan}`;
}

/** A virtual machine of a made-up world; `now` in seconds. */
export function makeVm(plan: GuestPlan, now: number): Guest {
  const storage = plan.storage ?? 'local-zfs';
  const template = Number(plan.config?.['template'] ?? 0) === 1;
  const prefix = template ? 'base' : 'vm';
  const disks = Object.entries(plan.disks ?? {}).map(([key, size], index): [string, string] => [
    key,
    `${storage}:${prefix}-${plan.vmid}-disk-${index + 1},iothread=1,size=${size}G`,
  ]);
  const config: GuestConfig = {
    boot: 'order=scsi0;net0',
    cores: plan.cores,
    cpu: 'x86-64-v2-AES',
    memory: String(Math.round(plan.memory * 1024)),
    meta: `creation-qemu=9.2.0,ctime=${now - 400 * 86_400 - plan.vmid * 60}`,
    name: plan.name,
    net0: `virtio=${macAddress(plan.vmid)},${nic(plan)}`,
    numa: 0,
    ostype: 'l26',
    scsi0: `${storage}:${prefix}-${plan.vmid}-disk-0,discard=on,iothread=1,size=${plan.disk}G`,
    ...Object.fromEntries(disks),
    scsihw: 'virtio-scsi-single',
    smbios1: `uuid=${uuid(plan.vmid)}`,
    sockets: 1,
    vmgenid: uuid(plan.vmid + 500_000),
    ...(plan.tags === undefined ? {} : { tags: plan.tags }),
    ...plan.config,
  };
  return finish('qemu', plan, config, now);
}

/** A container of a made-up world. */
export function makeContainer(plan: GuestPlan, now: number): Guest {
  const storage = plan.storage ?? 'local-zfs';
  const volume = storage === 'local-zfs' ? 'subvol' : 'vm';
  const ip = plan.address === undefined ? 'ip=dhcp' : `ip=${plan.address}/24,gw=${gateway(plan.address)}`;
  const config: GuestConfig = {
    arch: 'amd64',
    cores: plan.cores,
    hostname: plan.name,
    memory: Math.round(plan.memory * 1024),
    net0: `name=eth0,${nic(plan)},hwaddr=${macAddress(plan.vmid)},${ip},type=veth`,
    ostype: 'debian',
    rootfs: `${storage}:${volume}-${plan.vmid}-disk-0,size=${plan.disk}G`,
    swap: 512,
    unprivileged: 1,
    ...(plan.tags === undefined ? {} : { tags: plan.tags }),
    ...plan.config,
  };
  return finish('lxc', plan, config, now);
}

function finish(type: Guest['type'], plan: GuestPlan, config: GuestConfig, now: number): Guest {
  return {
    vmid: plan.vmid,
    type,
    node: plan.node,
    config,
    status: plan.uptime > 0 ? 'running' : 'stopped',
    qmpstatus: plan.qmpstatus,
    bootTime: plan.uptime > 0 ? now - plan.uptime : 0,
    use: useOf(plan),
    snapshots: (plan.snapshots ?? []).map((one) => withConfig(one, config)),
    inside: plan.uptime > 0 && plan.address !== undefined ? insideOf(type, plan, config) : undefined,
  };
}

function gateway(address: string): string {
  return address.replace(/\.\d+$/, '.1');
}

function uuid(n: number): string {
  const hex = (Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${hex}-4c1d-4${hex.slice(0, 3)}-a${hex.slice(3, 6)}-${n.toString(16).padStart(12, '0')}`;
}

const WINDOWS = {
  id: 'mswindows',
  name: 'Microsoft Windows',
  'pretty-name': 'Windows Server 2022 Standard',
  version: 'Microsoft Windows Server 2022',
  'version-id': '2022',
  machine: 'x86_64',
};

const DEBIAN = {
  id: 'debian',
  name: 'Debian GNU/Linux',
  'pretty-name': 'Debian GNU/Linux 12 (bookworm)',
  version: '12 (bookworm)',
  'version-id': '12',
  'kernel-release': '6.1.0-41-amd64',
  machine: 'x86_64',
};

/** Network interfaces as QEMU's agent, or a container's name space, shows them. */
function insideOf(type: Guest['type'], plan: GuestPlan, config: GuestConfig): Inside {
  const { vmid, address = '' } = plan;
  const mac = macAddress(vmid).toLowerCase();
  if (type === 'lxc') {
    return {
      interfaces: [containerNic('lo', '00:00:00:00:00:00', '127.0.0.1', 8), containerNic('eth0', mac, address, 24)],
    };
  }
  const windows = String(config['ostype']).startsWith('win');
  const v6 = `fe80::be24:11ff:fe${mac.slice(9, 11)}:${mac.slice(12).replace(':', '')}`;
  return {
    fsinfo: [fileSystem(plan, { windows })],
    osinfo: windows ? WINDOWS : DEBIAN,
    interfaces: {
      result: [
        vmNic(windows ? 'Loopback Pseudo-Interface 1' : 'lo', '00:00:00:00:00:00', [['127.0.0.1', 'ipv4', 8]]),
        vmNic(windows ? 'Ethernet' : 'eth0', mac, [
          [address, 'ipv4', 24],
          [v6, 'ipv6', 64],
        ]),
      ],
    },
  };
}

/** The root file system, filled as much as the guest is old. */
function fileSystem({ disk, vmid }: GuestPlan, { windows }: { windows: boolean }): Row {
  const total = Math.round(disk * GIB * 0.97);
  return {
    name: windows ? '\\\\?\\Volume{0}\\' : 'sda1',
    mountpoint: windows ? 'C:\\' : '/',
    type: windows ? 'NTFS' : 'ext4',
    'total-bytes': total,
    'used-bytes': Math.round(total * (0.25 + (vmid % 11) * 0.05)),
    disk: [{ 'bus-type': 'scsi', bus: 0, target: 0, unit: 0, dev: windows ? 'PhysicalDrive0' : '/dev/sda1' }],
  };
}

function vmNic(name: string, mac: string, addresses: [string, string, number][]): unknown {
  return {
    name,
    'hardware-address': mac,
    'ip-addresses': addresses.map(([ip, type, prefix]) => ({
      'ip-address': ip,
      'ip-address-type': type,
      prefix,
    })),
  };
}

function containerNic(name: string, mac: string, address: string, prefix: number): unknown {
  return {
    name,
    hwaddr: mac,
    'hardware-address': mac,
    inet: `${address}/${prefix}`,
    'ip-addresses': [{ 'ip-address': address, 'ip-address-type': 'inet', prefix }],
  };
}
