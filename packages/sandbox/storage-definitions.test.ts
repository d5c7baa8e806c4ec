import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, end: unknown];

const having = (row: object): unknown => expect.objectContaining(row);
const lacking = (row: object): unknown => expect.not.objectContaining(row);
const failed = (what: string, text: string): string =>
  `${what} storage failed: error during cfs-locked 'file-storage_cfg' operation: ${text}`;
const DIR = { storage: 'fast', type: 'dir', path: '/mnt/fast', content: 'images,iso' };
const NFS = { storage: 'share', type: 'nfs', server: '10.10.0.60', export: '/data', content: 'backup' };
const SEEN = (node: string): string => `GET /nodes/pve-node0${node}/storage`;

const STORIES: Record<string, Step[]> = {
  'what is refused': [
    ['POST /storage', { ...DIR, path: undefined }, "missing value for required option 'path'"],
    ['POST /storage', { ...DIR, pool: 'rpool' }, "unexpected property 'pool'"],
    [
      'POST /storage',
      { storage: 'tank', type: 'zfspool', pool: 'rpool', content: 'iso' },
      "storage does not support content type 'iso'",
    ],
    ['POST /storage', { ...DIR, storage: 'local' }, failed('create', "storage ID 'local' already defined")],
    [
      'POST /storage',
      { storage: 'tank', type: 'zfspool', pool: 'tank' },
      failed('create', "could not activate storage 'tank', zfs error: cannot import 'tank': no such pool available"),
    ],
    ['POST /storage', { ...NFS, server: 'nowhere.invalid' }, failed('create', "storage 'share' is not online")],
    [
      'POST /storage',
      { ...DIR, is_mountpoint: 'yes' },
      failed(
        'create',
        "unable to activate storage 'fast' - directory is expected to be a mount point but is not mounted: '/mnt/fast'",
      ),
    ],
    ['PUT /storage/none', { content: 'iso' }, failed('update', "storage 'none' does not exist")],
    [
      'PUT /storage/local',
      { digest: '0'.repeat(40), content: 'iso' },
      failed('update', 'detected modified configuration - file changed by other user? Try again.'),
    ],
    ['PUT /storage/local', { delete: 'path' }, failed('update', "unable to delete required option 'path'")],
    ['PUT /storage/local', { delete: 'nonsense' }, failed('update', "no such option 'nonsense'")],
    [
      'PUT /storage/local',
      { content: 'iso', delete: 'content' },
      failed('update', "cannot set and delete property 'content' at the same time!"),
    ],
    ['DELETE /storage/none', undefined, failed('delete', "storage 'none' does not exist")],
  ],
  'a folder on each node': [
    ['POST /storage', DIR, { storage: 'fast', type: 'dir' }],
    [
      'GET /storage/fast',
      undefined,
      having({ storage: 'fast', type: 'dir', path: '/mnt/fast', content: 'images,iso' }),
    ],
    [SEEN('2'), undefined, expect.arrayContaining([having({ storage: 'fast', active: 1, enabled: 1, shared: 0 })])],
    ['POST /nodes/pve-node02/qemu', { vmid: 106, scsi0: 'fast:4' }, 'OK'],
    ['GET /nodes/pve-node02/storage/fast/content', undefined, [having({ volid: 'fast:106/vm-106-disk-0.raw' })]],
    ['GET /nodes/pve-node01/storage/fast/content', undefined, []],
    ['PUT /storage/fast', { nodes: 'pve-node01', content: 'images' }, { storage: 'fast', type: 'dir' }],
    [SEEN('2'), undefined, lacking([having({ storage: 'fast' })])],
    ['GET /nodes/pve-node02/storage/fast/content', undefined, "storage 'fast' is not available on node 'pve-node02'"],
    ['PUT /storage/fast', { delete: 'nodes' }, { storage: 'fast', type: 'dir' }],
    ['GET /nodes/pve-node02/storage/fast/content', undefined, [having({ volid: 'fast:106/vm-106-disk-0.raw' })]],
    ['PUT /storage/fast', { disable: true }, { storage: 'fast', type: 'dir' }],
    ['GET /nodes/pve-node02/storage/fast/content', undefined, "storage 'fast' is disabled"],
    ['DELETE /storage/fast', undefined, null],
    ['GET /storage/fast', undefined, "storage 'fast' does not exist"],
  ],
  'a share that all nodes see': [
    ['POST /storage', NFS, { storage: 'share', type: 'nfs' }],
    ['GET /storage/share', undefined, having({ shared: 1, path: '/mnt/pve/share' })],
    ['POST /nodes/pve-node02/vzdump', { vmid: '104', storage: 'share', compress: 'zstd' }, 'OK'],
    ['GET /nodes/pve-node03/storage/share/content', undefined, [having({ vmid: 104, content: 'backup' })]],
  ],
  'a pool that not every node has': [
    [
      'POST /storage',
      { storage: 'more', type: 'zfspool', pool: 'backup-pool/vm', sparse: 1 },
      { storage: 'more', type: 'zfspool' },
    ],
    [SEEN('1'), undefined, expect.arrayContaining([having({ storage: 'more', active: 1 })])],
    [SEEN('2'), undefined, expect.arrayContaining([having({ storage: 'more', active: 0, total: 0 })])],
  ],
};

describe('definitions of storages', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end] of steps) expect([line, await lab.done(line, params)]).toEqual([line, end]);
  });

  it('a password is taken, and never shown', async () => {
    const { sandbox } = lab;
    const params = {
      storage: 'smb',
      type: 'cifs',
      server: 'files',
      share: 'x',
      username: 'u',
      password: 'hidden-word',
    };
    expect(await lab.call('POST /storage', params)).toEqual({ storage: 'smb', type: 'cifs' });
    expect(JSON.stringify([...sandbox.state.storages])).not.toContain('hidden-word');
  });
});
