import type { Call } from '../behaviour.ts';
import { sidOf } from '../behaviours/common.ts';
import type { Guest, Row } from '../state/model.ts';
import { migrateContainer } from './container-migration.ts';
import { migrateVm } from './vm-migration.ts';
import { startTask, withFileLock } from './work.ts';

/** How long until the local manager acts. */
const ROUND_MS = 10_000;

/** A guest under HA is moved by the manager, as root@pam and in a task of its own. */
export function requestMigration(call: Call, guest: Guest, target: string): string {
  const word = guest.type === 'qemu' ? 'VM' : 'CT';
  return startTask(call, 'hamigrate', async (task) => {
    task.log(`Requesting HA migration for ${word} ${guest.vmid} to node ${target}`);
    await task.wait(500);
    call.clock.after(ROUND_MS, () => act(call, guest, target));
  });
}

function act(call: Call, guest: Guest, target: string): void {
  const root = { userid: 'root@pam', authid: 'root@pam' };
  const params = { vmid: guest.vmid, target, online: 1, restart: 1, 'with-local-disks': 1 };
  const asRoot: Call = { ...call, node: guest.node, params, caller: root };
  tell(call, guest, { state: 'migrate', crm_state: 'migrate' });
  startTask(asRoot, guest.type === 'qemu' ? 'qmigrate' : 'vzmigrate', async (task) => {
    try {
      await withFileLock(asRoot, guest.type, task, (found) =>
        guest.type === 'qemu' ? migrateVm(asRoot, found, task) : migrateContainer(asRoot, found, task),
      );
    } finally {
      const word = guest.status === 'running' ? 'started' : 'stopped';
      const status = `${sidOf(guest)} (${guest.node}, ${word})`;
      tell(call, guest, { node: guest.node, state: word, crm_state: word, status });
    }
  });
}

function tell(call: Call, guest: Guest, changes: Row): void {
  const { ha } = call.state;
  ha.services = ha.services.map((row) => (row['sid'] === sidOf(guest) ? { ...row, ...changes } : row));
}
