import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, end: unknown, log?: RegExp];

const ONE = '/nodes/pve-node01';
const TWO = '/nodes/pve-node02';
const THREE = '/nodes/pve-node03';
const having = (row: object): unknown => expect.objectContaining(row);
const lacking = (row: object): unknown => expect.not.objectContaining(row);

const STORIES: Record<string, Step[]> = {
  'a VM that is off': [
    [`POST ${TWO}/qemu/104/migrate`, { target: 'pve-node02' }, { target: 'target is local node.' }],
    [`POST ${TWO}/qemu/104/migrate`, { target: 'nowhere' }, "no such cluster node 'nowhere'"],
    [`POST ${TWO}/qemu/104/migrate`, { target: 'pve-node01' }, 'OK', /copying local disk images/],
    [`GET ${ONE}/qemu/104/config`, undefined, having({ scsi0: expect.stringMatching(/^local-zfs:vm-104-disk-0,/) })],
    [`GET ${TWO}/storage/local-zfs/content?vmid=104`, undefined, []],
    [`GET ${ONE}/storage/local-zfs/content?vmid=104`, undefined, [having({ volid: 'local-zfs:vm-104-disk-0' })]],
    [`POST ${TWO}/qemu/104/migrate`, { target: 'pve-node01' }, /does not exist$/],
  ],
  'a VM that runs': [
    [`POST ${ONE}/qemu/105/migrate`, { target: 'pve-node02' }, "can't migrate running VM without --online"],
    [
      `POST ${ONE}/qemu/105/migrate`,
      { target: 'pve-node02', online: true },
      'migration aborted',
      /can't migrate local disk 'local-zfs:vm-105-disk-0': can't live migrate attached local disks without with-local-disks option/,
    ],
    [`GET ${ONE}/qemu/105/config`, undefined, lacking({ lock: 'migrate' })],
    [
      `POST ${ONE}/qemu/105/migrate`,
      { target: 'pve-node02', online: true, 'with-local-disks': true },
      'OK',
      /migration finished successfully \(duration 00:0\d:\d\d\)/,
    ],
    [`GET ${TWO}/qemu/105/status/current`, undefined, having({ status: 'running', name: 'monitoring-stack' })],
    [`GET ${TWO}/qemu/105/agent/get-osinfo`, undefined, having({ result: expect.anything() })],
  ],
  'a VM with the memory of a snapshot': [
    [`POST ${ONE}/qemu/105/snapshot`, { snapname: 'live', vmstate: true }, 'OK'],
    [`POST ${ONE}/qemu/105/status/stop`, {}, 'OK'],
    [
      `POST ${ONE}/qemu/105/migrate`,
      { target: 'pve-node02' },
      'OK',
      /found local disk 'local-zfs:vm-105-state-live' \(referenced by snapshot\(s\)\)/,
    ],
    [`GET ${ONE}/storage/local-zfs/content?vmid=105`, undefined, []],
    [
      `GET ${TWO}/storage/local-zfs/content?vmid=105`,
      undefined,
      expect.arrayContaining([having({ volid: 'local-zfs:vm-105-state-live' })]),
    ],
    [
      `GET ${TWO}/qemu/105/snapshot/live/config`,
      undefined,
      having({ vmstate: 'local-zfs:vm-105-state-live', scsi0: expect.stringMatching(/^local-zfs:vm-105-disk-0,/) }),
    ],
    [`DELETE ${TWO}/qemu/105/snapshot/live`, undefined, 'OK'],
    [`GET ${TWO}/storage/local-zfs/content?vmid=105`, undefined, [having({ volid: 'local-zfs:vm-105-disk-0' })]],
  ],
  'a disk that has another name where it goes is renamed in snapshots, too': [
    [`POST ${TWO}/qemu/104/snapshot`, { snapname: 'one' }, 'OK'],
    [`POST ${ONE}/storage/local-zfs/content`, { vmid: 104, filename: 'vm-104-disk-0', size: '1G' }, expect.anything()],
    [`POST ${TWO}/qemu/104/migrate`, { target: 'pve-node01' }, 'OK'],
    [
      `GET ${ONE}/qemu/104/snapshot/one/config`,
      undefined,
      having({ scsi0: expect.stringMatching(/^local-zfs:vm-104-disk-1,/) }),
    ],
  ],
  'what cannot come along': [
    [
      `POST ${THREE}/qemu/111/migrate`,
      { target: 'pve-node01', online: true, 'with-local-disks': true },
      'migration aborted',
      /can't migrate VM which uses local devices: hostpci0/,
    ],
    [
      `POST ${ONE}/qemu/103/migrate`,
      { target: 'pve-node02', online: true, 'with-local-disks': true },
      'migration aborted',
      /online storage migration not possible/,
    ],
    [`PUT ${TWO}/qemu/104/config`, { ide2: 'local:iso/debian-13.3.0-amd64-netinst.iso,media=cdrom' }, null],
    [`POST ${TWO}/qemu/104/migrate`, { target: 'pve-node01' }, 'migration aborted', /local cdrom image/],
    [
      `POST ${TWO}/qemu/104/migrate`,
      { target: 'pve-node01', targetstorage: 'backup-pool-2' },
      "storage 'backup-pool-2' does not exist",
    ],
    [
      `POST ${TWO}/qemu/110/migrate`,
      { target: 'pve-node03', online: true, 'with-local-disks': true },
      'migration aborted',
      /\[pve-node03\] kvm: .*Cannot allocate memory/,
    ],
    [`GET ${THREE}/storage/local-zfs/content?vmid=110`, undefined, []],
  ],
  'a container': [
    [
      `POST ${TWO}/lxc/202/migrate`,
      { target: 'pve-node01' },
      "can't migrate running container without --online or --restart",
    ],
    [
      `POST ${TWO}/lxc/202/migrate`,
      { target: 'pve-node01', online: true },
      'lxc live migration is currently not implemented',
    ],
    [`POST ${TWO}/lxc/202/migrate`, { target: 'pve-node01', restart: true }, 'OK', /start container on target node/],
    [`GET ${ONE}/lxc/202/status/current`, undefined, having({ status: 'running' })],
    [`GET ${ONE}/lxc/202/config`, undefined, having({ rootfs: 'local-zfs:subvol-202-disk-0,size=4G' })],
  ],
};

