import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generate } from '../generate.ts';
import { hostileText } from '../testing/texts.ts';
import { exported } from './exported.ts';
import type { Live } from './live.ts';

const VM: Live = {
  kind: 'vm',
  vmid: 101,
  node: 'pve1',
  isRunning: true,
  ha: null,
  firewall: null,
  config: {
    name: 'web',
    cores: '4',
    memory: '4096',
    scsi0: 'local-zfs:vm-101-disk-0,discard=on,iothread=1,size=32G',
    net0: 'virtio=BC:24:11:00:00:65,bridge=vmbr0,firewall=1,tag=20',
    scsihw: 'virtio-scsi-single',
    boot: 'order=scsi0;net0',
    ostype: 'l26',
  },
};
const CT: Live = {
  ...VM,
  kind: 'container',
  vmid: 200,
  config: {
    hostname: 'dns',
    cores: '1',
    memory: '512',
    rootfs: 'local-zfs:subvol-200-disk-0,size=8G',
    net0: 'name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:C8,ip=10.0.0.5/24,gw=10.0.0.1,type=veth',
    ostype: 'debian',
    unprivileged: '1',
  },
};

async function codeOf(live: Live): Promise<{ code: string; lacks: string[]; score: number }> {
  const made = await generate({
    ...exported(live),
    assumptions: [],
    notUnderstood: [],
    format: 'terraform',
    provider: 'bpg',
    today: '2026-02-23',
  });
  return { code: made.code, lacks: made.not_expressed.map(({ what }) => what), score: made.validation_score };
}

/** A setting of the guest, what of the code speaks of it, and what is named because no code does. */
const SETTINGS: [of: Live, key: string, value: string, code: string[], lacks: RegExp[]][] = [
  [VM, 'description', 'a\nb', ['description   = "a\\nb"'], []],
  [VM, 'tags', 'web;prod', ['["prod", "web"]'], []],
  [VM, 'onboot', '1', ['on_boot       = true'], []],
  [VM, 'protection', '1', ['protection    = true'], []],
  [VM, 'cpu', 'host,flags=+aes', ['type  = "host"'], [/^cpu: flags=\+aes$/]],
  [VM, 'balloon', '1024', ['floating  = 1024'], []],
  [VM, 'agent', '1,fstrim_cloned_disks=1', ['enabled = true', 'trim    = true'], []],
  [VM, 'numa', '1', ['numa'], []],
  [
    VM,
    'efidisk0',
    'local-zfs:vm-101-disk-1,efitype=4m,pre-enrolled-keys=1,size=1M',
    ['efi_disk {', 'pre_enrolled_keys = true'],
    [],
  ],
  [VM, 'tpmstate0', 'local-zfs:vm-101-disk-2,size=4M,version=v2.0', ['tpm_state {', '"v2.0"'], []],
  [
    VM,
    'scsi1',
    'local-zfs:vm-101-disk-3,size=100G,ssd=1,backup=0,cache=writeback',
    ['interface    = "scsi1"', 'ssd', 'cache', 'backup'],
    [],
  ],
  [VM, 'scsi1', 'local-zfs:vm-101-disk-3,size=1G,mbps_rd=10', ['"scsi1"'], [/^scsi1: mbps_rd=10$/]],
  [VM, 'scsi1', 'local-zfs:vm-101-disk-3,size=1500M', ['size         = 2'], [/^scsi1: its size of 1572864000 bytes$/]],
  [VM, 'ide2', 'none,media=cdrom', ['cdrom {', 'file_id   = "none"'], []],
  [VM, 'ide2', 'local-zfs:vm-101-cloudinit,media=cdrom', ['initialization {', 'interface    = "ide2"'], []],
  [VM, 'startup', 'order=2,up=30', ['startup {', 'up_delay = 30'], []],
  [VM, 'serial0', 'socket', ['serial_device {'], []],
  [VM, 'serial0', '/dev/ttyS0', [], [/^serial0: \/dev\/ttyS0$/]],
  [VM, 'hostpci0', '0000:41:00,pcie=1', ['hostpci {', 'rombar = true'], []],
  [VM, 'usb0', 'host=1234:5678', [], [/^usb0: host=1234:5678$/]],
  [VM, 'args', '-cpu host', [], [/^args: -cpu host$/]],
  [VM, 'unused0', 'local-zfs:vm-101-disk-9', [], [/^unused0: /]],
  [VM, 'cipassword', '**********', [], [/^cipassword$/]],
  [
    VM,
    'net1',
    'e1000=BC:24:11:00:00:66,bridge=vmbr1,rate=5,mtu=1400,queues=2',
    ['"e1000"', 'rate_limit', 'mtu'],
    [/^net1: queues=2$/],
  ],
  [CT, 'mp0', 'local-zfs:subvol-200-disk-1,mp=/data,size=20G,backup=1', ['mount_point {', '"/data"'], []],
  [CT, 'features', 'nesting=1,keyctl=1', ['nesting = true'], [/^features: keyctl=1$/]],
  [CT, 'nameserver', '1.1.1.1 9.9.9.9', ['servers = ["1.1.1.1", "9.9.9.9"]'], []],
  [CT, 'lxc.idmap', 'u 0 1 2', [], [/^lxc.idmap: /]],
];

