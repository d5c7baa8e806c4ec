import { expect, test } from 'vitest';
import { NODE1, NODE2, type HandMade, clone, configIs, destroy, migrate, planOf, start } from './testing/plans.ts';
import { type About, aboutOf } from './twin-about.ts';

const AGENT = `${NODE2}/qemu/104`;

/** What is told of a plan, but for what is empty. */
function told(about: About): Record<string, unknown> {
  const values = Object.entries(about).map(([key, value]) => [key, plain(value)] as const);
  return Object.fromEntries(values.filter(([, value]) => JSON.stringify(value) !== '[]' && value !== false));
}

function plain(value: unknown): unknown {
  if (value instanceof Map)
    return [...value].map(([key, of]) => `${String(key)}: ${of instanceof Set ? [...of].join(' ') : String(of)}`);
  return value instanceof Set ? [...value] : value;
}

const call = (line: string, params: Record<string, unknown> = {}, more: Partial<HandMade> = {}): HandMade => ({
  call: line,
  params,
  ...more,
});

const PLANS: [name: string, step: HandMade, about: Record<string, unknown>][] = [
  ['a start', start(AGENT), { nodes: [NODE2], vmids: [104], starts: true }],
  ['a stop', call(`POST /nodes/${AGENT}/status/stop`), { nodes: [NODE2], vmids: [104] }],
  [
    'a clone',
    clone(AGENT, 150, { storage: 'tank', target: NODE1, pool: 'dev' }),
    {
      nodes: [NODE2, NODE1],
      vmids: [104, 150],
      made: [150],
      volumesOf: [104, 150],
      storages: ['tank'],
      pools: ['dev'],
      areas: ['pools'],
    },
  ],
  [
    'a migration',
    migrate(AGENT, NODE1),
    {
      nodes: [NODE2, NODE1],
      vmids: [104],
      volumesOf: [104],
      snapshots: ['104: '],
      areas: ['ha', 'replication'],
      starts: true,
    },
  ],
  [
    'a removal',
    destroy(AGENT),
    { nodes: [NODE2], vmids: [104], volumesOf: [104], snapshots: ['104: '], areas: ['ha', 'backup', 'replication'] },
  ],
  [
    'a new VM with an image and a disk',
    call(`POST /nodes/${NODE1}/qemu`, {
      vmid: 160,
      ide2: 'iso-store:iso/x.iso,media=cdrom',
      scsi0: 'tank:32',
      start: 1,
    }),
    {
      nodes: [NODE1],
      vmids: [160],
      made: [160],
      volumesOf: [160],
      storages: ['iso-store', 'tank'],
      contents: ['iso-store: iso'],
      starts: true,
    },
  ],
  ['an option', call(`PUT /nodes/${AGENT}/config`, { cores: 2 }), { nodes: [NODE2], vmids: [104] }],
  [
    'a disk that is detached',
    call(`PUT /nodes/${AGENT}/config`, { delete: 'scsi1,net1' }),
    { nodes: [NODE2], vmids: [104], volumesOf: [104] },
  ],
  ['tags', call(`PUT /nodes/${AGENT}/config`, { tags: 'a' }), { nodes: [NODE2], vmids: [104], areas: ['options'] }],
  [
    'a rollback',
    call(`POST /nodes/${AGENT}/snapshot/old/rollback`),
    { nodes: [NODE2], vmids: [104], snapshots: ['104: old'], starts: true },
  ],
  [
    'backups of several guests',
    call(`POST /nodes/${NODE1}/vzdump`, { vmid: '101,103', storage: 'nfs' }),
    { nodes: [NODE1], vmids: [101, 103], volumesOf: [101, 103], storages: ['nfs'] },
  ],
  [
    'backups of a pool',
    call(`POST /nodes/${NODE1}/vzdump`, { pool: 'web', storage: 'nfs' }),
    { nodes: [NODE1], pools: ['web'], storages: ['nfs'], areas: ['pools'], backedUp: [`${NODE1}: web`] },
  ],
  [
    'a backup that is deleted',
    call(`DELETE /nodes/${NODE1}/storage/nfs/content/nfs:backup/vzdump-qemu-103-x.vma.zst`),
    { nodes: [NODE1], storages: ['nfs'], contents: ['nfs: backup'] },
  ],
  [
    'a guest under HA by its name there',
    call('PUT /cluster/ha/resources/vm:101', { state: 'stopped' }),
    { nodes: [NODE1], vmids: [101], areas: ['ha'], starts: true },
  ],
  [
    'a disk for another guest',
    call(`POST /nodes/${AGENT}/move_disk`, { disk: 'scsi1', 'target-vmid': 110 }),
    { nodes: [NODE2], vmids: [104, 110], volumesOf: [104, 110] },
  ],
  [
    'a container from its backup',
    call(`POST /nodes/${NODE1}/lxc`, { vmid: 250, restore: 1, ostemplate: 'nfs:backup/vzdump-lxc-200-x.tar.zst' }),
    {
      nodes: [NODE1],
      vmids: [250],
      made: [250],
      volumesOf: [250],
      storages: ['nfs'],
      contents: ['nfs: backup'],
      archives: [`nfs:backup/vzdump-lxc-200-x.tar.zst: ${NODE1}`],
    },
  ],
  [
    'a file inside of a guest',
    call(`POST /nodes/${AGENT}/agent/file-write`, { file: '/etc/motd', content: 'x' }),
    { nodes: [NODE2], vmids: [104], areas: ['agent'], files: ['104: /etc/motd'] },
  ],
  [
    'a storage for all nodes',
    call('POST /storage', { storage: 'fast', type: 'zfspool', pool: 'rpool/fast' }),
    { nodes: [NODE1], storages: ['fast'], built: ['zfspool'], everywhere: true },
  ],
  [
    'a storage for some',
    call('POST /storage', { storage: 'fast', type: 'lvm', vgname: 'vg0', nodes: `${NODE1},${NODE2}` }),
    { nodes: [NODE1, NODE2], storages: ['fast'], built: ['lvm'] },
  ],
  [
    'a template that is offered',
    call(`POST /nodes/${NODE2}/aplinfo`, { storage: 'local', template: 'debian-13' }),
    { nodes: [NODE2], storages: ['local'], contents: ['local: '], areas: ['templates'] },
  ],
  ['all guests of a node', call(`POST /nodes/${NODE1}/stopall`), { nodes: [NODE1], wholeNodes: [NODE1] }],
  [
    'what no twin holds',
    call(`POST /nodes/${NODE1}/disks/zfs`, { name: 'tank', devices: '/dev/sdb', raidlevel: 'single' }),
    { nodes: [NODE1], beyond: [`POST /nodes/${NODE1}/disks/zfs`] },
  ],
  [
    'what its facts are read from, and what takes it back',
    call(
      `POST /nodes/${AGENT}/status/stop`,
      {},
      { expects: [configIs(`${NODE1}/lxc/200`, 'lock', null)], undo: [`POST /nodes/${AGENT}/status/start`] },
    ),
    { nodes: [NODE2, NODE1], vmids: [104, 200], starts: true },
  ],
];

test.each(PLANS)('what a plan is about: %s', (_name, step, about) => {
  expect(told(aboutOf(planOf([step])))).toEqual(about);
});
