import type { Behaviours, Call } from '../behaviour.ts';
import { halt } from '../guests/boot.ts';
import { disksOf } from '../guests/disks.ts';
import { purgeReferences, removeAccess } from '../guests/purge.ts';
import { clonesOf, freeVolume, volumeOwner } from '../guests/volumes.ts';
import { changeConfig, checkLock, died, onlyRoot, startTask, withFileLock, type Task } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { flagParam, guestOf, nodeOf, sidOf } from './common.ts';

/** Guests that go, with their disks. */
export const destroyWrites: Behaviours = {
  'DELETE /nodes/{node}/qemu/{vmid}': (call) => {
    onlyRoot(call, 'skiplock');
    const check = (guest: Guest): void => {
      checkWanted(call, guest, 'VM');
      if (guest.status === 'running') throw died(`VM ${guest.vmid} is running - destroy failed`);
    };
    check(guestOf(call, 'qemu'));
    return startTask(call, 'qmdestroy', (task) =>
      withFileLock(call, 'qemu', task, async (guest) => {
        check(guest);
        // what sleeps on disk goes with its memory (PVE::QemuServer, destroy_vm)
        if (guest.config['lock'] !== 'suspended') checkLock(call, guest);
        await destroy(call, guest, task);
      }),
    );
  },

  'DELETE /nodes/{node}/lxc/{vmid}': (call) => {
    const force = flagParam(call, 'force');
    const check = (guest: Guest): void => {
      checkWanted(call, guest, 'CT');
      checkLock(call, guest);
      if (guest.status === 'running' && !force) throw died(`unable to destroy CT ${guest.vmid} - container is running`);
    };
    check(guestOf(call, 'lxc'));
    return startTask(call, 'vzdestroy', (task) =>
      withFileLock(call, 'lxc', task, async (guest) => {
        check(guest);
        if (guest.status === 'running') {
          task.log(`forced to stop CT ${guest.vmid} before destroying!`);
          await task.wait(1000);
          halt(call.state, call.clock, guest);
        }
        await destroy(call, guest, task);
      }),
    );
  },
};

/** Protection, HA and replication stand in the way; the last two unless everything is to go. */
function checkWanted(call: Call, guest: Guest, word: 'VM' | 'CT'): void {
  const { vmid } = guest;
  if (Number(guest.config['protection'] ?? 0) === 1)
    throw died(`can't remove ${word} ${vmid} - protection mode enabled`);
  if (flagParam(call, 'purge')) return;
  if (call.state.ha.resources.some(({ sid }) => sid === sidOf(guest))) {
    throw died(`unable to remove ${word} ${vmid} - used in HA resources and purge parameter not set.`);
  }
  const job = call.state.replication.find((row) => Number(row['guest']) === vmid);
  if (!job) return;
  const id = String(job['id'] ?? `${vmid}-0`);
  throw died(`There is a replication job '${id}' for guest '${vmid}' - Please remove that first.`);
}

async function destroy(call: Call, guest: Guest, task: Task): Promise<void> {
  const { state } = call;
  const volumes = ownVolumes(call, guest);
  const used = volumes.find((volid) => clonesOf(state, guest.node, volid).length > 0);
  if (used !== undefined) throw died(`base volume '${used}' is still in use by linked cloned`);
  changeConfig(guest, { lock: 'destroyed' });
  for (const volid of volumes) {
    await task.wait(200);
    freeVolume(state, guest.node, volid);
  }
  removeAccess(call, guest);
  if (flagParam(call, 'purge')) purgeReferences(call, guest, task);
  state.guests.delete(guest.vmid);
}

/** What the configuration and its snapshots name, and where asked for all else that bears the guest's number. */
function ownVolumes(call: Call, guest: Guest): string[] {
  const configs = [guest.config, guest.pending?.set ?? {}, ...guest.snapshots.map(({ config }) => config ?? {})];
  const volids = new Set<string>();
  for (const config of configs) {
    for (const { volid } of disksOf(config)) if (volumeOwner(volid) === guest.vmid) volids.add(volid);
    if (config['vmstate'] !== undefined) volids.add(String(config['vmstate']));
  }
  if (flagParam(call, 'destroy-unreferenced-disks')) {
    for (const { pool } of nodeOf(call).storages.values()) {
      for (const { volid, content } of pool.volumes) {
        if (/^(?:images|rootdir)$/.test(content) && volumeOwner(volid) === guest.vmid) volids.add(volid);
      }
    }
  }
  return [...volids];
}
