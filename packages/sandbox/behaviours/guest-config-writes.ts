import type { Behaviours, Call } from '../behaviour.ts';
import { hasCloudInitDrive, keepCloudInit, writeCloudInit } from '../guests/cloud-init.ts';
import { carryOut, checkBalloon, checkVolumes, readUpdate, type Update } from '../guests/config-update.ts';
import { checkLock, died, onlyRoot, startTask, untilUnlocked } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { guestOf, numberParam, textParam } from './common.ts';
import { digestOf } from './guest-config.ts';

/** Changes of configurations: update_vm_api of PVE/API2/Qemu.pm, and PVE/API2/LXC/Config.pm. */
export const guestConfigWrites: Behaviours = {
  'PUT /nodes/{node}/qemu/{vmid}/config': async (call) => {
    const { guest, update } = await prepareVm(call);
    carryOut(call, guest, update);
    return null;
  },

  'POST /nodes/{node}/qemu/{vmid}/config': async (call) => {
    const { guest, update } = await prepareVm(call);
    const upid = startTask(call, 'qmconfig', async (task) => {
      task.log(`update VM ${guest.vmid}: ${commandLine(update)}`);
      carryOut(call, guest, update);
      await task.wait(200);
    });
    const delay = numberParam(call, 'background_delay');
    if (delay === undefined || delay === 0) return upid;
    await call.clock.hold(Math.min(delay * 1000, 300));
    return call.tasks.find(upid)?.status === 'OK' ? null : upid;
  },

  'PUT /nodes/{node}/qemu/{vmid}/unlink': async (call) => {
    const params = { ...call.params, delete: call.params['idlist'], idlist: undefined };
    const { guest, update } = await prepareVm({ ...call, params });
    carryOut({ ...call, params }, guest, update);
    return null;
  },

  'PUT /nodes/{node}/qemu/{vmid}/cloudinit': (call) => {
    const guest = guestOf(call, 'qemu');
    if (!hasCloudInitDrive(guest)) throw died('no cloudinit drive configured');
    checkLock(call, guest);
    writeCloudInit(guest);
    return null;
  },

  'PUT /nodes/{node}/lxc/{vmid}/config': async (call) => {
    const update = readUpdate(call, 'lxc');
    const guest = guestOf(call, 'lxc');
    checkVolumes(call, guest, update.set);
    await untilUnlocked(call, 'lxc');
    checkLock(call, guest);
    const changed = 'detected modified configuration - file changed by other user? Try again.';
    checkDigest(call, guest, changed);
    if (update.remove.includes('rootfs')) throw died("unable to delete required option 'rootfs'");
    if (update.set['unprivileged'] !== undefined) throw died("Unable to modify read-only option: 'unprivileged'");
    carryOut(call, guest, update);
    return null;
  },
};

async function prepareVm(call: Call): Promise<{ guest: Guest; update: Update }> {
  onlyRoot(call, 'skiplock');
  const update = readUpdate(call, 'qemu');
  const guest = guestOf(call, 'qemu');
  checkVolumes(call, guest, update.set);
  await untilUnlocked(call, 'qemu');
  checkDigest(call, guest, 'checksum mismatch (file change by other user?)');
  checkLock(call, guest);
  checkBalloon(guest, update);
  keepCloudInit(guest);
  return { guest, update };
}

function checkDigest(call: Call, guest: Guest, text: string): void {
  const digest = textParam(call, 'digest');
  if (digest !== undefined && digest !== '' && digest !== digestOf(guest)) throw died(text);
}

/** The update as Proxmox's log has it; passwords and keys are left out. */
function commandLine({ set, remove, revert }: Update): string {
  const hidden = /^(?:cipassword|sshkeys)$/;
  const parts = Object.keys(set)
    .sort()
    .map((key) => `-${key} ${hidden.test(key) ? '<hidden>' : set[key]}`);
  if (remove.length > 0) parts.unshift(`-delete ${remove.join(',')}`);
  if (revert.length > 0) parts.push(`-revert ${revert.join(',')}`);
  return parts.join(' ');
}
