import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, end: unknown];

const ONE = '/nodes/pve-node01';
const TWO = '/nodes/pve-node02';
const having = (row: object): unknown => expect.objectContaining(row);

/** The newest archive of a guest on a storage that all nodes see. */
function archive(vmid: number): string {
  const volumes = lab.sandbox.state.nodes.get('pve-node01')?.storages.get('nfs-backup')?.pool.volumes ?? [];
  const own = volumes.filter((one) => one.content === 'backup' && one.vmid === vmid);
  return own.sort((a, b) => Number(b['ctime']) - Number(a['ctime']))[0]?.volid ?? '';
}

const NEW_VM = (more: object = {}): object => ({ vmid: 106, archive: archive(110), ...more });
const NEW_CT = (more: object = {}): object => ({ vmid: 206, ostemplate: archive(203), restore: true, ...more });
const conflict = "option conflicts with option 'archive'";
const noDirectories = "storage 'local' does not support container directories";

/** The guests' archives are known only once the cluster is there. */
const STORIES: Record<string, () => Step[]> = {
  'what is refused at once': () => [
    [`POST ${TWO}/qemu`, NEW_VM({ scsi1: 'local-zfs:1' }), having({ scsi1: conflict })],
    [`POST ${TWO}/qemu`, NEW_VM({ archive: '-' }), 'pipe requires cli environment'],
    [
      `POST ${TWO}/qemu`,
      NEW_VM({ archive: 'nope:backup/vzdump-qemu-110-2026_01_01-00_00_00.vma' }),
      "storage 'nope' does not exist",
    ],
    [
      `POST ${TWO}/qemu`,
      NEW_VM({ archive: 'nfs-backup:backup/vzdump-qemu-110-2026_01_01-00_00_00.vma.zst' }),
      "volume 'nfs-backup:backup/vzdump-qemu-110-2026_01_01-00_00_00.vma.zst' does not exist",
    ],
    [
      `POST ${TWO}/qemu`,
      NEW_VM({ archive: 'nfs-backup:iso/virtio-win-0.1.285.iso' }),
      having({ volume: "unexpected content type 'iso', expected 'backup'" }),
    ],
    [
      `POST ${TWO}/qemu`,
      NEW_VM({ vmid: 110 }),
      "unable to restore VM 110 - VM 110 already exists on node 'pve-node02'",
    ],
    [
      `POST ${TWO}/qemu`,
      NEW_VM({ vmid: 100, force: true }),
      "unable to restore VM 100 - VM 100 already exists on node 'pve-node01'",
    ],
    [
      `POST ${TWO}/qemu`,
      NEW_VM({ vmid: 203, force: true }),
      "unable to restore VM 203 - CT 203 already exists on node 'pve-node02'",
    ],
    [`POST ${TWO}/lxc`, NEW_CT(), having({ storage: noDirectories })],
    [`POST ${TWO}/lxc`, NEW_CT({ vmid: 203, storage: 'local-zfs' }), "CT 203 already exists on node 'pve-node02'"],
    [`POST ${TWO}/lxc`, NEW_CT({ vmid: 202, storage: 'local-zfs', force: true }), "can't overwrite running container"],
  ],
  'what fails in the task': () => [
    [`POST ${TWO}/qemu`, NEW_VM({ vmid: 110, force: true }), 'unable to restore VM 110 - vm is running'],
    [`PUT ${TWO}/qemu/104/config`, { protection: true }, null],
    [`POST ${TWO}/qemu`, NEW_VM({ vmid: 104, force: true }), 'unable to restore VM 104 - - protection mode enabled'],
    [`POST ${TWO}/qemu`, NEW_VM({ storage: 'local' }), "Content type 'images' is not available on storage 'local'"],
    [`GET ${TWO}/qemu/110/config`, undefined, expect.not.objectContaining({ lock: 'create' })],
    [`GET ${TWO}/qemu/104/config`, undefined, expect.not.objectContaining({ lock: 'create' })],
    [
      `POST ${TWO}/lxc`,
      NEW_CT({ ostemplate: archive(110), storage: 'local-zfs' }),
      expect.stringMatching(/^unable to restore CT 206 - couldn't find any container configuration/),
    ],
    [`GET ${TWO}/lxc/206/config`, undefined, "Configuration file 'nodes/pve-node02/lxc/206.conf' does not exist"],
  ],
  'a VM comes back as another, with addresses of its own': () => [
    [`POST ${TWO}/qemu`, NEW_VM({ unique: true, storage: 'local-zfs', name: 'again', cores: 3, start: true }), 'OK'],
    [
      `GET ${TWO}/qemu/106/config`,
      undefined,
      having({ name: 'again', cores: 3, scsi0: expect.stringMatching(/^local-zfs:vm-106-disk-0,/) }),
    ],
    [`POST ${TWO}/qemu/106/snapshot`, { snapname: 'first' }, 'OK'],
    [`GET ${TWO}/qemu/106/status/current`, undefined, having({ status: 'running' })],
  ],
  'a container comes back as another': () => [
    [`POST ${TWO}/lxc`, NEW_CT({ storage: 'local-zfs', hostname: 'again', unique: true }), 'OK'],
    [
      `GET ${TWO}/lxc/206/config`,
      undefined,
      having({ hostname: 'again', rootfs: expect.stringMatching(/^local-zfs:subvol-206-disk-0,/) }),
    ],
    [`GET ${TWO}/lxc/206/config`, undefined, expect.not.objectContaining({ lock: 'create' })],
  ],
};

describe('backups are restored', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, story) => {
    for (const [line, params, end] of story()) expect([line, await lab.done(line, params)]).toEqual([line, end]);
  });

  it('a VM is as it was when it was backed up', async () => {
    const { state } = lab.sandbox;
    const before = state.guests.get(104)?.config ?? {};
    expect(await lab.done(`POST ${TWO}/vzdump`, { vmid: '104', storage: 'nfs-backup', compress: 'zstd' })).toBe('OK');
    await lab.done(`PUT ${TWO}/qemu/104/config`, { name: 'spoilt', cores: 1, scsi3: 'local-zfs:7' });
    await lab.done(`POST ${TWO}/qemu/104/snapshot`, { snapname: 'later' });
    expect(await lab.done(`POST ${TWO}/qemu`, { vmid: 104, archive: archive(104), force: true })).toBe('OK');
    const log = lab.log();
    expect(log[0]).toMatch(
      /^restore vma archive: zstd -q -d -c \/mnt\/pve\/nfs-backup\/dump\/vzdump-qemu-104-.*\.vma\.zst \| vma extract -v -r /,
    );
    expect(log).toContain("map 'drive-scsi0' to 'local-zfs:vm-104-disk-0' (write zeros = 0)");
    expect(log.some((line) => /^progress 100% \(read \d+ bytes, duration \d+ sec\)$/.test(line))).toBe(true);
    expect(log.slice(-2)).toEqual(['rescan volumes...', 'TASK OK']);
    const { unused0, vmgenid: _new, ...after } = state.guests.get(104)?.config ?? {};
    const { vmgenid: _old, ...was } = before;
    expect(after).toEqual(was);
    expect(unused0).toMatch(/^local-zfs:vm-104-disk-\d$/);
    expect(state.guests.get(104)?.snapshots).toEqual([]);
  });

  it('outlives the guest that it was made of', async () => {
    expect(await lab.done(`POST ${TWO}/vzdump`, { vmid: '104', storage: 'nfs-backup' })).toBe('OK');
    const volid = archive(104);
    expect(await lab.done(`DELETE ${TWO}/qemu/104`)).toBe('OK');
    expect(await lab.done(`POST ${ONE}/qemu`, { vmid: 104, archive: volid })).toBe('OK');
    expect(await lab.call(`GET ${ONE}/qemu/104/config`)).toMatchObject({ name: 'build-agent' });
  });

  it('is known of a guest that is gone, where the world tells what is in the archive', async () => {
    await lab.sandbox.close();
    lab = await startChanging({ world: worldWithArchive() });
    expect(await lab.done('POST /nodes/one/qemu', { vmid: 150, archive: GONE, storage: 'disks' })).toBe('OK');
    expect(await lab.call('GET /nodes/one/qemu/150/config')).toMatchObject({
      name: 'gone',
      cores: 3,
      description: 'a note: kept',
      scsi0: 'disks:vm-150-disk-0,size=8G',
    });
  });

  it('a restore that is stopped half way leaves no disks and no lock', async () => {
    const upid = String(await lab.call(`POST ${TWO}/qemu`, NEW_VM({ storage: 'local-zfs' })));
    await lab.sandbox.clock.advance(10_000);
    expect(await lab.call(`GET ${TWO}/qemu/106/config`)).toMatchObject({ lock: 'create' });
    lab.sandbox.tasks.stop(upid);
    await lab.sandbox.clock.advance(1000);
    expect(lab.log()).toContain("temporary volume 'local-zfs:vm-106-disk-0' sucessfuly removed");
    expect(lab.sandbox.state.guests.get(106)?.config).toEqual({});
    expect(await lab.call(`GET ${TWO}/storage/local-zfs/content?vmid=106`)).toEqual([]);
  });

  it('a storage without room fails in the words of vma', async () => {
    const pool = lab.sandbox.state.nodes.get('pve-node02')?.storages.get('local-zfs')?.pool;
    if (!pool) throw new Error('the demo cluster has this storage');
    pool.base += pool.total * 0.75 - 2 * 1024 ** 3;
    const before = pool.volumes;
    expect(await lab.done(`POST ${TWO}/qemu`, NEW_VM({ storage: 'local-zfs' }))).toMatch(
      /vma extract .* failed: exit code 1$/,
    );
    expect(pool.volumes).toEqual(before);
  });
});

