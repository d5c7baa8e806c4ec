import { describe, expect, it } from 'vitest';
import type { State } from '../state/model.ts';
import { asking } from '../worlds/asking.ts';
import { demoState } from '../worlds/demo.ts';

const NOW = Date.parse('2026-02-23T10:00:00Z');
const GIB = 1024 ** 3;
const demo = (): State => demoState({ now: () => NOW });
const anything: unknown = expect.anything();

/** What a read of the demo cluster holds at least. */
const READS: [path: string, params: Record<string, unknown>, holds: unknown][] = [
  [
    '/nodes/pve-node01/qemu',
    {},
    expect.arrayContaining([expect.objectContaining({ vmid: 100, cpus: 4, pid: anything })]),
  ],
  ['/nodes/pve-node01/qemu', { full: 1 }, expect.arrayContaining([expect.objectContaining({ qmpstatus: 'running' })])],
  [
    '/nodes/pve-node02/lxc',
    {},
    [
      { vmid: 202, type: 'lxc', maxswap: 512 * 1024 ** 2 },
      { vmid: 203, status: 'stopped' },
    ],
  ],
  [
    '/nodes/pve-node01/qemu/100/status/current',
    {},
    { qmpstatus: 'running', agent: 1, ha: { managed: 1, state: 'started' } },
  ],
  [
    '/nodes/pve-node01/qemu/105/status/current',
    {},
    { ha: { managed: 0 }, nics: { tap105i0: anything }, blockstat: { scsi0: anything } },
  ],
  [
    '/nodes/pve-node02/qemu/104/status/current',
    {},
    { status: 'stopped', cpu: 0, mem: 0, uptime: 0, qmpstatus: 'stopped' },
  ],
  ['/nodes/pve-node02/qemu/9000/status/current', {}, { template: 1 }],
  [
    '/nodes/pve-node01/qemu/102/config',
    {},
    { memory: '32768', cores: 8, protection: 1, digest: expect.stringMatching(/^[0-9a-f]{40}$/) },
  ],
  ['/nodes/pve-node01/lxc/200/config', {}, { memory: 2048, hostname: 'nginx-proxy', unprivileged: 1 }],
  ['/nodes/pve-node01/qemu/101/config', { snapshot: 'release-4-2' }, { snaptime: anything, parent: 'release-4-1' }],
  ['/nodes/pve-node01/qemu/102/pending', {}, expect.arrayContaining([{ key: 'cores', value: 8 }])],
  [
    '/nodes/pve-node02/qemu/9000/cloudinit',
    {},
    [
      { key: 'ciuser', value: 'ubuntu' },
      { key: 'ipconfig0', value: 'ip=dhcp' },
    ],
  ],
  [
    '/nodes/pve-node01/qemu/101/snapshot',
    {},
    [
      { name: 'release-4-1', vmstate: 0 },
      { name: 'release-4-2' },
      { name: 'current', running: 1, parent: 'release-4-2' },
    ],
  ],
  ['/nodes/pve-node01/lxc/201/snapshot', {}, [{ name: 'current', description: 'You are here!', running: 1 }]],
  [
    '/nodes/pve-node01/qemu/100/agent/network-get-interfaces',
    {},
    { result: [anything, { name: 'Ethernet', 'ip-addresses': [{ 'ip-address': '10.10.10.10' }, anything] }] },
  ],
  ['/nodes/pve-node01/lxc/200/interfaces', {}, [anything, { name: 'eth0', inet: '10.10.20.5/24' }]],
  ['/nodes/pve-node02/lxc/203/interfaces', {}, null],
  [
    '/nodes/pve-node01/qemu/100/migrate',
    {},
    { running: 1, allowed_nodes: ['pve-node02', 'pve-node03'], local_disks: expect.objectContaining({ length: 3 }) },
  ],
  ['/nodes/pve-node03/qemu/111/migrate', {}, { local_resources: ['hostpci0'] }],
  ['/nodes/pve-node01/qemu/101/feature', { feature: 'snapshot' }, { hasFeature: 1 }],
  ['/nodes/pve-node01/qemu/101/feature', { feature: 'clone' }, { hasFeature: 0 }],
  ['/nodes/pve-node01/qemu/101/feature', { feature: 'copy' }, { hasFeature: 1 }],
  // ZFS copies no snapshots
  ['/nodes/pve-node01/qemu/101/feature', { feature: 'copy', snapname: 'release-4-1' }, { hasFeature: 0, nodes: [] }],
  [
    '/nodes/pve-node01/status',
    {},
    {
      memory: { total: 76 * GIB },
      loadavg: [expect.stringMatching(/^\d+\.\d\d$/), anything, anything],
      pveversion: 'pve-manager/9.2.11/8b1f0a6c2d9e4f37',
    },
  ],
  ['/nodes/pve-node03/time', {}, { timezone: 'UTC', time: NOW / 1000, localtime: NOW / 1000 }],
  [
    '/nodes/pve-node01/storage',
    {},
    [
      { storage: 'local', active: 1 },
      { storage: 'local-zfs' },
      { storage: 'backup-pool' },
      { storage: 'nfs-backup', shared: 1 },
    ],
  ],
  ['/nodes/pve-node02/storage', { content: 'images' }, [{ storage: 'local-zfs' }]],
  [
    '/nodes/pve-node02/storage',
    { content: 'backup', target: 'pve-node01' },
    [{ storage: 'local' }, { storage: 'nfs-backup' }],
  ],
  ['/nodes/pve-node01/storage/local-zfs/status', {}, { type: 'zfspool', active: 1, used: anything }],
  [
    '/nodes/pve-node01/storage/local-zfs/content',
    { vmid: 101 },
    [{ volid: 'local-zfs:vm-101-disk-0', size: 120 * GIB, format: 'raw' }],
  ],
  ['/nodes/pve-node01/storage/local/content', { content: 'iso' }, [{ format: 'iso' }, { volid: anything }]],
  [
    '/nodes/pve-node01/storage/local/content/local:iso%2Fdebian-13.3.0-amd64-netinst.iso',
    {},
    { path: '/var/lib/vz/template/iso/debian-13.3.0-amd64-netinst.iso' },
  ],
  ['/nodes/pve-node01/disks/list', { type: 'unused' }, [{ devpath: '/dev/sde' }]],
  [
    '/nodes/pve-node03/disks/smart',
    { disk: '/dev/sdb' },
    {
      health: 'FAILED',
      wearout: 6,
      attributes: expect.arrayContaining([expect.objectContaining({ name: 'Reallocated_Sector_Ct', fail: 'NOW' })]),
    },
  ],
  ['/nodes/pve-node03/disks/smart', { disk: '/dev/sda', healthonly: 1 }, { health: 'PASSED' }],
  ['/nodes/pve-node01/network', { type: 'bridge' }, [{ iface: 'vmbr0', bridge_vlan_aware: 1 }]],
  ['/nodes/pve-node01/network/bond0', {}, { bond_mode: '802.3ad', slaves: 'enp1s0f0 enp1s0f1' }],
  ['/nodes/pve-node02/apt/update', {}, []],
  ['/nodes/pve-node03/apt/update', {}, expect.arrayContaining([expect.objectContaining({ Package: 'openssl' })])],
  [
    '/nodes/pve-node02/certificates/info',
    {},
    [anything, { filename: 'pve-ssl.pem', notafter: NOW / 1000 + 18 * 86_400 }],
  ],
  [
    '/nodes/pve-node01/replication',
    {},
    [
      { id: '100-0', fail_count: 0 },
      { id: '102-0', fail_count: 48, error: anything },
    ],
  ],
  ['/nodes/pve-node01/services/pveproxy/state', {}, { state: 'running' }],
  [
    '/cluster/backup',
    {},
    [
      { id: 'backup-01', 'next-run': NOW / 1000 + 15 * 3600 },
      { id: 'backup-02' },
      { id: 'backup-03', schedule: 'sun 03:00' },
    ],
  ],
  ['/cluster/backup-info/not-backed-up', {}, [{ vmid: 104, name: 'build-agent', type: 'qemu' }, { vmid: 111 }]],
  ['/cluster/firewall/rules', {}, [{ pos: 0, macro: 'SSH' }, { pos: 1 }, { pos: 2 }, { pos: 3, enable: 0 }]],
  ['/cluster/firewall/refs', { type: 'ipset' }, [{ ref: '+dc/management' }]],
  ['/nodes/pve-node01/qemu/102/firewall/options', {}, { enable: 1, policy_in: 'DROP' }],
  ['/cluster/firewall/groups/web', {}, [{ macro: 'HTTP' }, { macro: 'HTTPS' }]],
  ['/pools', {}, [{ poolid: 'production' }, { poolid: 'kubernetes' }, { poolid: 'development' }]],
  ['/pools', { poolid: 'kubernetes' }, [{ members: [{ id: 'qemu/110' }, { id: 'qemu/111' }, { id: 'qemu/112' }] }]],
  ['/cluster/nextid', { vmid: 300 }, '300'],
  ['/cluster/options', {}, { 'allowed-tags': expect.arrayContaining(['env-production', 'k8s']) }],
  [
    '/cluster/jobs/schedule-analyze',
    { schedule: 'daily', iterations: 2 },
    [{ utc: '2026-02-24T00:00:00.000Z' }, { utc: '2026-02-25T00:00:00.000Z' }],
  ],
];

