import { afterEach, describe, expect, it } from 'vitest';
import { disksOf } from './guests/disks.ts';
import { findVolume, volumeOwner } from './guests/volumes.ts';
import type { Guest, State } from './state/model.ts';
import { startChanging, type Changing } from './testing/changing.ts';
import { Random } from './worlds/random.ts';

let lab: Changing;
afterEach(() => lab.sandbox.close());

const NODES = ['pve-node01', 'pve-node02', 'pve-node03'];

/** Changes that somebody might send at any time, whether they make sense or not; a path from the root is taken as it is. */
const CHANGES: ((random: Random, guest: Guest, state: State) => [what: string, params: object])[] = [
  ...['start', 'stop', 'shutdown', 'reboot', 'suspend', 'resume'].map((word) => (): [string, object] => [
    `POST /status/${word}`,
    {},
  ]),
  () => ['POST /status/reset', {}],
  (random) => ['PUT /config', { cores: random.whole(1, 8) }],
  (random) => ['PUT /config', { [`scsi${random.whole(1, 4)}`]: 'local-zfs:4' }],
  (random) => ['PUT /config', { [`mp${random.whole(0, 3)}`]: `local-zfs:2,mp=/m${random.whole(0, 9)}` }],
  (random) => ['PUT /config', { delete: `scsi${random.whole(0, 4)}` }],
  (random) => ['PUT /config', { delete: `unused${random.whole(0, 2)}` }],
  (random) => ['PUT /config', { revert: `cores,scsi${random.whole(1, 4)}` }],
  () => ['PUT /resize', { disk: 'scsi0', size: '+1G' }],
  (random) => ['POST /snapshot', { snapname: `s${random.whole(0, 3)}x`, vmstate: true }],
  (random) => [`DELETE /snapshot/s${random.whole(0, 3)}x`, {}],
  (random) => [`POST /snapshot/s${random.whole(0, 3)}x/rollback`, {}],
  (random) => ['POST /clone', { newid: random.whole(300, 306) }],
  () => ['POST /template', {}],
  (random) => ['POST /migrate', { target: pick(random, NODES), online: 1, 'with-local-disks': 1 }],
  () => ['DELETE ?purge=1', {}],
  (random, { node, vmid }) => [
    `POST /nodes/${node}/vzdump`,
    {
      vmid: String(vmid),
      storage: 'nfs-backup',
      compress: 'zstd',
      mode: pick(random, MODES),
      'prune-backups': 'keep-last=3',
    },
  ],
  (_random, guest, state) => restoring(guest, state, { force: true }),
  (random, guest, state) => restoring(guest, state, { vmid: random.whole(300, 306), unique: true }),
  (random, { type }) => [
    `POST /${type === 'qemu' ? 'move_disk' : 'move_volume'}`,
    type === 'qemu'
      ? {
          disk: `scsi${random.whole(1, 4)}`,
          'target-vmid': random.whole(100, 112),
          'target-disk': `scsi${random.whole(5, 9)}`,
        }
      : {
          volume: `mp${random.whole(0, 3)}`,
          'target-vmid': random.whole(200, 204),
          'target-volume': `mp${random.whole(4, 9)}`,
        },
  ],
];

const MODES = ['snapshot', 'suspend', 'stop'];

/** The newest backup of a guest, over it or as another; a guest without one names what is not there. */
function restoring({ node, type, vmid }: Guest, state: State, more: object): [string, object] {
  const volumes = state.nodes.get(node)?.storages.get('nfs-backup')?.pool.volumes ?? [];
  const own = volumes.filter((one) => one.content === 'backup' && one.vmid === vmid && one['subtype'] === type);
  const archive = own.at(-1)?.volid ?? `nfs-backup:backup/vzdump-${type}-${vmid}-2020_01_01-00_00_00.vma.zst`;
  const from = type === 'qemu' ? { archive } : { ostemplate: archive, restore: true };
  return [`POST /nodes/${node}/${type}`, { vmid, storage: 'local-zfs', ...from, ...more }];
}

/** One of many; there is always one. */
function pick<T>(random: Random, from: readonly T[]): T {
  const one = from[random.whole(0, from.length - 1)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}

/** What is wrong with a cluster in which nothing goes on any more. */
function faults(state: State): string[] {
  const found: string[] = [];
  const named = new Set<string>();
  for (const guest of state.guests.values()) {
    const { lock } = guest.config;
    if (lock !== undefined && lock !== 'suspended') found.push(`${guest.vmid} is still locked (${lock})`);
    const configs = [guest.config, guest.pending?.set ?? {}, ...guest.snapshots.map(({ config }) => config ?? {})];
    for (const config of configs) {
      for (const { volid } of disksOf(config)) {
        named.add(`${guest.node} ${volid}`);
        if (volid.startsWith('local-zfs:') && !findVolume(state, guest.node, volid)) {
          found.push(`${guest.vmid} names ${volid}, which is not there`);
        }
      }
      if (config['vmstate'] !== undefined) named.add(`${guest.node} ${config['vmstate']}`);
    }
  }
  for (const node of state.nodes.values()) {
    for (const { volid } of node.storages.get('local-zfs')?.pool.volumes ?? []) {
      if (!named.has(`${node.name} ${volid}`))
        found.push(`${volid} on ${node.name} is nobody's (${volumeOwner(volid)})`);
    }
  }
  return found;
}

/** Bytes of each storage that are no volume's. */
function basesOf({ nodes }: State): unknown {
  return [...nodes.values()].map(({ storages }) => [...storages].map(([id, { pool }]) => [id, Math.round(pool.base)]));
}

describe('a storm of changes', () => {
  it.each([1, 2, 3, 4, 5, 6])('leaves every volume somebody’s and nothing locked (seed %i)', async (seed) => {
    lab = await startChanging();
    const random = new Random(seed);
    const { state, clock, tasks } = lab.sandbox;
    const strange: unknown[] = [];
    const bases = basesOf(state);
    for (let step = 0; step < 60; step++) {
      const guest = pick(random, [...state.guests.values()]);
      const [what, params] = pick(random, CHANGES)(random, guest, state);
      const [method = '', rest = ''] = what.split(' ');
      const path = rest.startsWith('/nodes/') ? rest : `/nodes/${guest.node}/${guest.type}/${guest.vmid}${rest}`;
      const outcome = await lab.call(`${method} ${path}`, method === 'DELETE' ? undefined : params);
      if (/undefined|NaN|not a function|Cannot read/.test(JSON.stringify(outcome ?? ''))) strange.push([path, outcome]);
      await clock.advance(random.whole(0, 20_000));
    }
    await clock.advance(3 * 3600 * 1000);
    expect(strange).toEqual([]);
    expect(tasks.all().filter(({ endtime }) => endtime === undefined)).toEqual([]);
    expect(faults(state)).toEqual([]);
    // what backups and restores take while they run is given back
    expect(basesOf(state)).toEqual(bases);
    const ends = tasks.all().map(({ status }) => status ?? '');
    expect(ends.filter((end) => /undefined|NaN|not a function|Cannot read/.test(end))).toEqual([]);
  });
});
