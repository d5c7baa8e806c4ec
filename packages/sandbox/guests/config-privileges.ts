import type { Call } from '../behaviour.ts';
import { PveError } from '../behaviour.ts';
import type { Guest } from '../state/model.ts';
import { died, vmidOf } from './work.ts';

/** Which privilege an option of a VM takes: the lists at the top of PVE/API2/Qemu.pm. */
const VM_OPTIONS: Record<string, readonly string[]> = {
  'VM.Config.CPU': ['affinity', 'cores', 'cpu', 'cpulimit', 'cpuunits', 'numa', 'smp', 'sockets', 'vcpus'],
  'VM.Config.Memory': ['memory', 'balloon', 'shares', 'allow-ksm'],
  'VM.Config.HWType': [
    'acpi',
    'hotplug',
    'kvm',
    'machine',
    'scsihw',
    'smbios1',
    'tablet',
    'vga',
    'watchdog',
    'audio0',
    'rng0',
    'amd-sev',
    'intel-tdx',
    'iommu',
  ],
  'VM.Config.Disk': ['boot', 'bootdisk', 'vmstatestorage'],
  'VM.Config.Options': [
    'agent',
    'autostart',
    'bios',
    'description',
    'keyboard',
    'localtime',
    'migrate_downtime',
    'migrate_speed',
    'name',
    'onboot',
    'ostype',
    'protection',
    'reboot',
    'startdate',
    'startup',
    'tdf',
    'template',
    'tags',
    'vmgenid',
    'spice_enhancements',
    'freeze',
  ],
};
const CLOUD_INIT = /^(?:cicustom|cipassword|citype|ciuser|ciupgrade|nameserver|searchdomain|sshkeys|ipconfig\d+)$/;
const VM_PRIVILEGE = new Map(
  Object.entries(VM_OPTIONS).flatMap(([privilege, keys]) => keys.map((key): [string, string] => [key, privilege])),
);

/** What may be done to a container's option (PVE::LXC::check_ct_modify_config_perm). */
const CT_PRIVILEGE: readonly [RegExp, string][] = [
  [/^(?:rootfs|mp\d+|unused\d+)$/, 'VM.Config.Disk'],
  [/^(?:cores|cpulimit|cpuunits)$/, 'VM.Config.CPU'],
  [/^(?:memory|swap)$/, 'VM.Config.Memory'],
  [/^(?:net\d+|nameserver|searchdomain|hostname)$/, 'VM.Config.Network'],
];

/** Throws what a caller may not change: 403 with the missing privilege, 500 for what is root@pam's alone. */
export function checkMayChange(call: Call, type: Guest['type'], keys: Iterable<string>): void {
  if (call.caller.authid === 'root@pam') return;
  for (const key of keys) {
    const needed = type === 'qemu' ? vmPrivileges(key) : ctPrivileges(key);
    if (needed === 'root') throw died(`only root can set '${key}' config`);
    demandAny(call, `/vms/${vmidOf(call)}`, needed);
  }
}

function vmPrivileges(key: string): readonly string[] | 'root' {
  if (/^(?:args|lock|hookscript|ivshmem|parallel\d+|hostpci\d+)$/.test(key)) return 'root';
  if (/^(?:ide|sata|scsi|virtio|efidisk|tpmstate|unused)\d+$/.test(key)) return ['VM.Config.Disk'];
  if (CLOUD_INIT.test(key)) return ['VM.Config.Cloudinit', 'VM.Config.Network'];
  if (/^net\d+$/.test(key)) return ['VM.Config.Network'];
  if (/^(?:serial|usb|virtiofs|numa)\d+$/.test(key)) return ['VM.Config.HWType'];
  return [VM_PRIVILEGE.get(key) ?? 'VM.Config.Options'];
}

function ctPrivileges(key: string): readonly string[] | 'root' {
  if (/^(?:lock|hookscript|dev\d+|features)$/.test(key)) return key === 'features' ? ['VM.Allocate'] : 'root';
  return [CT_PRIVILEGE.find(([keys]) => keys.test(key))?.[1] ?? 'VM.Config.Options'];
}

/** 403 where the caller holds none of the privileges, in Proxmox's words. */
export function demandAny(call: Call, path: string, privileges: readonly string[]): void {
  const verdict = call.access.check(['perm', path, [...privileges], 'any', 1], {});
  if (!verdict.ok) throw new PveError(verdict.status, verdict.message);
}
