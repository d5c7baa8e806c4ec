import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

const TWO = '/nodes/pve-node02';

/** Leaves a storage of a node with so many bytes free. */
function fill(node: string, storage: string, free = 0): void {
  const pool = lab.sandbox.state.nodes.get(node)?.storages.get(storage)?.pool;
  if (!pool) throw new Error(`there is no storage ${storage} on ${node}`);
  const used = pool.volumes.reduce((sum, { size, used: taken = size }) => sum + taken, 0);
  pool.growthPerDay = 0;
  pool.base = pool.total - used - free;
}

const volumesOn = (node: string, storage: string): string[] =>
  (lab.sandbox.state.nodes.get(node)?.storages.get(storage)?.pool.volumes ?? []).map(({ volid }) => volid);

type Case = [what: string, line: string, params: object, full: [node: string, storage: string], says: RegExp];

const CASES: Case[] = [
  [
    'a clone',
    `POST ${TWO}/qemu/104/clone`,
    { newid: 150, full: true },
    ['pve-node02', 'local-zfs'],
    /^clone failed: zfs error: cannot create '.*vm-150-disk-0': out of space$/,
  ],
  [
    'a new VM',
    `POST ${TWO}/qemu`,
    { vmid: 150, scsi0: 'local-zfs:32' },
    ['pve-node02', 'local-zfs'],
    /^unable to create VM 150 - zfs error: cannot create '.*vm-150-disk-0': out of space$/,
  ],
  [
    'a new disk',
    `POST ${TWO}/qemu/104/config`,
    { scsi7: 'local-zfs:32' },
    ['pve-node02', 'local-zfs'],
    /out of space$/,
  ],
  [
    'the memory of a snapshot',
    'POST /nodes/pve-node01/qemu/103/snapshot',
    { snapname: 'live', vmstate: true },
    ['pve-node01', 'local-zfs'],
    /out of space$/,
  ],
  [
    'a migration with its disks',
    `POST ${TWO}/qemu/104/migrate`,
    { target: 'pve-node01' },
    ['pve-node01', 'local-zfs'],
    /^migration aborted$/,
  ],
  [
    'a backup',
    `POST ${TWO}/vzdump`,
    { vmid: '104', storage: 'nfs-backup', mode: 'snapshot', compress: 'zstd' },
    ['pve-node01', 'nfs-backup'],
    /^job errors$/,
  ],
  [
    'a download',
    `POST ${TWO}/storage/local/download-url`,
    { content: 'iso', filename: 'x.iso', url: 'https://example.org/x.iso' },
    ['pve-node02', 'local'],
    /^download failed: .*No space left on device/,
  ],
];

describe('where a storage is full, in the words of what finds out, and nothing of it stays:', () => {
  it.each(CASES)('%s', async (_what, line, params, [node, storage], says) => {
    fill(node, storage);
    const before = volumesOn(node, storage);
    expect(String(await lab.done(line, params))).toMatch(says);
    expect(volumesOn(node, storage)).toEqual(before);
    expect(lab.sandbox.state.guests.has(150)).toBe(false);
    expect([...lab.sandbox.state.guests.values()].filter(({ config }) => config['lock'] !== undefined)).toEqual([]);
  });

  it('a restore, which leaves the guest as it got', async () => {
    fill('pve-node02', 'local-zfs');
    const archive = volumesOn('pve-node02', 'nfs-backup').find((volid) => volid.includes('qemu-110'));
    const end = await lab.done(`POST ${TWO}/qemu`, { vmid: 150, archive, storage: 'local-zfs' });
    expect(end).toMatch(/out of space/);
    expect(lab.log()).toContainEqual(expect.stringContaining('VM 150 state is NOT cleaned up'));
    expect(volumesOn('pve-node02', 'local-zfs').filter((volid) => volid.includes('-150-'))).toEqual([]);
  });

  it('a backup names the guest that it failed of, and goes on with the next', async () => {
    fill('pve-node01', 'nfs-backup');
    const params = { vmid: '200,201', storage: 'nfs-backup', mode: 'snapshot', compress: 'zstd' };
    expect(await lab.done('POST /nodes/pve-node01/vzdump', params)).toBe('job errors');
    const errors = lab.log().filter((line) => line.startsWith('ERROR: Backup of VM'));
    expect(errors.map((line) => /VM (\d+) failed - /.exec(line)?.[1])).toEqual(['200', '201']);
    expect(lab.log()).toContainEqual(expect.stringMatching(/Backup job finished with errors$/));
  });
});

it('what linked clones grow from stays as long as they do', async () => {
  expect(await lab.done(`POST ${TWO}/qemu/9000/clone`, { newid: 150 })).toBe('OK');
  const base = volumesOn('pve-node02', 'local-zfs').find((volid) => volid.endsWith('base-9000-disk-0')) ?? '';
  const path = `${TWO}/storage/local-zfs/content/${encodeURIComponent(base)}`;
  expect(await lab.done(`DELETE ${path}`)).toMatch(/still in use by linked clone/);
  expect(await lab.done(`DELETE ${TWO}/qemu/9000`)).toMatch(/still in use by linked clone/);
  expect(await lab.done(`DELETE ${TWO}/qemu/150`)).toBe('OK');
  expect(await lab.done(`DELETE ${TWO}/qemu/9000`)).toBe('OK');
  expect(volumesOn('pve-node02', 'local-zfs')).not.toContain(base);
});