const GONE = 'dump:backup/vzdump-qemu-150-2026_01_01-00_00_00.vma.zst';

/** A node on its own with a backup of a guest that it has no more. */
function worldWithArchive(): Record<string, unknown> {
  const space = { active: 1, enabled: 1, total: 1e12, used: 1e10, avail: 9.9e11, shared: 0 };
  const text =
    '#a note%3A kept\ncores: 3\nname: gone\nscsi0: disks:vm-150-disk-0,size=8G\n#qmdump#map:scsi0:drive-scsi0:disks::\n';
  return {
    format: 1,
    now: 1_771_840_800,
    version: { version: '9.2.11', release: '9.2', repoid: 'x' },
    storage_defs: [
      { storage: 'disks', type: 'zfspool', pool: 'rpool/data', content: 'images,rootdir', sparse: 1 },
      { storage: 'dump', type: 'dir', path: '/dump', content: 'backup' },
    ],
    cluster: { status: [{ type: 'node', id: 'node/one', name: 'one', nodeid: 0, online: 1, local: 1, level: '' }] },
    nodes: {
      one: {
        storage: [
          { storage: 'disks', type: 'zfspool', content: 'images,rootdir', ...space },
          { storage: 'dump', type: 'dir', content: 'backup', ...space },
        ],
        content: {
          dump: [{ volid: GONE, content: 'backup', format: 'vma.zst', size: 1e9, ctime: 1_767_225_600, vmid: 150 }],
        },
        archives: { [GONE]: text },
      },
    },
  };
}
