import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, end: unknown];

const VM = '/nodes/pve-node01/qemu/101';
const CT = '/nodes/pve-node01/lxc/201';
const BUILD = '/nodes/pve-node02/qemu/104';
const ZFS = '/nodes/pve-node02/storage/local-zfs/content';
const GIB = 1024 ** 3;

/** The snapshots' names with their parents. */
const tree = (...rows: [string, string | undefined][]): unknown =>
  rows.map(([name, parent]) => expect.objectContaining(parent === undefined ? { name } : { name, parent }));

const STORIES: Record<string, Step[]> = {
  'snapshots are taken, listed, gone back to and removed': [
    [`POST ${VM}/snapshot`, { snapname: 'next', description: 'x', vmstate: true }, 'OK'],
    [
      `GET ${VM}/snapshot`,
      undefined,
      tree(['release-4-1', undefined], ['release-4-2', 'release-4-1'], ['next', 'release-4-2'], ['current', 'next']),
    ],
    [
      `GET ${VM}/snapshot/next/config`,
      undefined,
      expect.objectContaining({ vmstate: 'local-zfs:vm-101-state-next', cores: 8 }),
    ],
    [
      `POST ${VM}/snapshot/release-4-2/rollback`,
      {},
      "can't rollback, 'release-4-2' is not most recent snapshot on 'local-zfs:vm-101-disk-0'",
    ],
    [`PUT ${VM}/config`, { name: 'changed' }, null],
    [`POST ${VM}/snapshot/next/rollback`, {}, 'OK'],
    [`GET ${VM}/config`, undefined, expect.objectContaining({ parent: 'next', name: 'app-server-prod' })],
    [`GET ${VM}/pending`, undefined, expect.arrayContaining([{ key: 'parent', value: 'next' }])],
    [`GET ${VM}/status/current`, undefined, expect.objectContaining({ name: 'app-server-prod', status: 'running' })],
    [`DELETE ${VM}/snapshot/release-4-2`, undefined, 'OK'],
    [`GET ${VM}/snapshot`, undefined, tree(['release-4-1', undefined], ['next', 'release-4-1'], ['current', 'next'])],
    [`DELETE ${VM}/snapshot/next`, undefined, 'OK'],
    [`GET ${VM}/snapshot`, undefined, tree(['release-4-1', undefined], ['current', 'release-4-1'])],
    [
      `GET /nodes/pve-node01/storage/local-zfs/content?vmid=101`,
      undefined,
      [expect.objectContaining({ volid: 'local-zfs:vm-101-disk-0' })],
    ],
    [`PUT ${VM}/snapshot/release-4-1/config`, { description: 'old' }, null],
    [`POST ${VM}/snapshot/release-4-1/rollback`, {}, 'OK'],
    [`GET ${VM}/status/current`, undefined, expect.objectContaining({ status: 'stopped' })],
  ],
  'what is refused': [
    [`POST ${VM}/snapshot`, { snapname: 'current' }, "unable to use snapshot name 'current' (reserved name)"],
    [`POST ${CT}/snapshot`, { snapname: 'vzdump' }, "unable to use snapshot name 'vzdump' (reserved name)"],
    [`POST ${VM}/snapshot`, { snapname: 'release-4-1' }, "snapshot name 'release-4-1' already used"],
    [`POST ${VM}/snapshot/none/rollback`, {}, "snapshot 'none' does not exist"],
    [`DELETE ${CT}/snapshot/none`, undefined, "snapshot 'none' does not exist"],
    [`POST /nodes/pve-node02/qemu/9000/snapshot`, { snapname: 'one' }, "you can't take a snapshot if it's a template"],
  ],
  'a container': [
    [`POST ${CT}/snapshot`, { snapname: 'one' }, 'OK'],
    [`PUT ${CT}/config`, { mp0: 'local-zfs:3,mp=/data' }, null],
    [`POST ${CT}/snapshot/one/rollback`, { start: true }, 'OK'],
    [`GET ${CT}/config`, undefined, expect.objectContaining({ unused0: 'local-zfs:subvol-201-disk-1' })],
    [`GET ${CT}/status/current`, undefined, expect.objectContaining({ status: 'running' })],
    [`DELETE ${CT}/snapshot/one`, undefined, 'OK'],
  ],
  'disks grow': [
    [`PUT ${BUILD}/resize`, { disk: 'scsi0', size: '+40G' }, 'OK'],
    [`GET ${BUILD}/config`, undefined, expect.objectContaining({ scsi0: expect.stringContaining('size=200G') })],
    [`GET ${ZFS}?vmid=104`, undefined, [expect.objectContaining({ size: 200 * GIB })]],
    [`PUT ${BUILD}/resize`, { disk: 'scsi0', size: '200G' }, 'OK'],
    [`PUT ${BUILD}/resize`, { disk: 'scsi0', size: '10G' }, 'shrinking disks is not supported'],
    [`PUT ${BUILD}/resize`, { disk: 'scsi9', size: '10G' }, "disk 'scsi9' does not exist"],
    [`PUT ${CT}/resize`, { disk: 'rootfs', size: '1G' }, 'unable to shrink disk size'],
    [`PUT ${CT}/resize`, { disk: 'rootfs', size: '4G' }, 'disk is already at specified size'],
    [`PUT ${CT}/resize`, { disk: 'rootfs', size: '+2G' }, 'OK'],
    [`GET ${CT}/config`, undefined, expect.objectContaining({ rootfs: 'local-zfs:subvol-201-disk-0,size=6G' })],
  ],
  'disks move': [
    [
      `POST ${BUILD}/move_disk`,
      { disk: 'scsi0', storage: 'local-zfs' },
      "you can't move to the same storage with same format",
    ],
    [
      `POST ${BUILD}/move_disk`,
      { disk: 'scsi0' },
      expect.objectContaining({ storage: expect.stringMatching(/^both/) }),
    ],
    [
      `POST ${BUILD}/move_disk`,
      { disk: 'scsi0', storage: 'local' },
      "storage 'local' does not support content-type 'images'",
    ],
    [`POST ${BUILD}/move_disk`, { disk: 'scsi0', storage: 'nfs-backup', format: 'qcow2', delete: true }, 'OK'],
    [
      `GET ${BUILD}/config`,
      undefined,
      expect.objectContaining({ scsi0: 'nfs-backup:104/vm-104-disk-0.qcow2,discard=on,iothread=1,size=160G' }),
    ],
    [`GET ${ZFS}?vmid=104`, undefined, []],
    [`POST ${BUILD}/move_disk`, { disk: 'scsi0', storage: 'local-zfs' }, 'OK'],
    [`GET ${BUILD}/config`, undefined, expect.objectContaining({ unused0: 'nfs-backup:104/vm-104-disk-0.qcow2' })],
  ],
  'a guest becomes a template': [
    [`POST ${VM}/template`, {}, 'unable to create template, because VM contains snapshots'],
    [`POST /nodes/pve-node01/qemu/105/template`, {}, "you can't convert a VM to template if VM is running"],
    [`POST ${BUILD}/template`, {}, 'OK'],
    [
      `GET ${BUILD}/config`,
      undefined,
      expect.objectContaining({ template: 1, scsi0: expect.stringMatching(/^local-zfs:base-104-disk-0,/) }),
    ],
    [`POST ${BUILD}/template`, {}, "you can't convert a template to a template"],
    [`POST /nodes/pve-node02/lxc/203/template`, {}, null],
  ],
};

describe('snapshots and disks', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    const nfs = lab.sandbox.state.storages.get('nfs-backup');
    lab.sandbox.state.storages.set('nfs-backup', { ...nfs, content: 'backup,images,iso,vztmpl' });
    for (const [line, params, end] of steps) expect([line, await lab.done(line, params)]).toEqual([line, end]);
  });

  it('two at once wait for each other, ten seconds long', async () => {
    await lab.call(`POST ${VM}/snapshot`, { snapname: 'one', vmstate: true });
    await lab.call(`POST ${VM}/snapshot`, { snapname: 'two' });
    const second = lab.log;
    await lab.sandbox.clock.advance(11_000);
    expect(second()).toEqual([
      'trying to acquire lock...',
      "TASK ERROR: can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout",
    ]);
  });

  it('the lock shows while it lasts', async () => {
    await lab.call(`POST ${VM}/snapshot`, { snapname: 'one', vmstate: true });
    await lab.sandbox.clock.advance(1000);
    expect(await lab.call(`GET ${VM}/config`)).toMatchObject({ lock: 'snapshot' });
    await lab.sandbox.clock.advance(60_000);
    expect(await lab.call(`GET ${VM}/config`)).not.toHaveProperty('lock');
  });
});