describe('reads of the demo cluster', () => {
  const ask = asking({ state: demo() });
  it.each(READS)('%s %o', (path, params, holds) => {
    const answer = ask(path, params);
    if (holds === null || typeof holds === 'string') expect(answer).toBe(holds);
    else
      expect(Array.isArray(answer) ? { rows: answer } : answer).toMatchObject(
        Array.isArray(answer) ? { rows: holds } : (holds as object),
      );
  });
});

/** Refusals in Proxmox's words. */
const REFUSED: [path: string, params: Record<string, unknown>, status: number, message: string][] = [
  [
    '/nodes/pve-node01/qemu/999/config',
    {},
    500,
    "Configuration file 'nodes/pve-node01/qemu-server/999.conf' does not exist\n",
  ],
  [
    '/nodes/pve-node02/qemu/100/config',
    {},
    500,
    "Configuration file 'nodes/pve-node02/qemu-server/100.conf' does not exist\n",
  ],
  ['/nodes/pve-node01/lxc/100/config', {}, 500, "Configuration file 'nodes/pve-node01/lxc/100.conf' does not exist\n"],
  ['/nodes/pve-node01/qemu/100/config', { snapshot: 'x' }, 500, "snapshot 'x' does not exist\n"],
  ['/nodes/pve-node02/qemu/104/agent/network-get-interfaces', {}, 500, 'No QEMU guest agent configured\n'],
  ['/nodes/pve-node02/qemu/9000/agent/network-get-interfaces', {}, 500, 'VM 9000 is not running\n'],
  ['/nodes/pve-node01/storage/nowhere/status', {}, 400, 'Parameter verification failed.\n'],
  ['/cluster/ha/groups', {}, 500, 'cannot index groups: ha groups have been migrated to rules\n'],
  ['/cluster/nextid', { vmid: 100 }, 400, 'Parameter verification failed.\n'],
  ['/cluster/ceph/status', {}, 500, 'binary not installed: /usr/bin/ceph-mon\n'],
];

