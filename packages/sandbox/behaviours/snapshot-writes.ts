import type { Behaviours, Call, Handler } from '../behaviour.ts';
import { demandAny } from '../guests/config-privileges.ts';
import { deleteSnapshot, rollBack, snapshotNamed, takeSnapshot } from '../guests/snapshot.ts';
import { checkLock, died, startTask, vmidOf, withFileLock } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { flagParam, guestOf, textParam } from './common.ts';

type Type = Guest['type'];

const PREFIX: Record<Type, string> = { qemu: 'qm', lxc: 'vz' };
/** Names that mean something else. */
const RESERVED: Record<Type, string[]> = { qemu: ['current', 'pending'], lxc: ['current', 'vzdump'] };

/** Snapshots of guests: taken, described, gone back to, removed. */
export const snapshotWrites: Behaviours = {
  'POST /nodes/{node}/qemu/{vmid}/snapshot': take('qemu'),
  'POST /nodes/{node}/lxc/{vmid}/snapshot': take('lxc'),
  'DELETE /nodes/{node}/qemu/{vmid}/snapshot/{snapname}': remove('qemu'),
  'DELETE /nodes/{node}/lxc/{vmid}/snapshot/{snapname}': remove('lxc'),
  'POST /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback': goBack('qemu'),
  'POST /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback': goBack('lxc'),
  'PUT /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config': describe('qemu'),
  'PUT /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config': describe('lxc'),
};

function nameOf(call: Call): string {
  return textParam(call, 'snapname') ?? '';
}

function take(type: Type): Handler {
  return (call) => {
    const name = nameOf(call);
    if (RESERVED[type].includes(name)) throw died(`unable to use snapshot name '${name}' (reserved name)`);
    return startTask(call, `${PREFIX[type]}snapshot`, (task) =>
      withFileLock(call, type, task, (guest) => takeSnapshot(call, guest, name, task)),
    );
  };
}

function remove(type: Type): Handler {
  return (call) =>
    startTask(call, `${PREFIX[type]}delsnapshot`, (task) =>
      withFileLock(call, type, task, (guest) => deleteSnapshot(call, guest, nameOf(call), task)),
    );
}

function goBack(type: Type): Handler {
  return (call) => {
    if (flagParam(call, 'start')) demandAny(call, `/vms/${vmidOf(call)}`, ['VM.PowerMgmt']);
    return startTask(call, `${PREFIX[type]}rollback`, (task) =>
      withFileLock(call, type, task, (guest) => rollBack(call, guest, nameOf(call), task)),
    );
  };
}

function describe(type: Type): Handler {
  return (call) => {
    const guest = guestOf(call, type);
    checkLock(call, guest);
    const name = nameOf(call);
    snapshotNamed(guest, name);
    const description = textParam(call, 'description');
    if (description === undefined) return null;
    guest.snapshots = guest.snapshots.map((one) => (one.name === name ? { ...one, description } : one));
    return null;
  };
}
