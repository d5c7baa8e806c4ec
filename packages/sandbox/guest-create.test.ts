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
const DEBIAN = 'local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst';
const having = (row: object): unknown => expect.objectContaining(row);
const lacking = (row: object): unknown => expect.not.objectContaining(row);
const volids = (...ids: string[]): unknown => ids.map((volid) => having({ volid }));

const STORIES: Record<string, Step[]> = {
  'volumes are numbered in their own order, however they were sent': [
    [
      `POST ${TWO}/qemu`,
      { vmid: 107, virtio0: 'local-zfs:3', scsi10: 'local-zfs:2', scsi2: 'file=local-zfs:1,size=1G,aio=io_uring' },
      'OK',
    ],
    [
      `GET ${TWO}/qemu/107/config`,
      undefined,
      having({
        scsi2: 'local-zfs:vm-107-disk-0,aio=io_uring,size=1G',
        scsi10: 'local-zfs:vm-107-disk-1,size=2G',
        virtio0: 'local-zfs:vm-107-disk-2,size=3G',
      }),
    ],
    [
      `POST ${TWO}/lxc`,
      { vmid: 207, mp0: 'mp=/srv,volume=local-zfs:2,size=2G', rootfs: 'size=4,volume=local-zfs:4', ostemplate: DEBIAN },
      'OK',
    ],
    [
      `GET ${TWO}/lxc/207/config`,
      undefined,
      having({ rootfs: 'local-zfs:subvol-207-disk-0,size=4G', mp0: 'local-zfs:subvol-207-disk-1,mp=/srv,size=2G' }),
    ],
  ],
  'a disk that is made of an image has whole MiB': [
    [`PUT /storage/local`, { content: 'import,vztmpl' }, having({ storage: 'local' })],
    [
      `POST ${TWO}/storage/local/download-url`,
      { content: 'import', filename: 'noble.qcow2', url: 'https://cloud.example/noble.img' },
      'OK',
    ],
    [`POST ${TWO}/qemu`, { vmid: 108, scsi0: 'local-zfs:0,import-from=local:import/noble.qcow2' }, 'OK'],
    [
      `GET ${TWO}/qemu/108/config`,
      undefined,
      having({ scsi0: expect.stringMatching(/^local-zfs:vm-108-disk-0,size=\d+M$/) }),
    ],
  ],
  'a VM is made and goes': [
    [
      `POST ${TWO}/qemu`,
      {
        vmid: 106,
        name: 'web',
        cores: 2,
        memory: '4096',
        net0: 'virtio,bridge=vmbr0',
        scsi0: 'local-zfs:32',
        ide2: 'local:iso/debian-13.3.0-amd64-netinst.iso,media=cdrom',
        ostype: 'l26',
        pool: 'web',
      },
      "pool 'web' does not exist",
    ],
    [
      `POST ${TWO}/qemu`,
      {
        vmid: 106,
        name: 'web',
        cores: 2,
        memory: '4096',
        net0: 'virtio,bridge=vmbr0',
        scsi0: 'local-zfs:32',
        ide2: 'local:iso/debian-13.3.0-amd64-netinst.iso,media=cdrom',
        ostype: 'l26',
        tags: 'B,a',
      },
      'OK',
    ],
    [
      `GET ${TWO}/qemu/106/config`,
      undefined,
      having({
        name: 'web',
        cores: 2,
        memory: '4096',
        boot: 'order=scsi0;ide2;net0',
        scsi0: 'local-zfs:vm-106-disk-0,size=32G',
        tags: 'a;b',
      }),
    ],
    [`GET ${TWO}/qemu/106/config`, undefined, lacking({ lock: 'create' })],
    [`POST ${TWO}/qemu`, { vmid: 106 }, "unable to create VM 106 - VM 106 already exists on node 'pve-node02'"],
    [`POST ${TWO}/qemu`, { vmid: 203 }, "unable to create VM 203 - CT 203 already exists on node 'pve-node02'"],
    [`POST ${TWO}/qemu`, { vmid: 107, scsi0: 'none-such:32' }, "storage 'none-such' does not exist"],
    [
      `POST ${TWO}/qemu`,
      { vmid: 107, scsi0: 'local:32' },
      having({ storage: "storage 'local' does not support vm images" }),
    ],
    [`POST ${TWO}/qemu/106/status/start`, {}, 'OK'],
    [`DELETE ${TWO}/qemu/106`, undefined, 'VM 106 is running - destroy failed'],
    [`POST ${TWO}/qemu/106/status/stop`, {}, 'OK'],
    [`DELETE ${TWO}/qemu/106`, undefined, 'OK'],
    [
      `GET ${TWO}/qemu/106/config`,
      undefined,
      "Configuration file 'nodes/pve-node02/qemu-server/106.conf' does not exist",
    ],
    [`GET ${TWO}/storage/local-zfs/content?vmid=106`, undefined, []],
  ],
  'what fails in the task leaves nothing': [
    [
      `POST ${TWO}/qemu`,
      { vmid: 106, scsi0: 'local-zfs:5', scsi1: 'local-zfs:vm-106-disk-9' },
      "unable to create VM 106 - volume 'local-zfs:vm-106-disk-9' does not exist",
    ],
    [`GET ${TWO}/storage/local-zfs/content?vmid=106`, undefined, []],
    [`GET /cluster/nextid`, undefined, '106'],
  ],
  'a VM from an imported image': [
    [
      `POST ${TWO}/qemu`,
      { vmid: 106, scsi0: 'local-zfs:0,import-from=local-zfs:vm-104-disk-0', ide2: 'local-zfs:cloudinit', start: true },
      'OK',
    ],
    [
      `GET ${TWO}/storage/local-zfs/content?vmid=106`,
      undefined,
      volids('local-zfs:vm-106-cloudinit', 'local-zfs:vm-106-disk-0'),
    ],
  ],
  'a linked clone hangs on its template': [
    [`POST ${TWO}/qemu/9000/clone`, { newid: 106, name: 'web' }, 'OK'],
    [
      `GET ${TWO}/qemu/106/config`,
      undefined,
      having({
        name: 'web',
        scsi0: expect.stringMatching(/^local-zfs:base-9000-disk-0\/vm-106-disk-0,/),
        ide2: 'local-zfs:vm-106-cloudinit,media=cdrom,size=4M',
      }),
    ],
    [`GET ${TWO}/qemu/106/config`, undefined, lacking({ template: 1 })],
    [`DELETE ${TWO}/qemu/9000`, undefined, "base volume 'local-zfs:base-9000-disk-0' is still in use by linked cloned"],
    [`DELETE ${TWO}/qemu/106`, undefined, 'OK'],
    [`DELETE ${TWO}/qemu/9000`, undefined, 'OK'],
  ],
  'a full clone stands by itself': [
    [`POST ${TWO}/qemu/104/clone`, { newid: 106 }, 'OK'],
    [
      `GET ${TWO}/qemu/106/config`,
      undefined,
      having({ name: 'Copy-of-VM-build-agent', scsi0: expect.stringMatching(/^local-zfs:vm-106-disk-0,/) }),
    ],
    [`POST ${TWO}/qemu/104/clone`, { newid: 104 }, 'unable to create VM 104: config file already exists'],
    [
      `POST ${TWO}/qemu/104/clone`,
      { newid: 100 },
      "unable to create VM 100 - VM 100 already exists on node 'pve-node01'",
    ],
    [
      `POST ${TWO}/qemu/104/clone`,
      { newid: 107, full: false },
      "Linked clone feature is not supported for 'local-zfs:vm-104-disk-0' (scsi0)",
    ],
    [
      `POST ${TWO}/qemu/9000/clone`,
      { newid: 107, storage: 'local-zfs' },
      "parameter 'storage' not allowed for linked clones",
    ],
    [
      `POST ${TWO}/qemu/104/clone`,
      { newid: 107, target: 'pve-node01' },
      "can't clone VM to node 'pve-node01' (VM uses local storage)",
    ],
    [
      `POST ${TWO}/qemu/104/clone`,
      { newid: 107, target: 'pve-node01', storage: 'local-zfs' },
      "can't clone to non-shared storage 'local-zfs'",
    ],
    [`POST ${TWO}/qemu/104/clone`, { newid: 107, snapname: 'xy' }, "snapshot 'xy' does not exist"],
    [
      `POST ${ONE}/qemu/101/clone`,
      { newid: 107, full: true, snapname: 'release-4-1' },
      "Full clone feature is not supported for drive 'scsi0'",
    ],
    [`POST ${TWO}/qemu/990/clone`, { newid: 107 }, "unable to find configuration file for VM 990 on node 'pve-node02'"],
  ],
  'a container is made, cloned and goes': [
    [
      `POST ${ONE}/lxc`,
      { vmid: 206, ostemplate: DEBIAN },
      having({ storage: "storage 'local' does not support container directories" }),
    ],
    [
      `POST ${ONE}/lxc`,
      { vmid: 206, ostemplate: 'local:vztmpl/none.tar.zst', storage: 'local-zfs' },
      "volume 'local:vztmpl/none.tar.zst' does not exist",
    ],
    [
      `POST ${ONE}/lxc`,
      { vmid: 206, ostemplate: DEBIAN, mp0: 'local-zfs:1,mp=/x' },
      "mount points configured, but 'rootfs' not set - aborting",
    ],
    [
      `POST ${ONE}/lxc`,
      {
        vmid: 206,
        ostemplate: DEBIAN,
        storage: 'local-zfs',
        hostname: 'ct',
        net0: 'name=eth0,bridge=vmbr0,ip=dhcp',
        start: true,
      },
      'OK',
    ],
    [
      `GET ${ONE}/lxc/206/config`,
      undefined,
      having({
        hostname: 'ct',
        ostype: 'debian',
        unprivileged: 1,
        memory: 512,
        rootfs: 'local-zfs:subvol-206-disk-0,size=4G',
      }),
    ],
    [
      `POST ${ONE}/lxc/206/clone`,
      { newid: 207, full: true },
      'Full clone of a running container is only possible from a snapshot',
    ],
    [
      `POST ${ONE}/lxc/206/clone`,
      { newid: 207, full: false },
      "Linked clone feature for 'local-zfs:subvol-206-disk-0' is not available",
    ],
    [`POST ${ONE}/lxc/206/snapshot`, { snapname: 'one' }, 'OK'],
    [`POST ${ONE}/lxc/206/clone`, { newid: 207, full: true, snapname: 'one', hostname: 'copy' }, 'OK'],
    [
      `GET ${ONE}/lxc/207/config`,
      undefined,
      having({ hostname: 'copy', rootfs: 'local-zfs:subvol-207-disk-0,size=4G' }),
    ],
    [`DELETE ${ONE}/lxc/206`, undefined, 'unable to destroy CT 206 - container is running'],
    [`DELETE ${ONE}/lxc/206?force=1`, undefined, 'OK'],
  ],
  'what stands in the way of removing': [
    [`DELETE ${ONE}/qemu/102`, undefined, "can't remove VM 102 - protection mode enabled"],
    [
      `DELETE ${ONE}/qemu/100`,
      undefined,
      'unable to remove VM 100 - used in HA resources and purge parameter not set.',
    ],
    [`DELETE ${ONE}/lxc/200`, undefined, 'unable to remove CT 200 - used in HA resources and purge parameter not set.'],
    [`DELETE ${ONE}/qemu/999`, undefined, "Configuration file 'nodes/pve-node01/qemu-server/999.conf' does not exist"],
  ],
};

