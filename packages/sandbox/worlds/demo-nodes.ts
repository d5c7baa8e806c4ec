import type { NodeState, Row } from '../state/model.ts';
import { TIB } from './made-guest.ts';
import { certificates, disk, fingerprint, leaf, makeNode, mirror, vdevTree } from './made-node.ts';
import { ctime } from '../state/ctime.ts';
import { DEMO_CHANGELOGS } from './demo-changelogs.ts';
import type { Times } from './times.ts';

const DAY = 86_400;
const VERSION = { version: '9.2.11', release: '9.2', repoid: '8b1f0a6c2d9e4f37' };

/** The three nodes of the demo cluster, without their storages. */
export function demoNodes(times: Times): Map<string, NodeState> {
  const common = { cpus: 16, model: 'AMD EPYC 7302P 16-Core Processor', mhz: '2994.375', version: VERSION };
  const plans = [
    { name: 'pve-node01', cpu: 0.34, mem: 76, memUsed: 60.3, uptime: 14 * DAY + 25_200 },
    { name: 'pve-node02', cpu: 0.22, mem: 64, memUsed: 38.7, uptime: 41 * DAY + 14_400 },
    { name: 'pve-node03', cpu: 0.71, mem: 64, memUsed: 58.2, uptime: 20 * DAY + 82_800 },
  ];
  const nodes = plans.map((plan, index) => {
    const ip = `10.10.0.${11 + index}`;
    const nodeid = index + 1;
    return makeNode({ ...common, ...plan, nodeid, ip, fingerprint: fingerprint(plan.name) }, times.now);
  });
  nodes.forEach((node, index) => equip(node, index, times));
  return new Map(nodes.map((node) => [node.name, node]));
}

function equip(node: NodeState, index: number, times: Times): void {
  // node02's certificate ends soon
  const ends = index === 1 ? times.ago({ days: -18 }) : times.ago({ days: -540 });
  node.certificates = certificates({ name: node.name, ip: node.ip ?? '' }, times.ago({ days: 190 }), ends);
  node.disks = systemDisks(index);
  node.pci = devices(index);
  if (index === 0) node.usb = [UPS];
  node.updates = updates(index);
  node.changelogs = DEMO_CHANGELOGS;
  node.zfs = [pool('rpool', 3.6, [1.2, 0.9, 2.8][index] ?? 1, [12, 6, 31][index] ?? 0, index === 2)];
  node.zfsDetail = { rpool: index === 2 ? degraded(times) : healthy('rpool', times.at(3, '02:00'), 'SSD') };
  if (index === 0) {
    node.zfs.push(pool('backup-pool', 7.2, 4.1, 8, false));
    node.zfsDetail['backup-pool'] = healthy('backup-pool', times.at(4, '03:00'), 'HDD');
  }
  if (index === 2) node.swap.used = 1_288_490_189;
}

function pool(name: string, size: number, alloc: number, frag: number, isDegraded: boolean): Row {
  return {
    name,
    size: Math.round(size * TIB),
    alloc: Math.round(alloc * TIB),
    free: Math.round(size * TIB) - Math.round(alloc * TIB),
    frag,
    dedup: 1,
    health: isDegraded ? 'DEGRADED' : 'ONLINE',
  };
}

function healthy(name: string, scrubbed: number, kind: 'SSD' | 'HDD'): Row {
  const model = kind === 'SSD' ? 'ata-SAMSUNG_MZ7L33T8HBLT' : 'ata-ST8000NM000A';
  const serial = kind === 'SSD' ? 'S6KLNE0T' : 'WSD4K1R';
  return {
    name,
    state: 'ONLINE',
    scan: `scrub repaired 0B in 01:41:12 with 0 errors on ${ctime(scrubbed, 0)}`,
    errors: 'No known data errors',
    children: vdevTree(name, [mirror('mirror-0', [leaf(`${model}_${serial}1`), leaf(`${model}_${serial}2`)])]),
  };
}

function degraded(times: Times): Row {
  const model = 'ata-SAMSUNG_MZ7L33T8HBLT_S6KLNE0T';
  const sick = leaf(`${model}6`, { state: 'DEGRADED', read: 27, msg: 'too many errors' });
  return {
    name: 'rpool',
    state: 'DEGRADED',
    status:
      'One or more devices has experienced an unrecoverable error. An attempt was made to correct the error. Applications are unaffected.',
    action:
      "Determine if the device needs to be replaced, and clear the errors using 'zpool clear' or replace the device with 'zpool replace'.",
    scan: `scrub repaired 1.21M in 03:12:44 with 3 errors on ${ctime(times.at(5, '02:00'), 0)}`,
    errors: 'No known data errors',
    children: vdevTree('rpool', [mirror('mirror-0', [leaf(`${model}5`), sick])]),
  };
}