describe('refusals', () => {
  const ask = asking({ state: demo() });
  it.each(REFUSED)('%s %o', (path, params, status, message) => {
    expect(() => ask(path, params)).toThrow(expect.objectContaining({ status, message }));
  });
});

/** Who sees which rows: caller, path, ids. */
const SEEN: [authid: string, path: string, params: Record<string, unknown>, key: string, ids: unknown[]][] = [
  ['anna@pve!ci', '/cluster/resources', { type: 'vm' }, 'vmid', [103, 104, 203]],
  ['anna@pve!ci', '/cluster/resources', { type: 'node' }, 'node', ['pve-node01', 'pve-node02', 'pve-node03']],
  ['anna@pve!ci', '/cluster/resources', { type: 'storage' }, 'storage', []],
  ['anna@pve!ci', '/nodes/pve-node01/qemu', {}, 'vmid', [103]],
  ['anna@pve!ci', '/storage', {}, 'storage', []],
  ['anna@pve!ci', '/pools', {}, 'poolid', []],
  ['ben@pve', '/nodes/pve-node02/lxc', {}, 'vmid', [202, 203]],
  ['ben@pve', '/pools', {}, 'poolid', []],
  ['auditor@pve', '/storage', {}, 'storage', ['local', 'local-zfs', 'backup-pool', 'nfs-backup']],
  ['auditor@pve', '/nodes/pve-node01/storage/local-zfs/content', {}, 'volid', []],
  ['auditor@pve', '/nodes/pve-node01/storage/backup-pool/content', {}, 'volid', []],
];

