import { isDriveKey, parseProperties, printDrive, vmFormat, type Drive } from '@pxa/pve/property-string';
import type { Call } from '../behaviour.ts';
import type { Guest } from '../state/model.ts';
import { demandAny } from './config-privileges.ts';
import { allocate, findVolume, offersContent, splitVolid, usableStorage, volumeOwner } from './volumes.ts';
import { died, refused } from './work.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
/** PVE::QemuServer::Drive::NEW_DISK_RE. */
const NEW_DISK = /^(?:([^/:\s]+):)?(\d+(?:\.\d+)?)$/;

type Owner = Pick<Guest, 'vmid' | 'type' | 'node' | 'config'>;

/** A drive as it was sent, taken apart. */
interface SentDrive extends Drive {
  'import-from'?: string;
}

function parse(key: string, text: string): SentDrive {
  const [, bus = '', index = ''] = /^([a-z]+)(\d+)$/.exec(key) ?? [];
  const parts = parseProperties(vmFormat(key), text);
  return { ...parts, interface: bus, index, file: String(parts['file'] ?? '') };
}

/** Refusals that come before anything is done (check_storage_access in PVE/API2/Qemu.pm). */
export function checkDrive(call: Call, owner: Owner, key: string, text: string): void {
  const drive = parse(key, text);
  const { file } = drive;
  const isCdrom = drive['media'] === 'cdrom';
  if (file === 'none' || file === 'cdrom') return;
  const [, storage, size] = NEW_DISK.exec(file) ?? [];
  if (drive['import-from'] !== undefined && Number(size) !== 0) {
    const hint = 'use <storage ID>:0,import-from=<source>';
    throw refused({ [key]: `'import-from' requires special syntax - ${hint}` });
  }
  if (size !== undefined || file.endsWith(':cloudinit')) {
    const id = storage ?? file.split(':')[0] ?? '';
    const { definition } = usableStorage(call.state, owner.node, id);
    demandAny(call, `/storage/${id}`, ['Datastore.AllocateSpace']);
    if (!offersContent(definition, 'images')) {
      throw refused({ storage: `storage '${id}' does not support vm images` });
    }
    return;
  }
  if (/:iso\//.test(file) && drive['media'] === undefined) {
    throw refused({ [key]: 'explicit media parameter is required for iso images' });
  }
  if (isCdrom || volumeOwner(file) === owner.vmid) return;
  demandAny(call, `/storage/${splitVolid(file).storage}`, ['Datastore.Allocate']);
}

/** Makes what a drive asks for and gives the drive as it is kept (create_disks in PVE/API2/Qemu.pm). */
export function makeDrive(call: Call, owner: Owner, key: string, text: string): string {
  const { 'import-from': source, ...drive } = parse(key, text);
  const at = Math.floor(call.clock.now() / 1000);
  const [, storage, amount] = NEW_DISK.exec(drive.file) ?? [];
  if (drive.file.endsWith(':cloudinit')) return cloudInit(call, owner, drive, at);
  if (amount !== undefined && storage !== undefined) {
    const size = source === undefined ? wantedSize(drive, Number(amount)) : importedSize(call, owner, source);
    const volid = allocate(call.state, { node: owner.node, storage, guest: owner, size, at, format: formatOf(drive) });
    return printDrive({ ...withoutFormat(drive), file: volid, size: String(size) });
  }
  if (!/^[^/:]+:./.test(drive.file)) return printDrive(drive);
  usableStorage(call.state, owner.node, splitVolid(drive.file).storage);
  const volume = findVolume(call.state, owner.node, drive.file);
  if (!volume) throw died(`volume '${drive.file}' does not exist`);
  return printDrive({ ...drive, size: String(volume.size) });
}

function wantedSize(drive: Drive, gib: number): number {
  if (drive.interface === 'efidisk') return drive['efitype'] === '4m' ? 4 * MIB : 528 * 1024;
  if (drive.interface === 'tpmstate') return 4 * MIB;
  return Math.round(gib * GIB);
}

/** What stands in for an image's own idea of its size: that of its file, in whole MiB as storages allocate. */
function importedSize(call: Call, owner: Owner, source: string): number {
  if (source.startsWith('/')) throw died(`'${source}' is not a valid import source on the sandbox's nodes`);
  const volume = findVolume(call.state, owner.node, source);
  if (!volume) throw died(`volume '${source}' does not exist`);
  return Math.ceil(volume.size / MIB) * MIB;
}

function formatOf(drive: Drive): string | undefined {
  return drive['format'] === undefined ? undefined : String(drive['format']);
}

function withoutFormat({ format: _format, ...drive }: Drive): Drive {
  // interface, index and file are still there
  return drive as Drive;
}

function cloudInit(call: Call, owner: Owner, drive: Drive, at: number): string {
  const own = `${drive.interface}${drive.index}`;
  const other = Object.entries(owner.config).find(
    ([key, value]) => isDriveKey(key) && key !== own && /-cloudinit/.test(String(value)),
  );
  if (other) throw died(`${own} - cloud-init drive is already attached at '${other[0]}'`);
  const storage = drive.file.split(':')[0] ?? '';
  const size = 4 * MIB;
  const wanted = { node: owner.node, storage, guest: owner, size, at, suffix: 'cloudinit', format: 'qcow2' };
  const volid = `${storage}:vm-${owner.vmid}-cloudinit`;
  const file = findVolume(call.state, owner.node, volid) ? volid : allocate(call.state, wanted);
  return printDrive({ ...withoutFormat(drive), file, media: 'cdrom', size: String(size) });
}
