import type { Guest, NodeState, Row, StoragePool, Volume } from '../state/model.ts';
import { GIB, TIB } from './made-guest.ts';
import { file, guestVolumes, makePool } from './made-volumes.ts';
import type { Backups } from './demo-backups.ts';
import type { Times } from './times.ts';

/** storage.cfg of the demo cluster. */
export function demoStorages(): Map<string, Row> {
  const all: Row[] = [
    { storage: 'local', type: 'dir', path: '/var/lib/vz', content: 'backup,iso,vztmpl' },
    { storage: 'local-zfs', type: 'zfspool', pool: 'rpool/data', content: 'images,rootdir', sparse: 1 },
    {
      storage: 'backup-pool',
      type: 'dir',
      path: '/backup-pool',
      content: 'backup',
      nodes: 'pve-node01',
      'prune-backups': 'keep-daily=7',
    },
    {
      storage: 'nfs-backup',
      type: 'nfs',
      server: '10.10.0.50',
      export: '/volume1/pve-backup',
      path: '/mnt/pve/nfs-backup',
      content: 'backup,iso,vztmpl',
      shared: 1,
      'prune-backups': 'keep-last=5',
    },
  ];
  return new Map(all.map((row) => [String(row['storage']), row]));
}

/** Gives each node its storages, with what lies on them. */
export function fillStorages(
  times: Times,
  nodes: Map<string, NodeState>,
  guests: readonly Guest[],
  { archives }: Backups,
): void {
  const shared = makePool(14.5 * TIB, 5.3 * TIB, [...nfsFiles(times), ...archives['nfs-backup']], 9 * GIB);
  const used: Record<string, number> = { 'pve-node01': 1.2, 'pve-node02': 0.9, 'pve-node03': 2.8 };
  const growth: Record<string, number> = { 'pve-node01': 1.1, 'pve-node02': 0.6, 'pve-node03': 12 };
  for (const node of nodes.values()) {
    const own = guests.filter((guest) => guest.node === node.name);
    const volumes = guestVolumes(own, 'local-zfs', times.ago({ days: 380 }));
    const disks = makePool(3.6 * TIB, (used[node.name] ?? 1) * TIB, volumes, (growth[node.name] ?? 1) * GIB);
    add(node, 'local', makePool(94 * GIB, 31 * GIB, localFiles(times), 0.05 * GIB));
    add(node, 'local-zfs', disks);
    if (node.name === 'pve-node01') {
      add(node, 'backup-pool', makePool(7.2 * TIB, 4.1 * TIB, archives['backup-pool'], 3 * GIB));
    }
    add(node, 'nfs-backup', shared);
  }
}

function add(node: NodeState, id: string, pool: StoragePool): void {
  node.storages.set(id, { active: 1, enabled: 1, pool });
}

function localFiles(times: Times): Volume[] {
  return [
    file('local:iso/debian-13.3.0-amd64-netinst.iso', 790_626_304, times.ago({ days: 40 })),
    file('local:iso/ubuntu-22.04.5-live-server-amd64.iso', 2_136_926_208, times.ago({ days: 160 })),
    file('local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst', 124_785_413, times.ago({ days: 120 })),
    file('local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst', 141_570_048, times.ago({ days: 120 })),
  ];
}

function nfsFiles(times: Times): Volume[] {
  return [
    file('nfs-backup:iso/virtio-win-0.1.285.iso', 789_645_312, times.ago({ days: 75 })),
    file('nfs-backup:iso/SERVER_2022_EVAL_x64FRE_en-us.iso', 5_044_094_976, times.ago({ days: 300 })),
    file('nfs-backup:vztmpl/alpine-3.22-default_20250617_amd64.tar.xz', 3_326_824, times.ago({ days: 210 })),
  ];
}