describe('guests come and go', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end] of steps) expect([line, await lab.done(line, params)]).toEqual([line, end]);
  });

  it('purge makes HA, replication and backup jobs forget a guest', async () => {
    const { state, clock } = lab.sandbox;
    await lab.done(`POST ${ONE}/qemu/100/status/stop`, {});
    await clock.advance(120_000);
    expect(await lab.done(`DELETE ${ONE}/qemu/100?purge=1`)).toBe('OK');
    expect(lab.log()).toContain('purging VM 100 from related configurations..');
    expect(state.ha.resources.some(({ sid }) => sid === 'vm:100')).toBe(false);
    expect(state.replication.some(({ guest }) => guest === 100)).toBe(false);
    expect(state.access.pools.some(({ vms }) => vms.map(Number).includes(100))).toBe(false);
  });

  it('a clone that is stopped half way leaves nothing', async () => {
    // a task's UPID
    const upid = (await lab.call(`POST ${TWO}/qemu/104/clone`, { newid: 106 })) as string;
    await lab.sandbox.clock.advance(30_000);
    expect(await lab.call(`GET ${TWO}/qemu/106/config`)).toMatchObject({ lock: 'clone' });
    lab.sandbox.tasks.stop(upid);
    await lab.sandbox.clock.advance(1000);
    expect(lab.sandbox.tasks.find(upid)?.status).toBe('clone failed: interrupted by signal');
    expect(await lab.call(`GET ${TWO}/storage/local-zfs/content?vmid=106`)).toEqual([]);
  });
});
