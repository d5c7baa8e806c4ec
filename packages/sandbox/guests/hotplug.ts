import { parseHotplug } from '@pxa/pve/property-string';
import type { Guest } from '../state/model.ts';

/** Options that take effect in the file alone (fast_plug_option in PVE::QemuServer). */
const VM_AT_ONCE = new Set([
  'autostart',
  'hotplug',
  'migrate_downtime',
  'migrate_speed',
  'onboot',
  'shares',
  'startup',
  'description',
  'name',
  'protection',
  'vmstatestorage',
  'hookscript',
  'tags',
  'lock',
  'cpuunits',
  'cpulimit',
  'affinity',
  'balloon',
]);
const CLOUD_INIT = /^(?:cicustom|cipassword|citype|ciuser|ciupgrade|nameserver|searchdomain|sshkeys|ipconfig\d+)$/;
/** LXC_FASTPLUG_OPTIONS, and what the cgroups and the name space take while they run. */
const CT_AT_ONCE = new Set([
  'description',
  'onboot',
  'startup',
  'protection',
  'hostname',
  'hookscript',
  'cores',
  'tags',
  'lock',
  'memory',
  'swap',
  'cpulimit',
  'cpuunits',
]);

/** Whether a change of an option comes into effect while the guest runs; else it is pending until a restart. */
export function worksAtOnce(guest: Guest, key: string, value: string | number | undefined): boolean {
  if (guest.status !== 'running' || key.startsWith('unused')) return true;
  return guest.type === 'qemu' ? vmAtOnce(guest, key, value) : ctAtOnce(guest, key, value);
}

function vmAtOnce(guest: Guest, key: string, value: string | number | undefined): boolean {
  if (key === 'balloon') return Number(guest.config['balloon'] ?? 1) !== 0 && Number(value ?? 1) !== 0;
  if (VM_AT_ONCE.has(key) || CLOUD_INIT.test(key)) return true;
  const plug = new Set(features(guest));
  const isCdrom = (one: string | number | undefined): boolean => /(?:^|,)media=cdrom/.test(String(one ?? ''));
  // another medium in a drive that is there; the drive itself cannot come or go
  if (isCdrom(value) && isCdrom(guest.config[key])) return true;
  if (/^net\d+$/.test(key)) return plug.has('network');
  if (/^(?:scsi|virtio)\d+$/.test(key)) return plug.has('disk');
  if (/^usb\d+$/.test(key) || key === 'tablet') return plug.has('usb');
  if (key === 'vcpus') return plug.has('cpu');
  return key === 'memory' && plug.has('memory');
}

function features({ config }: Guest): string[] {
  const set = config['hotplug'];
  if (set === undefined || String(set) === '1') return ['network', 'disk', 'usb'];
  return String(set) === '0' ? [] : (parseHotplug(String(set)) ?? []);
}

function ctAtOnce(guest: Guest, key: string, value: string | number | undefined): boolean {
  if (CT_AT_ONCE.has(key)) return true;
  if (/^net\d+$/.test(key)) return true;
  return /^mp\d+$/.test(key) && value !== undefined && guest.config[key] === undefined;
}
