import { FormatError } from '../facts/formats/refuse.ts';
import { isPerlFalse } from '../facts/perl.ts';
import { parseProperties } from '../facts/formats/index.ts';
import type { Properties, PropertyFormat } from '../facts/properties.ts';
import { parseSize } from '../size.ts';
import { printProperties } from './print.ts';
import { vmFormat } from './schema-of.ts';

/** A drive of a virtual machine as Proxmox's own parser gives it: its options, `interface`, `index`, size in bytes. */
export interface Drive extends Properties {
  interface: string;
  index: string;
  file: string;
}

/** What a parser found: nothing where it refuses; warnings are what Proxmox would log. */
export interface Parsed<T> {
  value: T | undefined;
  warnings: string[];
}

const BUSES: Readonly<Record<string, number>> = {
  ide: 4,
  scsi: 31,
  virtio: 16,
  sata: 6,
  efidisk: 1,
  tpmstate: 1,
  unused: 256,
};

/** Options that say nothing without another one; not the schema's `requires`, since bps* becomes mbps* first. */
const NEEDS: readonly [option: string, needed: string][] = [
  ['mbps_max', 'mbps'],
  ['mbps_rd_max', 'mbps_rd'],
  ['mbps_wr_max', 'mbps_wr'],
  ['bps_max_length', 'mbps_max'],
  ['bps_rd_max_length', 'mbps_rd_max'],
  ['bps_wr_max_length', 'mbps_wr_max'],
  ['iops_max_length', 'iops_max'],
  ['iops_rd_max_length', 'iops_rd_max'],
  ['iops_wr_max_length', 'iops_wr_max'],
];
const EXCLUDE: readonly [string, string][] = [
  ['mbps_rd', 'mbps'],
  ['mbps_wr', 'mbps'],
  ['iops_rd', 'iops'],
  ['iops_wr', 'iops'],
];

/** The format of a drive that exists: without the option that imports one. */
function driveFormat(key: string): PropertyFormat {
  const { 'import-from': _, ...properties } = vmFormat(key).properties;
  return { properties };
}

/** bps* in mbps*: whatever the value, the real parser makes it 0.000 (it divides the truth of its being given). */
function convertRates(found: Properties, warnings: string[]): void {
  for (const option of ['bps', 'bps_rd', 'bps_wr']) {
    if (found[option] === undefined) continue;
    delete found[option];
    if (found[`m${option}`] !== undefined) warnings.push(`both ${option} and m${option} specified\n`);
    else found[`m${option}`] = '0.000';
  }
}

function contradicts(found: Properties): boolean {
  const has = (option: string): boolean => !isPerlFalse(found[option]);
  if (EXCLUDE.some(([one, other]) => has(one) && has(other))) return true;
  if (found['media'] !== 'cdrom') return false;
  return has('snapshot') || has('trans') || has('format') || found['interface'] === 'virtio';
}

function findings(key: string, value: string): Properties | undefined {
  try {
    return parseProperties(driveFormat(key), value);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** What Proxmox makes of a drive (PVE::QemuServer::Drive::parse_drive), with what it would log. */
export function readDrive(key: string, value: string): Parsed<Drive> {
  const parts = /^([^\d]+)(\d+)$/.exec(key);
  if (!parts) return { value: undefined, warnings: [] };
  const [, bus = '', index = ''] = parts;
  const count = Object.hasOwn(BUSES, bus) ? BUSES[bus] : undefined;
  if (count === undefined || String(Number(index)) !== index || Number(index) >= count) {
    return { value: undefined, warnings: [`invalid drive key: ${key}\n`] };
  }
  const found = findings(key, value);
  if (!found) return { value: undefined, warnings: [] };
  const warnings: string[] = [];
  found['interface'] = bus;
  found['index'] = index;
  convertRates(found, warnings);
  for (const [option, needed] of NEEDS) {
    if (!isPerlFalse(found[option]) && isPerlFalse(found[needed])) warnings.push(`${option} requires ${needed}\n`);
  }
  if (warnings.length > 0 || contradicts(found)) return { value: undefined, warnings };
  const size = found['size'];
  if (!isPerlFalse(size)) found['size'] = parseSize(String(size)) ?? 0;
  // `file` is required by every drive's format, the other two were put in above.
  return { value: found as Drive, warnings };
}

/** A drive as it is written into a configuration. */
export function printDrive(drive: Drive): string {
  return printProperties(driveFormat(`${drive.interface}${drive.index}`), drive, ['index', 'interface']);
}

/** A drive in the words of this product; sizes in bytes. */
export interface Disk {
  key: string;
  bus: string;
  index: number;
  /** `STORAGE:VOLNAME`, an absolute path, `none` or `cdrom`. */
  volume: string;
  media: 'disk' | 'cdrom';
  sizeBytes: number | null;
  cloudInit: boolean;
  /** Left out of backups where false. */
  backup: boolean;
  options: Readonly<Properties>;
}

/** Which keys of a VM's configuration are drives, unused ones aside. */
export function isDriveKey(key: string): boolean {
  return /^(ide[0-3]|sata[0-5]|scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|efidisk0|tpmstate0)$/.test(key);
}

/** A drive of a VM's configuration (`scsi0`), or undefined where it cannot be read. */
export function parseDisk(key: string, value: string): Disk | undefined {
  const { value: drive } = readDrive(key, value);
  if (!drive) return undefined;
  const { interface: bus, index, file, media, size, backup, ...options } = drive;
  return {
    key,
    bus,
    index: Number(index),
    volume: file,
    media: media === 'cdrom' || file === 'none' || file === 'cdrom' ? 'cdrom' : 'disk',
    sizeBytes: typeof size === 'number' ? size : null,
    cloudInit: /[:/](?:vm-\d+-)?cloudinit(?:\.\w+)?$/.test(file),
    backup: backup !== 0,
    options,
  };
}
