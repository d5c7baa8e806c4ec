import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, end: unknown];

const having = (row: object): unknown => expect.objectContaining(row);
const lacking = (key: string): unknown => expect.not.objectContaining({ [key]: expect.anything() });
const TWO = '/nodes/pve-node02';
const MOVE = `POST ${TWO}/qemu/104/move_disk`;
const both = "either set 'storage' or 'target-vmid', but not both";

const STORIES: Record<string, Step[]> = {
  'a disk of a VM goes to another': [
    [`PUT ${TWO}/qemu/104/config`, { scsi1: 'local-zfs:4', boot: 'order=scsi0;scsi1' }, null],
    [
      MOVE,
      { disk: 'scsi1', 'target-vmid': 104 },
      having({ 'target-vmid': 'must be different than source VMID to reassign disk' }),
    ],
    [MOVE, { disk: 'scsi1', 'target-vmid': 110, storage: 'local-zfs' }, { 'target-vmid': both, storage: both }],
    [MOVE, { disk: 'scsi1', 'target-vmid': 999 }, 'could not find target VM 999'],
    [MOVE, { disk: 'scsi1', 'target-vmid': 100 }, 'Both VMs need to be on the same node (pve-node02 != pve-node01)'],
    [MOVE, { disk: 'scsi1', 'target-vmid': 9000 }, "Can't move disks from or to template VMs"],
    [MOVE, { disk: 'scsi9', 'target-vmid': 110 }, "Disk 'scsi9' for VM '104' does not exist"],
    [
      MOVE,
      { disk: 'scsi1', 'target-vmid': 110, 'target-disk': 'scsi0' },
      "Target disk key 'scsi0' is already in use for VM '110'",
    ],
    [
      MOVE,
      { disk: 'scsi1', 'target-vmid': 110, 'target-digest': '0'.repeat(40) },
      expect.stringMatching(/^VM 110: detected modified configuration/),
    ],
    [
      `POST ${TWO}/qemu/110/move_disk`,
      { disk: 'scsi0', 'target-vmid': 104, 'target-disk': 'scsi7' },
      'Cannot move disk to another VM while the source VM is running - detach first',
    ],
    [MOVE, { disk: 'scsi1', 'target-vmid': 110, 'target-disk': 'scsi5' }, 'OK'],
    [
      `GET ${TWO}/qemu/110/config`,
      undefined,
      having({ scsi5: expect.stringMatching(/^local-zfs:vm-110-disk-\d,size=4G$/) }),
    ],
    [`GET ${TWO}/qemu/104/config`, undefined, having({ boot: 'order=scsi0' })],
    [`GET ${TWO}/qemu/104/config`, undefined, lacking('scsi1')],
    [`POST ${TWO}/qemu/104/snapshot`, { snapname: 'first' }, 'OK'],
    [
      MOVE,
      { disk: 'scsi0', 'target-vmid': 110, 'target-disk': 'unused0' },
      "Can't move disk used by a snapshot to another VM",
    ],
  ],
  'a mount point of a container goes to another': [
    [`PUT ${TWO}/lxc/203/config`, { mp0: 'local-zfs:2,mp=/data' }, null],
    [`POST ${TWO}/lxc/203/move_volume`, { volume: 'rootfs', 'target-vmid': 202 }, "Cannot move to/from 'rootfs'"],
    [`POST ${TWO}/lxc/203/move_volume`, { volume: 'mp0', 'target-vmid': 104 }, 'could not find CT 104'],
    [`POST ${TWO}/lxc/203/move_volume`, { volume: 'mp0', 'target-vmid': 202, 'target-volume': 'mp3' }, 'OK'],
    [
      `GET ${TWO}/lxc/202/config`,
      undefined,
      having({ mp3: expect.stringMatching(/^local-zfs:subvol-202-disk-\d,mp=\/data/) }),
    ],
    [`GET ${TWO}/lxc/203/config`, undefined, lacking('mp0')],
  ],
};

describe('volumes move from guest to guest', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end] of steps) expect([line, await lab.done(line, params)]).toEqual([line, end]);
  });
});