function systemDisks(index: number): Row[] {
  const ssd = { model: 'SAMSUNG MZ7L33T8HBLT', size: 3_840_755_982_336 };
  const wear = [97, 95, 41][index] ?? 97;
  const disks = [
    disk('/dev/sda', { ...ssd, wearout: wear, serial: `S6KLNE0T${index * 2 + 1}` }),
    disk('/dev/sdb', {
      ...ssd,
      wearout: index === 2 ? 6 : wear - 1,
      health: index === 2 ? 'FAILED' : 'PASSED',
      serial: `S6KLNE0T${index * 2 + 2}`,
    }),
  ];
  if (index !== 0) return disks;
  const hdd = { model: 'ST8000NM000A', size: 8_001_563_222_016, type: 'hdd', vendor: 'ATA' };
  const spare = { model: 'KINGSTON SA400S3', size: 480_103_981_056, wearout: 99 };
  return [
    ...disks,
    disk('/dev/sdc', { ...hdd, serial: 'WSD4K1R1' }),
    disk('/dev/sdd', { ...hdd, serial: 'WSD4K1R2' }),
    // nothing is on it yet
    unused(disk('/dev/sde', { ...spare, serial: '50026B7784A1' })),
  ];
}

/** The battery that node01 asks about the power. */
const UPS: Row = {
  busnum: 1,
  devnum: 3,
  level: 1,
  port: 4,
  usbpath: '5',
  class: 0,
  vendid: '0764',
  prodid: '0501',
  manufacturer: 'CPS',
  product: 'CP1500EPFCLCD',
  speed: '1.5',
};

function unused({ used: _used, ...row }: Row): Row {
  return { ...row, gpt: 0 };
}

function devices(index: number): Row[] {
  const nic = device('0000:01:00.0', '0x020000', '0x8086', '0x1563', {
    vendor_name: 'Intel Corporation',
    device_name: 'Ethernet Controller X550',
    iommugroup: 14,
  });
  const sata = device('0000:02:00.0', '0x010601', '0x1022', '0x7901', {
    vendor_name: 'Advanced Micro Devices, Inc. [AMD]',
    device_name: 'FCH SATA Controller [AHCI mode]',
    iommugroup: 22,
  });
  if (index !== 2) return [nic, sata];
  const gpu = (id: string, iommugroup: number): Row =>
    device(id, '0x030000', '0x10de', '0x2684', {
      vendor_name: 'NVIDIA Corporation',
      device_name: 'AD102 [GeForce RTX 4090]',
      subsystem_vendor: '0x1043',
      subsystem_vendor_name: 'ASUSTeK Computer Inc.',
      subsystem_device: '0x889a',
      iommugroup,
    });
  const sound = (id: string, iommugroup: number): Row =>
    device(id, '0x040300', '0x10de', '0x22ba', {
      vendor_name: 'NVIDIA Corporation',
      device_name: 'AD102 High Definition Audio Controller',
      iommugroup,
    });
  return [
    nic,
    sata,
    gpu('0000:41:00.0', 41),
    sound('0000:41:00.1', 41),
    gpu('0000:81:00.0', 67),
    sound('0000:81:00.1', 67),
  ];
}

function device(id: string, pciClass: string, vendor: string, deviceId: string, fields: Row): Row {
  const subsystem = { subsystem_vendor: vendor, subsystem_device: deviceId };
  return { id, class: pciClass, vendor, device: deviceId, ...subsystem, ...fields };
}

function updates(index: number): Row[] {
  const all = [
    update('pve-manager', '9.2.11', '9.2.12', 'Proxmox', 'The Proxmox Virtual Environment'),
    update('qemu-server', '9.2.6', '9.2.7', 'Proxmox', 'Qemu Server Tools'),
    update('proxmox-kernel-6.17', '6.17.4-2', '6.17.9-1', 'Proxmox', 'Latest Proxmox Kernel Image'),
    update('openssl', '3.5.4-1~deb13u1', '3.5.4-1~deb13u2', 'Debian', 'Secure Sockets Layer toolkit'),
    update('libssl3t64', '3.5.4-1~deb13u1', '3.5.4-1~deb13u2', 'Debian', 'Secure Sockets Layer toolkit'),
    update('curl', '8.14.1-2', '8.14.1-2+deb13u2', 'Debian', 'command line tool for transferring data'),
  ];
  if (index === 0) return all.slice(0, 3);
  return index === 1 ? [] : all;
}

function update(name: string, OldVersion: string, Version: string, Origin: string, Title: string): Row {
  const section = Origin === 'Proxmox' ? 'admin' : 'utils';
  const rest = { Arch: 'amd64', Priority: 'optional', Section: section, Description: Title };
  return { Package: name, Title, OldVersion, Version, Origin, ...rest };
}
