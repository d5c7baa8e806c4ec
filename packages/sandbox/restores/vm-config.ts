import type { Call } from '../behaviour.ts';
import { flagParam } from '../behaviours/common.ts';
import { newMac, newUuid, storedValue } from '../guests/config-schema.ts';
import { diskOf, disksOf } from '../guests/disks.ts';
import { volumeOwner } from '../guests/volumes.ts';
import { changeConfig } from '../guests/work.ts';
import type { Archived, Guest, GuestConfig } from '../state/model.ts';
import type { MadeDisk } from './vm-disks.ts';

const MAC = /[0-9A-F]{2}(?::[0-9A-F]{2}){5}/i;

/** PVE::QemuServer::restore_update_config_line: the archive's options on the new disks; what was sent wins. */
export function restoredVmConfig(
  call: Call,
  guest: Guest,
  archived: Archived,
  made: readonly MadeDisk[],
  sent: Readonly<Record<string, string>>,
): GuestConfig {
  const { vmid } = guest;
  const drives = new Map(made.map(({ key, drive }) => [key, drive]));
  const config: GuestConfig = {};
  for (const [key, value] of Object.entries(archived.config)) {
    const drive = drives.get(key);
    if (drive !== undefined) config[key] = drive;
    // a disk that was left out of the backup is not there any more
    else if (diskOf(key, value)?.cdrom === false) continue;
    else config[key] = flagParam(call, 'unique') ? renewed(call, vmid, key, value) : value;
  }
  if (config['vmgenid'] !== undefined && config['vmgenid'] !== '0') config['vmgenid'] = newUuid(call, vmid, 'vmgenid');
  for (const [key, value] of Object.entries(sent)) config[key] = storedValue(call, guest, key, value);
  return config;
}

function renewed(call: Call, vmid: number, key: string, value: string | number): string | number {
  if (/^net\d+$/.test(key)) return String(value).replace(MAC, newMac(call, vmid, key));
  if (key === 'smbios1') return String(value).replace(/uuid=[^,]*/, `uuid=${newUuid(call, vmid, key)}`);
  return value;
}

/** PVE::QemuServer::rescan: volumes that bear the guest's number, but that it does not name, become its unused ones. */
export function adoptUnused(call: Call, guest: Guest): void {
  const named = new Set(disksOf(guest.config).map(({ volid }) => volid));
  const storages = call.state.nodes.get(guest.node)?.storages ?? new Map<string, never>();
  for (const { pool } of storages.values()) {
    for (const { volid, content } of pool.volumes) {
      if (content !== 'images' || volumeOwner(volid) !== guest.vmid || named.has(volid)) continue;
      let index = 0;
      while (guest.config[`unused${index}`] !== undefined) index++;
      changeConfig(guest, { [`unused${index}`]: volid });
    }
  }
}
