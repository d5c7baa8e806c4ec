import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  {
    say: 'list the disks of dc01-win2022',
    means: 'guest-disks where guest = qemu/100 and not (kind in [cdrom, cloud-init])',
  },
  { say: 'disks of db-primary', means: 'guest-disks where guest = qemu/103 and not (kind in [cdrom, cloud-init])' },
  {
    say: 'virtual disks bigger than 100 GB',
    means: 'guest-disks where size > 107374182400 and not (kind in [cdrom, cloud-init])',
  },
  { say: 'cd drives', means: 'guest-disks where kind = cdrom' },
  {
    say: 'virtual disks not in backups',
    means: 'guest-disks where backup = false and not (kind in [cdrom, cloud-init])',
  },
  { say: 'unused virtual disks', means: 'guest-disks where kind = unused and not (kind in [cdrom, cloud-init])' },
  { say: 'virtual disks on nas', means: 'guest-disks where storage = nas and not (kind in [cdrom, cloud-init])' },
  {
    say: 'total size of the virtual disks on shared-vm',
    means: 'guest-disks where storage = shared-vm and not (kind in [cdrom, cloud-init]) give sum(size) show size',
  },
  { say: 'file systems of web-01', means: 'guest-file-systems where guest = qemu/101' },
  {
    say: 'VM file systems more than 80% full',
    means: 'guest-file-systems where share > 0.8',
  },
  { say: 'NICs of web-01', means: 'guest-nics where guest = qemu/101' },
  { say: 'network cards without a firewall', means: 'guest-nics where firewall = false' },
  { say: 'network cards in vlan 20', means: 'guest-nics where vlan = 20' },
  { say: 'network cards on vmbr0', means: 'guest-nics where bridge = vmbr0' },
  { say: 'disconnected network cards', means: 'guest-nics where connected = false' },
  { say: 'IP addresses of all containers', means: 'guest-addresses where guest_type = lxc' },
  { say: 'config of db-primary', means: 'guest-config where guest = qemu/103' },
  {
    say: 'which guests have a disk on shared-vm?',
    means: 'guests where has disks where (storage = shared-vm) and not (template = true)',
  },
  { say: 'guests on local-zfs', means: 'guests where storages = local-zfs and not (template = true)' },
  {
    say: 'number of virtual disks per storage',
    means: 'guest-disks where not (kind in [cdrom, cloud-init]) per storage give count',
  },
  { say: 'mac address of web-01', means: 'guest-nics where guest = qemu/101' },
  { say: 'biggest virtual disk', means: 'guest-disks where not (kind in [cdrom, cloud-init]) by size desc first 1' },
  { say: 'network cards with model e1000', means: 'guest-nics where model is known and model = e1000' },
  {
    say: 'ip addresses of the VMs on pve-node01',
    means: 'guests where type = qemu and node = pve-node01 and not (template = true) show ip',
  },
  { say: 'which vlans are in use?', means: 'guest-nics where vlan is known' },
];
