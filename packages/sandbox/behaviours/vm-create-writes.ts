import { isDriveKey } from '@pxa/pve/property-string';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { checkMayChange } from '../guests/config-privileges.ts';
import { newUuid } from '../guests/config-schema.ts';
import { checkVolumes, made } from '../guests/config-update.ts';
import { diskOf } from '../guests/disks.ts';
import { inVolumeOrder } from '../guests/volume-order.ts';
import { freeVolume, volumeOwner } from '../guests/volumes.ts';
import { addGuest, addToHa, joinPool, mustBeFree, poolMustExist } from '../guests/new-guest.ts';
import { sentOptions } from '../guests/sent-options.ts';
import { startVm } from '../guests/vm-power.ts';
import { changeConfig, died, startTask, vmidOf, withFileLock, type Task } from '../guests/work.ts';
import { restoreVmRequest } from '../restores/vm.ts';
import type { Guest } from '../state/model.ts';
import { flagParam, textParam } from './common.ts';

/** Parameters of the call that are no options. */
const CONTROL =
  /^(?:node|vmid|archive|bwlimit|force|ha-managed|live-restore|pool|start|storage|unique|import-working-storage)$/;
/** Bytes a second at which an image is read in. */
const IMPORT_RATE = 400 * 1024 ** 2;

/** Virtual machines that are made anew (create_vm in PVE/API2/Qemu.pm). */
export const vmCreateWrites: Behaviours = {
  'POST /nodes/{node}/qemu': (call) => {
    if (textParam(call, 'archive') !== undefined) return restoreVmRequest(call);
    const vmid = vmidOf(call);
    const pool = textParam(call, 'pool');
    checkMayAllocate(call, vmid, pool);
    poolMustExist(call, pool);
    const sent = sentOptions(call, CONTROL);
    checkMayChange(call, 'qemu', pool === undefined ? Object.keys(sent) : []);
    checkVolumes(call, { vmid, type: 'qemu', node: call.node, config: {} }, sent);
    mustBeFree(call.state, vmid, `unable to create VM ${vmid} - `);
    const guest = addGuest(call.state, vmid, 'qemu', call.node, { lock: 'create' });
    return startTask(call, 'qmcreate', (task) => create(call, guest, sent, task));
  },
};

/** VM.Allocate on the guest to be, or on the pool that it goes into; else 403 without a word. */
export function checkMayAllocate({ access }: Call, vmid: number, pool: string | undefined): void {
  if (access.authid === 'root@pam' || access.can(`/vms/${vmid}`, 'VM.Allocate')) return;
  if (pool !== undefined && access.can(`/pool/${pool}`, 'VM.Allocate')) return;
  throw new PveError(403, 'Permission check failed\n');
}

async function create(call: Call, guest: Guest, sent: Record<string, string>, task: Task): Promise<void> {
  const { vmid } = guest;
  try {
    for (const [key, value] of inVolumeOrder(sent)) await addOption(call, guest, key, value, task);
    await task.wait(500);
  } catch (error) {
    for (const [key, value] of Object.entries(guest.config)) {
      const volid = diskOf(key, value)?.volid;
      if (volid !== undefined && volumeOwner(volid) === vmid) freeVolume(call.state, guest.node, volid);
    }
    call.state.guests.delete(vmid);
    throw died(`unable to create VM ${vmid} - ${error instanceof Error ? error.message.trimEnd() : String(error)}`);
  }
  const now = Math.floor(call.clock.now() / 1000);
  const uuid = `uuid=${newUuid(call, vmid, 'smbios1')}`;
  const boot = bootOrder(guest);
  changeConfig(guest, {
    lock: undefined,
    ...(guest.config['boot'] === undefined && boot !== '' ? { boot: `order=${boot}` } : {}),
    meta: `creation-qemu=${call.version.major >= 9 ? '10.1.2' : '9.2.0'},ctime=${now}`,
    ...(guest.config['smbios1'] === undefined ? { smbios1: uuid } : {}),
    ...(guest.config['vmgenid'] === undefined || guest.config['vmgenid'] === '1'
      ? { vmgenid: newUuid(call, vmid, 'vmgenid') }
      : {}),
  });
  joinPool(call, vmid, textParam(call, 'pool'));
  if (flagParam(call, 'ha-managed')) addToHa(call, guest);
  if (!flagParam(call, 'start')) return;
  task.log('Execute autostart');
  startTask(call, 'qmstart', (started) =>
    withFileLock(call, 'qemu', started, (found) => startVm(call, found, started)),
  );
}

async function addOption(call: Call, guest: Guest, key: string, sent: string, task: Task): Promise<void> {
  const value = made(call, guest, key, sent);
  changeConfig(guest, { [key]: value });
  const disk = isDriveKey(key) ? diskOf(key, value) : undefined;
  if (!disk || (disk.cdrom && !disk.cloudInit)) return;
  if (sent.includes('import-from=')) await task.wait((disk.size / IMPORT_RATE) * 1000);
  task.log(`${key}: successfully created disk '${value}'`);
}

/** PVE::QemuServer::get_default_bootdevices: the first disk, the first drive with a medium, the first NIC. */
function bootOrder({ config }: Guest): string {
  const keys = Object.keys(config).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const isCdrom = (key: string): boolean => /(?:^|,)media=cdrom/.test(String(config[key]));
  const drives = keys.filter((key) => /^(?:ide|scsi|virtio|sata)\d+$/.test(key));
  const disk = drives.find((key) => !isCdrom(key));
  const medium = drives.find((key) => isCdrom(key) && !String(config[key]).includes('-cloudinit'));
  const nic = keys.find((key) => /^net\d+$/.test(key));
  return [disk, medium, nic].filter((key) => key !== undefined).join(';');
}