test.each(SETTINGS)('%# %s %s', async (of, key, value, code, lacks) => {
  const found = await codeOf({ ...of, config: { ...of.config, [key]: value } });
  expect(code.filter((part) => !found.code.includes(part))).toEqual([]);
  for (const lack of lacks) expect(found.lacks).toContainEqual(expect.stringMatching(lack));
  const firewall = ['its firewall'];
  if (lacks.length === 0) expect(found.lacks).toEqual(firewall);
  expect(found.score).toBe(100);
});

describe('whatever a cluster tells', () => {
  const keys = fc.constantFrom(
    ...'name description tags cores memory cpu scsi0 scsi5 net0 net3 ipconfig0 agent boot efidisk0 startup nameserver searchdomain ciuser sshkeys vga serial0 hostpci1 ostype bios machine keyboard odd'.split(
      ' ',
    ),
  );

  test('it comes to code that passes its checks, and nothing is left out in silence', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(keys, fc.oneof(hostileText, fc.constantFrom('', '1', ',', '=', 'x=1,y')), { maxKeys: 6 }),
        async (odd) => {
          const found = await codeOf({ ...VM, config: { ...VM.config, ...odd } });
          expect(found.score).toBe(100);
          const said = odd['odd'];
          if (said !== undefined) expect(found.lacks.some((what) => what.startsWith('odd: '))).toBe(true);
        },
      ),
      { numRuns: 150 },
    ));
});

test('an existing guest is not made better on the way', async () => {
  const live: Live = { ...VM, config: { ...VM.config, tags: 'production' } };
  const { code } = await codeOf(live);
  expect(code).not.toMatch(/user_data|firewall_options|protection\s+= true/);
  expect(code).toContain('import {\n  to = proxmox_virtual_environment_vm.web\n  id = "pve1/101"\n}');
});

test('a guest with more of something than code holds is written all the same, and that is told', () => {
  const rule = { direction: 'in', action: 'ACCEPT', protocol: 'tcp', ports: '22', source: null, dest: null } as const;
  const rules = Array.from({ length: 1_003 }, () => ({ ...rule, macro: null, enabled: true, comment: null }));
  const tags = Array.from({ length: 202 }, (_, at) => `t${at}`).join(';');
  const firewall = { enabled: true, input: null, output: null, rules };
  const { specification, notExpressed } = exported({ ...VM, firewall, config: { ...VM.config, tags } });
  const [guest] = specification.guests;
  expect([guest?.firewall?.rules.length, guest?.tags.length]).toEqual([1_000, 200]);
  const whats = notExpressed.map(({ what }) => what);
  expect(whats).toContain('3 more firewall rules');
  expect(whats).toContain('tags: 2 more');
});