describe('rows are seen with the privilege for them', () => {
  it.each(SEEN)('%s %s %o', (authid, path, params, key, ids) => {
    const rows = asking({ state: demo(), authid })(path, params) as Record<string, unknown>[];
    expect(rows.map((row) => row[key])).toEqual(ids);
  });

  it('leaves out the figures of nodes without Sys.Audit, and pools without Pool.Audit', () => {
    const ask = asking({ state: demo(), authid: 'ben@pve' });
    const rows = ask('/cluster/resources') as Record<string, unknown>[];
    expect(rows.find(({ id }) => id === 'node/pve-node01')).toEqual({
      id: 'node/pve-node01',
      type: 'node',
      node: 'pve-node01',
      status: 'online',
      level: 'c',
      'cgroup-mode': 2,
    });
    expect(rows.find(({ id }) => id === 'qemu/100')).not.toHaveProperty('pool');
  });
});

describe('a lost node', () => {
  const lost = (secondsAgo: number): Record<string, unknown>[] => {
    const state = demo();
    const node = state.nodes.get('pve-node01');
    if (node) node.offlineSince = NOW;
    return asking({ state, nowMs: NOW + secondsAgo * 1000 })('/cluster/resources') as Record<string, unknown>[];
  };

  it('is offline at once, while its guests still seem to run', () => {
    const rows = lost(290);
    expect(rows.find(({ id }) => id === 'node/pve-node01')).toMatchObject({ status: 'offline', maxcpu: 16 });
    expect(rows.find(({ id }) => id === 'qemu/100')).toMatchObject({ status: 'running' });
  });

  it('has unknown guests after 300 s, told by id, tags, pool and HA state alone', () => {
    const rows = lost(310);
    expect(rows.find(({ id }) => id === 'qemu/100')).toEqual({
      id: 'qemu/100',
      type: 'qemu',
      vmid: 100,
      node: 'pve-node01',
      status: 'unknown',
      tags: 'env-production;windows',
      pool: 'production',
      hastate: 'started',
    });
    expect(rows.find(({ id }) => id === 'storage/pve-node01/local')).toMatchObject({ status: 'unknown' });
  });

  it("leaves its LRM's last sign behind", () => {
    const state = demo();
    const node = state.nodes.get('pve-node03');
    if (node) node.offlineSince = NOW;
    const rows = asking({ state, nowMs: NOW + 120_000 })('/cluster/ha/status/current') as Record<string, unknown>[];
    expect(rows.find(({ id }) => id === 'lrm:pve-node03')?.['status']).toBe(
      'pve-node03 (old timestamp - dead?, Mon Feb 23 09:59:58 2026)',
    );
    expect(rows.find(({ id }) => id === 'lrm:pve-node01')?.['status']).toMatch(/^pve-node01 \(active, /);
  });
});
