import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

/** A change of one guest's configuration, what it answers, and what the configuration then holds. */
type Step = [params: object, end: unknown, config?: object, pending?: object[]];

const STOPPED = '2/qemu/104';
const RUNNING = '1/qemu/105';
const CT = '2/lxc/202';
const MAC = /^virtio=BC:24:11(?::[0-9A-F]{2}){3},bridge=vmbr0,tag=40$/;

const STORIES: Record<string, [guest: string, steps: Step[]]> = {
  'values are kept in Proxmox’s form': [
    STOPPED,
    [
      [{ cores: '8', memory: '4096', onboot: true, numa: 0 }, null, { cores: 8, memory: '4096', onboot: 1, numa: 0 }],
      [{ tags: 'Web,prod;prod' }, null, { tags: 'prod;web' }],
      [{ description: 'one\ntwo\n' }, null, { description: 'one\ntwo' }],
      [{ net1: 'virtio,bridge=vmbr0,tag=40' }, null, { net1: expect.stringMatching(MAC) }],
      [{ ciuser: 'anna', cipassword: 'secret' }, null, { ciuser: 'anna', cipassword: '**********' }],
      [{ delete: 'tags,net1,onboot' }, null, { tags: undefined, net1: undefined, onboot: undefined }],
    ],
  ],
  refusals: [
    STOPPED,
    [
      [{}, 'no options specified'],
      [{ delete: 'sizzle' }, { delete: "unknown option 'sizzle'" }],
      [{ delete: 'constructor' }, { delete: "unknown option 'constructor'" }],
      [{ delete: 'cores', cores: 2 }, { delete: "you can't use '-cores' and -delete cores' at the same time" }],
      [{ balloon: 99_999 }, 'balloon value too large (must be smaller than assigned memory)'],
      [{ cores: 2, digest: 'a'.repeat(40) }, 'checksum mismatch (file change by other user?)'],
      [{ scsi3: 'nowhere:5' }, "storage 'nowhere' does not exist"],
      [{ scsi3: 'local:5' }, { storage: "storage 'local' does not support vm images" }],
      [
        { ide2: 'local:iso/debian-13.3.0-amd64-netinst.iso' },
        { ide2: 'explicit media parameter is required for iso images' },
      ],
      [{ scsi3: 'local-zfs:vm-104-disk-7' }, "volume 'local-zfs:vm-104-disk-7' does not exist"],
      [{ scsi3: 'local-zfs:9000000' }, null, { scsi3: 'local-zfs:vm-104-disk-1,size=9000000G' }],
    ],
  ],
  'disks come, are let go, come back and go': [
    STOPPED,
    [
      [{ scsi1: 'local-zfs:32,discard=on' }, null, { scsi1: 'local-zfs:vm-104-disk-1,discard=on,size=32G' }],
      [{ delete: 'scsi1' }, null, { scsi1: undefined, unused0: 'local-zfs:vm-104-disk-1' }],
      [{ scsi2: 'local-zfs:vm-104-disk-1' }, null, { unused0: undefined, scsi2: 'local-zfs:vm-104-disk-1,size=32G' }],
      [
        { scsi2: 'local-zfs:8' },
        null,
        { scsi2: 'local-zfs:vm-104-disk-2,size=8G', unused0: 'local-zfs:vm-104-disk-1' },
      ],
      [{ delete: 'unused0' }, null, { unused0: undefined }],
      [
        { ide2: 'local:iso/debian-13.3.0-amd64-netinst.iso,media=cdrom' },
        null,
        { ide2: /^local:iso\/debian.*,media=cdrom,size=\d+M?$/ },
      ],
      [{ ide2: 'none,media=cdrom' }, null, { ide2: 'none,media=cdrom', unused0: undefined }],
      [{ ide2: 'local-zfs:cloudinit' }, null, { ide2: 'local-zfs:vm-104-cloudinit,media=cdrom,size=4M' }],
      [
        { scsi5: 'local-zfs:0,import-from=local-zfs:vm-104-disk-0' },
        null,
        { scsi5: 'local-zfs:vm-104-disk-1,size=160G' },
      ],
      [
        { scsi6: 'local-zfs:1,import-from=local-zfs:vm-104-disk-0' },
        { scsi6: /^'import-from' requires special syntax/ },
      ],
    ],
  ],
  'a VM that runs takes what it can, the rest waits': [
    RUNNING,
    [
      [{ cores: 4, name: 'renamed' }, null, { cores: 4, name: 'renamed' }, [{ key: 'cores', value: 2, pending: 4 }]],
      [{ revert: 'cores' }, null, { cores: 2 }, [{ key: 'cores', value: 2 }]],
      [
        { scsi1: 'local-zfs:5' },
        null,
        { scsi1: 'local-zfs:vm-105-disk-1,size=5G' },
        [{ key: 'scsi1', value: 'local-zfs:vm-105-disk-1,size=5G' }],
      ],
      [{ sata0: 'local-zfs:6' }, null, {}, [{ key: 'sata0', pending: 'local-zfs:vm-105-disk-2,size=6G' }]],
      [{ revert: 'sata0' }, null, { unused0: 'local-zfs:vm-105-disk-2' }],
      [{ delete: 'agent' }, null, {}, [{ key: 'agent', value: '1', delete: 1 }]],
    ],
  ],
  'a container': [
    CT,
    [
      [{ memory: 1024, cores: 2 }, null, { memory: 1024, cores: 2 }],
      [{ nameserver: '1.1.1.1' }, null, {}, [{ key: 'nameserver', pending: '1.1.1.1' }]],
      [{ description: 'one\ntwo' }, null, { description: 'one\ntwo\n' }],
      [{ description: '' }, null, { description: undefined }],
      [{ mp0: 'local-zfs:8,mp=/data' }, null, { mp0: 'local-zfs:subvol-202-disk-1,mp=/data,size=8G' }],
      [{ delete: 'rootfs' }, "unable to delete required option 'rootfs'"],
      [{ unprivileged: 0 }, "Unable to modify read-only option: 'unprivileged'"],
      [
        { hostname: 'x', digest: 'b'.repeat(40) },
        'detected modified configuration - file changed by other user? Try again.',
      ],
      [{ mp1: 'local:8,mp=/x' }, { storage: "storage 'local' does not support container directories" }],
    ],
  ],
};

