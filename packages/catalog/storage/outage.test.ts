import { onDemoCluster } from '../check.ts';
import { is, oneOf } from '../kit/index.ts';

const down = 'storage/pve-node02/local-zfs';

onDemoCluster('storage growth', {
  'the filling storage, with its interval': [
    { dataset: 'storage', where: is('nodes', 'pve-node03'), focus: ['growth', 'full_at'] },
    {
      findings: ['warning storage.filling storage/pve-node03/local-zfs'],
      cells: { 'storage/pve-node03/local-zfs': { growth: 12 * 1024 ** 3 } },
    },
  ],
});

onDemoCluster(
  'a node is gone',
  {
    'its storages are unknown, shared ones are told by others': [
      { dataset: 'storage', where: oneOf('storage', 'local-zfs', 'nfs-backup') },
      {
        cells: {
          [down]: { status: 'unknown' },
          'storage/pve-node01/local-zfs': { status: 'available' },
          'storage/pve-node01/nfs-backup': { status: 'available' },
        },
        findings: [`warning storage.unreachable ${down}`],
      },
    ],
    'what stands there is lacking, by no call': [
      { dataset: 'volumes', where: is('storage', 'local-zfs') },
      {
        calls: [
          '/cluster/resources',
          '/nodes/pve-node01/storage/local-zfs/content',
          '/nodes/pve-node03/storage/local-zfs/content',
        ],
        lacks: ['volumes on local-zfs of pve-node02'],
      },
    ],
    'its ZFS pools are lacking': [
      { dataset: 'zfs', where: is('state', 'DEGRADED') },
      { rows: ['zfs/pve-node03/rpool'], lacks: ['ZFS pools of pve-node02: node pve-node02 is offline'] },
    ],
    'its disks, devices and interfaces are lacking': [
      { dataset: 'network', where: is('node', 'pve-node02') },
      { rows: [], lacks: ['network interfaces of pve-node02: node pve-node02 is offline'] },
    ],
  },
  { faults: [{ fault: 'node_down', node: 'pve-node02' }] },
);

onDemoCluster(
  'a privilege is missing',
  {
    'pools cannot be seen, and why': [{ dataset: 'zfs' }, { rows: [], lacks: ['Sys.Audit'] }],
    'firewall of the datacenter': [{ dataset: 'firewalls' }, { rows: [], lacks: ['Sys.Audit'] }],
    'disks of a node': [
      { dataset: 'disks', where: is('node', 'pve-node01') },
      { rows: [], lacks: ['Permission check failed'] },
    ],
    'storages are still told': [
      { dataset: 'storage', where: is('storage', 'nfs-backup') },
      { rows: ['storage/pve-node01/nfs-backup'] },
    ],
  },
  { faults: [{ fault: 'revoked_privilege', privilege: 'Sys.Audit' }] },
);

onDemoCluster(
  'the privilege to see storages is missing',
  { 'they are not said to be none': [{ dataset: 'storage' }, { rows: [], lacks: ['holds Datastore.Audit on none'] }] },
  { faults: [{ fault: 'revoked_privilege', privilege: 'Datastore.Audit' }] },
);
