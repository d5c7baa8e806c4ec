import type { Guest, Snapshot } from '../state/model.ts';
import { demoContainers } from './demo-containers.ts';
import { makeContainer, makeVm, type GuestPlan } from './made-guest.ts';
import { chain } from './made-snapshots.ts';
import type { Times } from './times.ts';

const DAY = 86_400;
const HOUR = 3600;
/** Everything on node01 but VM 103 was started when the node was. */
const UP = 14 * DAY + 6 * HOUR;

function snapshot(name: string, snaptime: number, description: string, parent?: string): Snapshot {
  return { name, snaptime, description, vmstate: 0, parent };
}

function machines(times: Times): GuestPlan[] {
  return [
    {
      vmid: 100,
      name: 'dc01-win2022',
      node: 'pve-node01',
      cores: 4,
      memory: 8,
      disk: 32,
      uptime: UP,
      cpu: 2,
      used: 4.1,
      tags: 'env-production;windows',
      address: '10.10.10.10',
      vlan: 10,
      config: {
        agent: '1',
        bios: 'ovmf',
        description: 'Primary domain controller.\nOwner: infrastructure team',
        efidisk0: 'local-zfs:vm-100-disk-1,efitype=4m,pre-enrolled-keys=1,size=1M',
        machine: 'pc-q35-10.1',
        onboot: 1,
        ostype: 'win11',
        startup: 'order=1,up=60',
        tpmstate0: 'local-zfs:vm-100-disk-2,size=4M,version=v2.0',
      },
      snapshots: chain(snapshot('before-patchday', times.ago({ days: 12, hours: 14 }), 'before the February updates')),
    },
    {
      vmid: 101,
      name: 'app-server-prod',
      node: 'pve-node01',
      cores: 8,
      memory: 16,
      disk: 120,
      uptime: UP,
      cpu: 3,
      used: 12.4,
      tags: 'env-production;web',
      address: '10.10.20.21',
      vlan: 20,
      config: { agent: '1,fstrim_cloned_disks=1', onboot: 1, startup: 'order=3' },
      snapshots: chain(
        snapshot('release-4-1', times.ago({ days: 94 }), 'before release 4.1'),
        snapshot('release-4-2', times.ago({ days: 8, hours: 3 }), 'before release 4.2', 'release-4-1'),
      ),
    },
    {
      vmid: 102,
      name: 'db-postgres-01',
      node: 'pve-node01',
      cores: 8,
      memory: 32,
      disk: 500,
      uptime: UP,
      cpu: 4,
      used: 28.1,
      tags: 'database;env-production',
      address: '10.10.30.31',
      vlan: 30,
      config: { agent: '1', cpu: 'host', numa: 1, onboot: 1, protection: 1, startup: 'order=2,up=30' },
    },
    {
      vmid: 103,
      name: 'docker-host-01',
      node: 'pve-node01',
      cores: 8,
      memory: 16,
      disk: 200,
      uptime: 7 * DAY + 12 * HOUR,
      cpu: 6,
      used: 13.8,
      tags: 'docker;env-staging',
      address: '10.10.40.41',
      vlan: 40,
      config: { agent: '1', onboot: 1 },
      snapshots: chain(snapshot('pre-docker-28', times.ago({ days: 7, hours: 13 }), 'before Docker 28')),
    },
    {
      vmid: 104,
      name: 'build-agent',
      node: 'pve-node02',
      cores: 4,
      memory: 8,
      disk: 160,
      uptime: 0,
      tags: 'ci;env-development',
      vlan: 40,
      config: { description: 'Runs the nightly builds when asked to.' },
    },
    {
      vmid: 105,
      name: 'monitoring-stack',
      node: 'pve-node01',
      cores: 2,
      memory: 4,
      disk: 50,
      uptime: UP,
      cpu: 1,
      used: 1.9,
      tags: 'env-production;monitoring',
      address: '10.10.10.15',
      vlan: 10,
      config: { agent: '1', onboot: 1 },
    },
    ...workers(),
    ...templates(),
  ];
}

function workers(): GuestPlan[] {
  const cluster = { tags: 'env-production;k8s', vlan: 50 };
  return [
    {
      ...cluster,
      vmid: 110,
      name: 'k8s-worker-01',
      node: 'pve-node02',
      cores: 8,
      memory: 32,
      disk: 400,
      uptime: 41 * DAY + 3 * HOUR,
      cpu: 3.04,
      used: 27.4,
      address: '10.10.50.51',
      config: { agent: '1', cpu: 'host', onboot: 1 },
    },
    {
      ...cluster,
      vmid: 111,
      name: 'k8s-worker-02',
      node: 'pve-node03',
      cores: 8,
      memory: 24,
      disk: 400,
      uptime: 20 * DAY + 22 * HOUR,
      cpu: 6.8,
      used: 22.3,
      address: '10.10.50.52',
      config: {
        agent: '1',
        bios: 'ovmf',
        cpu: 'host',
        efidisk0: 'local-zfs:vm-111-disk-1,efitype=4m,size=1M',
        hostpci0: '0000:41:00,pcie=1',
        machine: 'q35',
        onboot: 1,
      },
    },
    {
      vmid: 112,
      name: 'elastic-data-01',
      node: 'pve-node03',
      cores: 6,
      memory: 32,
      disk: 64,
      disks: { scsi1: 1600 },
      uptime: 20 * DAY + 22 * HOUR,
      cpu: 3.7,
      used: 30.6,
      tags: 'elastic;env-production',
      vlan: 30,
      address: '10.10.30.35',
      config: { agent: '1', cpu: 'host', onboot: 1 },
    },
  ];
}

function templates(): GuestPlan[] {
  const cloud = (user: string): GuestPlan['config'] => ({
    agent: '1',
    boot: 'order=scsi0',
    ciuser: user,
    ipconfig0: 'ip=dhcp',
    serial0: 'socket',
    template: 1,
    vga: 'serial0',
  });
  const plan = { cores: 2, memory: 2, uptime: 0, tags: 'template' };
  return [
    {
      ...plan,
      vmid: 9000,
      name: 'ubuntu-22.04-cloud',
      node: 'pve-node02',
      disk: 3,
      config: { ...cloud('ubuntu'), ide2: 'local-zfs:vm-9000-cloudinit,media=cdrom,size=4M' },
    },
    {
      ...plan,
      vmid: 9001,
      name: 'debian-12-cloud',
      node: 'pve-node01',
      disk: 3,
      config: { ...cloud('debian'), ide2: 'local-zfs:vm-9001-cloudinit,media=cdrom,size=4M' },
    },
  ];
}

/** The guests of the demo cluster, by vmid. */
export function demoGuests(times: Times): Map<number, Guest> {
  const all = [
    ...machines(times).map((plan) => makeVm(plan, times.now)),
    ...demoContainers(times).map((plan) => makeContainer(plan, times.now)),
  ];
  return new Map(all.map((guest) => [guest.vmid, guest]));
}
