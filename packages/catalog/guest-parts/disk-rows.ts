import { asText } from '@pxa/pve/values';
import { type Cell, type Draft, pointer, type Rec } from '../kit/index.ts';
import { isOn, options } from '../guests/config.ts';
import { part } from './asked-guests.ts';

const drive = /^(ide|sata|scsi|virtio|efidisk|tpmstate|unused|mp)(\d+)$|^(rootfs)$/;

/** The disks of a guest's configuration, in the order of their names; CD drives and cloud-init drives among them. */
export function disksOf(config: Rec, guest: Draft): Draft[] {
  return diskKeys(config.data).map((key) => part(`${guest.id}/${key}`, config, guest, cellsOf(config, key)));
}

/** The keys of a configuration that are disks or drives, in the order of their names. */
export function diskKeys(config: Readonly<Record<string, unknown>>): string[] {
  const keys = Object.keys(config).filter((key) => drive.test(key) && typeof config[key] === 'string');
  return keys.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The storage of a drive's setting (`local-zfs:vm-100-disk-0,size=32G`); none of what is no volume on a storage. */
export function storageOf(setting: string): string | undefined {
  const set = options(setting, 'file');
  return /^([^/:]+):/.exec(set['file'] ?? set['volume'] ?? '')?.[1];
}

function cellsOf(config: Rec, key: string): Record<string, Cell> {
  const at = pointer(config.at, key);
  const text = asText(config.data[key]) ?? '';
  const set = options(text, 'file');
  const volume = set['file'] ?? set['volume'] ?? '';
  const cell = (value: Cell['value']): Cell => ({ value, at });
  const optional = (name: string, value: Cell['value'] | undefined): Record<string, Cell> =>
    value === undefined || value === null ? {} : { [name]: cell(value) };
  const kind = kindOf(key, volume, set);
  return {
    key: cell(key),
    kind: cell(kind),
    bus: cell(key.replace(/\d+$/, '')),
    config: cell(text),
    volume: cell(['none', 'cdrom'].includes(volume) ? '' : volume),
    storage: cell(storageOf(text) ?? ''),
    ...optional('size', sizeBytes(set['size'])),
    ...optional('format', set['format'] ?? /\.(qcow2|raw|vmdk)$/.exec(volume)?.[1]),
    cache: cell(set['cache'] ?? 'none'),
    mountpoint: cell(key === 'rootfs' ? '/' : (set['mp'] ?? '')),
    ssd: cell(isOn(set['ssd'])),
    discard: cell(set['discard'] === 'on'),
    iothread: cell(isOn(set['iothread'])),
    readonly: cell(isOn(set['ro'])),
    replicate: cell(set['replicate'] === undefined || isOn(set['replicate'])),
    backup: cell(inBackups(key, kind, set['backup'])),
    limited: cell(Object.keys(set).some((name) => /^(mbps|iops|bps)/.test(name))),
  };
}

function kindOf(key: string, volume: string, set: Readonly<Record<string, string>>): string {
  if (key.startsWith('unused')) return 'unused';
  if (key.startsWith('efidisk')) return 'efi';
  if (key.startsWith('tpmstate')) return 'tpm';
  if (/cloudinit/.test(volume) && set['media'] === 'cdrom') return 'cloud-init';
  if (set['media'] === 'cdrom') return 'cdrom';
  if (key === 'rootfs') return 'root disk';
  if (key.startsWith('mp')) return /^[^/:]+:/.test(volume) ? 'mount point' : 'bind mount';
  return 'disk';
}

/**
 * Whether a backup takes it: VMs' disks unless switched off, containers' root always, their mount points only when
 * switched on, bind mounts and detached disks never (PVE::VZDump::QemuServer and ::LXC, prepare).
 */
function inBackups(key: string, kind: string, backup: string | undefined): boolean {
  if (['unused', 'cdrom', 'cloud-init', 'bind mount'].includes(kind)) return false;
  if (key === 'rootfs') return true;
  return kind === 'mount point' ? isOn(backup) : backup === undefined || isOn(backup);
}

const units: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** `32G` → bytes (PVE::JSONSchema, parse_size). */
function sizeBytes(text: string | undefined): number | undefined {
  const found = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text ?? '');
  return found === null ? undefined : Math.floor(Number(found[1]) * (units[found[2] ?? ''] ?? 1));
}
