import { afterEach, beforeEach, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';
import { ask } from './testing/raw.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Form = Record<string, string>;
type Step = [line: string, form: Form | undefined, end: unknown];

/** One call with an API token and a form, as infrastructure-as-code tools make it; a task is followed to its end. */
async function send(line: string, form: Form | undefined): Promise<unknown> {
  const { sandbox } = lab;
  const headers = {
    Authorization: `PVEAPIToken=root@pam!sandbox=${sandbox.tokenSecret}`,
    ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
  };
  const [method, path] = line.split(' ');
  const body = form && new URLSearchParams(form).toString();
  const answer = await ask(sandbox.url, `${method} /api2/json/${path}`, headers, body);
  // the body is Proxmox's envelope
  const { data, message, errors } = JSON.parse(answer.body) as { data: unknown; message?: string; errors?: object };
  if (typeof data !== 'string' || !data.startsWith('UPID:')) return errors ?? message ?? data;
  for (let step = 0; step < 100 && sandbox.tasks.find(data)?.endtime === undefined; step++)
    await sandbox.clock.advance(5000);
  return sandbox.tasks.find(data)?.status;
}

const NODE = 'nodes/pve-node01';
const having = (row: object): unknown => expect.objectContaining(row);
const lacking = (row: object): unknown => expect.not.objectContaining(row);

/** Every option is sent, with the names of default keys spelled out, empty lists, and slashes before the question mark. */
const STORIES: Record<string, Step[]> = {
  'a VM with all of its options': [
    [
      `POST ${NODE}/qemu`,
      {
        vmid: '5000',
        name: 'web',
        acpi: '1',
        agent: 'enabled=1,fstrim_cloned_disks=0,type=virtio',
        balloon: '0',
        bios: 'seabios',
        boot: 'order=scsi0;net0',
        cpu: 'cputype=x86-64-v2-AES',
        cpuunits: '1024',
        description: 'Managed from outside',
        hotplug: 'network,disk,usb',
        ide2: 'file=local-zfs:cloudinit,media=cdrom',
        ipconfig0: 'gw=10.0.0.1,ip=10.0.0.52/24',
        memory: '1024',
        net0: 'model=virtio,bridge=vmbr0,firewall=0',
        ostype: 'l26',
        protection: '0',
        scsi0: 'file=local-zfs:8,aio=io_uring,backup=1,cache=none,discard=on,iothread=0,replicate=1,size=8G,ssd=0',
        serial0: 'socket',
        startup: 'down=60,order=3,up=60',
        tags: 'web;tofu',
        template: '0',
        vga: 'memory=16,type=std',
      },
      'OK',
    ],
    [
      `GET ${NODE}/qemu/5000/config`,
      undefined,
      having({
        agent: 'enabled=1,fstrim_cloned_disks=0,type=virtio',
        // these tools compare it to the letter
        description: 'Managed from outside',
        ide2: 'local-zfs:vm-5000-cloudinit,media=cdrom,size=4M',
        net0: expect.stringMatching(/^virtio=BC:24:11:\S+,bridge=vmbr0,firewall=0$/),
        scsi0: expect.stringMatching(/^local-zfs:vm-5000-disk-0,aio=io_uring,backup=1,.*size=8G,ssd=0$/),
        tags: 'tofu;web',
      }),
    ],
    [
      `PUT ${NODE}/qemu/5000/config`,
      { ide0: 'file=local-zfs:cloudinit,media=cdrom' },
      "ide0 - cloud-init drive is already attached at 'ide2'\n",
    ],
    [`PUT ${NODE}/qemu/5000/config`, { ide2: 'file=local-zfs:cloudinit,media=cdrom', ciuser: 'ops' }, null],
    [`PUT ${NODE}/qemu/5000/resize`, { disk: 'scsi0', size: '20G' }, 'OK'],
    [`POST ${NODE}/qemu/5000/status/start`, { timeout: '1800' }, 'OK'],
    [`PUT ${NODE}/qemu/5000/config`, { cores: '4', delete: 'startup,vga', tags: 'web' }, null],
    [`GET ${NODE}/qemu/5000/config`, undefined, lacking({ startup: expect.anything() })],
    [`POST ${NODE}/qemu/5000/status/shutdown`, { forceStop: '1', timeout: '1800' }, 'OK'],
    [`DELETE ${NODE}/qemu/5000/?destroy-unreferenced-disks=1&purge=1`, undefined, 'OK'],
    [`GET ${NODE}/qemu/5000/config`, undefined, expect.stringContaining('does not exist')],
  ],
  'a container with all of its options': [
    [
      `POST ${NODE}/lxc`,
      {
        vmid: '6000',
        arch: 'amd64',
        cmode: 'tty',
        console: '1',
        hostname: 'box',
        memory: '512',
        mp0: 'backup=0,mp=/srv,size=2G,volume=local-zfs:2',
        net0: 'bridge=vmbr0,firewall=0,ip=dhcp,name=eth0',
        ostemplate: 'local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst',
        ostype: 'debian',
        password: 'secret',
        rootfs: 'size=4,volume=local-zfs:4',
        'ssh-public-keys': 'ssh-ed25519 AAAA a@b',
        start: '1',
        swap: '0',
        template: '0',
        tty: '2',
        unprivileged: '1',
      },
      'OK',
    ],
    [
      `GET ${NODE}/lxc/6000/config`,
      undefined,
      having({
        mp0: 'local-zfs:subvol-6000-disk-1,mp=/srv,backup=0,size=2G',
        net0: expect.stringMatching(/^name=eth0,bridge=vmbr0,firewall=0,hwaddr=BC:24:11:\S+,ip=dhcp,type=veth$/),
        rootfs: 'local-zfs:subvol-6000-disk-0,size=4G',
      }),
    ],
    [`PUT ${NODE}/lxc/6000/config`, { delete: 'mp0', memory: '1024', description: 'again' }, null],
    [`POST ${NODE}/lxc/6000/status/reboot`, { timeout: '1800' }, 'OK'],
    [`GET ${NODE}/lxc/6000/config`, undefined, having({ memory: 1024, unused0: 'local-zfs:subvol-6000-disk-1' })],
    [`POST ${NODE}/lxc/6000/status/shutdown`, { forceStop: '1', timeout: '60' }, 'OK'],
    [`DELETE ${NODE}/lxc/6000`, undefined, 'OK'],
  ],
};

it.each(Object.entries(STORIES))('%s, as a form', async (_name, steps) => {
  for (const [line, form, end] of steps) expect([line, await send(line, form)]).toEqual([line, end]);
});