describe('configurations', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, [guest, steps]) => {
    const path = `/nodes/pve-node0${guest}`;
    for (const [params, end, config, pending] of steps) {
      const outcome = await lab.call(`PUT ${path}/config`, params);
      if (typeof end === 'object' && end !== null) {
        for (const [field, text] of Object.entries(end))
          expect(outcome).toHaveProperty([field], text instanceof RegExp ? expect.stringMatching(text) : text);
      } else expect([params, outcome]).toEqual([params, end]);
      // a configuration is an object
      const now = (await lab.call(`GET ${path}/config`)) as Record<string, unknown>;
      for (const [key, value] of Object.entries(config ?? {})) {
        if (value instanceof RegExp) expect(now[key]).toMatch(value);
        else expect([key, now[key]]).toEqual([key, value]);
      }
      if (pending) expect(await lab.call(`GET ${path}/pending`)).toEqual(expect.arrayContaining(pending));
    }
  });

  it('what waited comes into effect with the next start', async () => {
    const path = '/nodes/pve-node01/qemu/105';
    await lab.call(`PUT ${path}/config`, { cores: 4, delete: 'agent' });
    await lab.done(`POST ${path}/status/stop`, {});
    expect(await lab.call(`GET ${path}/config?current=1`)).toMatchObject({ cores: 4 });
    expect(await lab.call(`GET ${path}/config`)).not.toHaveProperty('agent');
  });

  it('POST gives a task', async () => {
    expect(await lab.done('POST /nodes/pve-node02/qemu/104/config', { cores: 3 })).toBe('OK');
    expect(lab.log()).toEqual(['update VM 104: -cores 3', 'TASK OK']);
  });

  it('protection keeps disks', async () => {
    const path = '/nodes/pve-node02/qemu/104/config';
    await lab.call(`PUT ${path}`, { protection: true });
    expect(await lab.call(`PUT ${path}`, { delete: 'scsi0' })).toBe(
      "can't remove drive 'scsi0' - protection mode enabled",
    );
  });

  it('disks show among the storage’s volumes', async () => {
    await lab.call('PUT /nodes/pve-node02/qemu/104/config', { scsi1: 'local-zfs:32' });
    expect(await lab.call('GET /nodes/pve-node02/storage/local-zfs/content?vmid=104')).toEqual(
      expect.arrayContaining([expect.objectContaining({ volid: 'local-zfs:vm-104-disk-1', size: 32 * 1024 ** 3 })]),
    );
  });

  it('an unlinked disk stays as an unused one, and goes for good by force', async () => {
    const path = '/nodes/pve-node01/qemu/103';
    const volumes = async (): Promise<unknown> => lab.call('GET /nodes/pve-node01/storage/local-zfs/content?vmid=103');
    const volid = 'local-zfs:vm-103-disk-1';
    await lab.call(`PUT ${path}/config`, { scsi1: 'local-zfs:4' });
    expect(await lab.call(`PUT ${path}/unlink`, { idlist: 'scsi1' })).toBe(null);
    expect(await lab.call(`GET ${path}/config`)).toMatchObject({ unused0: volid });
    await lab.call(`PUT ${path}/config`, { scsi1: volid });
    expect(await lab.call(`PUT ${path}/unlink`, { idlist: 'scsi1', force: 1 })).toBe(null);
    expect(await lab.call(`GET ${path}/config`)).not.toHaveProperty('unused0');
    expect(await volumes()).not.toContainEqual(expect.objectContaining({ volid }));
  });

  it('a disk that a snapshot needs does not go by force', async () => {
    const path = '/nodes/pve-node01/qemu/103';
    await lab.done(`POST ${path}/snapshot`, { snapname: 'keeps' });
    const outcome = await lab.call(`PUT ${path}/unlink`, { idlist: 'scsi0', force: true });
    const why = "unable to delete 'local-zfs:vm-103-disk-0' - volume is still in use (snapshot?)";
    expect(outcome).toEqual({ scsi0: expect.stringContaining(why) });
  });
});