describe('migration of', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end, log] of steps) {
      const outcome = await lab.done(line, params);
      if (end instanceof RegExp) expect(outcome).toMatch(end);
      else expect([line, outcome]).toEqual([line, end]);
      if (log) expect(lab.log().join('\n')).toMatch(log);
    }
  });

  it('a guest under HA is left to the manager', async () => {
    // without this it would go back, as its rule prefers the first node
    await lab.call('PUT /cluster/ha/resources/ct:200', { failback: false });
    expect(await lab.done(`POST ${ONE}/lxc/200/migrate`, { target: 'pve-node02', restart: true })).toBe('OK');
    expect(lab.log()).toEqual(['Requesting HA migration for CT 200 to node pve-node02', 'TASK OK']);
    await lab.sandbox.clock.advance(300_000);
    expect(await lab.call(`GET ${TWO}/lxc/200/status/current`)).toMatchObject({ status: 'running' });
    expect(lab.sandbox.state.ha.services.find(({ sid }) => sid === 'ct:200')).toMatchObject({ node: 'pve-node02' });
  });

  it('moves the load when the memory has been copied, not before', async () => {
    const nodeOf = async (): Promise<unknown> => {
      const rows = (await lab.call('GET /cluster/resources?type=vm')) as { vmid: number }[]; // rows of guests
      return rows.find(({ vmid }) => vmid === 105);
    };
    await lab.call(`POST ${ONE}/qemu/105/migrate`, { target: 'pve-node02', online: true, 'with-local-disks': true });
    await lab.sandbox.clock.advance(60_000);
    expect(await nodeOf()).toMatchObject({ node: 'pve-node01', lock: 'migrate', status: 'running' });
    await lab.sandbox.clock.advance(120_000);
    expect(await nodeOf()).toMatchObject({ node: 'pve-node02', status: 'running' });
  });
});
