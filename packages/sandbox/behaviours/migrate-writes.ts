import type { Behaviours, Call } from '../behaviour.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { migrateContainer } from '../guests/container-migration.ts';
import { disksOf } from '../guests/disks.ts';
import { requestMigration } from '../guests/ha-request.ts';
import { mapped, migrateVm } from '../guests/vm-migration.ts';
import { usableStorage } from '../guests/volumes.ts';
import { checkLock, died, isHaManaged, onlyRoot, refused, startTask, withFileLock } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { flagParam, guestOf, textParam } from './common.ts';

/** Guests that move to another node: migrate_vm in PVE/API2/Qemu.pm and PVE/API2/LXC.pm. */
export const migrateWrites: Behaviours = {
  'POST /nodes/{node}/qemu/{vmid}/migrate': (call) => {
    const target = targetOf(call);
    onlyRoot(call, 'force', 'migration_type', 'migration_network');
    const guest = guestOf(call, 'qemu');
    checkLock(call, guest);
    const online = flagParam(call, 'online');
    if (guest.status === 'running' && !online) throw died("can't migrate running VM without --online");
    checkStorages(call, guest, target, textParam(call, 'targetstorage'));
    if (isHaManaged(call.state, guest)) return requestMigration(call, guest, target);
    return startTask(call, 'qmigrate', (task) =>
      withFileLock(call, 'qemu', task, (found) => migrateVm(call, found, task)),
    );
  },

  'POST /nodes/{node}/lxc/{vmid}/migrate': (call) => {
    const target = targetOf(call);
    const guest = guestOf(call, 'lxc');
    const [online, restart] = [flagParam(call, 'online'), flagParam(call, 'restart')];
    if (guest.status === 'running' && !online && !restart) {
      throw died("can't migrate running container without --online or --restart");
    }
    checkLock(call, guest);
    checkStorages(call, guest, target, textParam(call, 'target-storage'));
    const bind = Object.entries(guest.config).find(
      ([key, value]) => /^mp\d+$/.test(key) && String(value).startsWith('/'),
    );
    if (bind) throw died(`cannot migrate local bind mount point '${bind[0]}'`);
    if (isHaManaged(call.state, guest)) return requestMigration(call, guest, target);
    return startTask(call, 'vzmigrate', (task) =>
      withFileLock(call, 'lxc', task, (found) => {
        if (online && !restart && found.status === 'running') {
          throw died('lxc live migration is currently not implemented');
        }
        return migrateContainer(call, found, task);
      }),
    );
  },
};

function targetOf(call: Call): string {
  const target = textParam(call, 'target') ?? '';
  if (target === call.node) throw refused({ target: 'target is local node.' });
  if (!call.state.nodes.has(target)) throw died(`no such cluster node '${target}'`);
  return target;
}

/** Every storage of the guest has to be there on the target, or one to put its disks on. */
function checkStorages(call: Call, guest: Guest, target: string, mapping: string | undefined): void {
  for (const { storage } of disksOf(guest.config)) {
    const wanted = mapped(mapping, storage);
    usableStorage(call.state, target, wanted);
    if (wanted !== storage) demandAny(call, `/storage/${wanted}`, ['Datastore.AllocateSpace']);
  }
}
