import type { Call } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import type { Guest } from '../state/model.ts';
import { boot } from './boot.ts';
import { shutContainerDown } from './container-power.ts';
import { copyLocalVolumes, localVolumes, moveConfig } from './local-volumes.ts';
import { MigrationLog } from './migration-log.ts';
import { mapped } from './vm-migration.ts';
import { clonesOf } from './volumes.ts';
import { checkLock, whileLocked, type Task } from './work.ts';

/** PVE::LXC::Migrate: a container that runs is shut down, moved and started on the target. */
export async function migrateContainer(call: Call, guest: Guest, task: Task): Promise<void> {
  const target = textParam(call, 'target') ?? '';
  checkLock(call, guest);
  const log = new MigrationLog(call, task);
  const node = call.state.nodes.get(target);
  await task.wait(1000);
  if (node?.offlineSince !== undefined) throw log.aborted("Can't connect to destination address using public key");
  const lives = guest.status === 'running';
  if (lives) {
    log.say(`shutdown CT ${guest.vmid}`);
    await shutContainerDown({ ...call, params: { timeout: textParam(call, 'timeout') ?? 180 } }, guest, task, {
      force: true,
    });
  }
  await whileLocked(call, guest, 'migrate', async () => {
    log.say(`starting migration of CT ${guest.vmid} to node '${target}' (${node?.ip ?? target})`);
    for (const { volid } of localVolumes(call, guest)) {
      log.say(`found local volume '${volid}' (in current VM config)`);
      if (clonesOf(call.state, guest.node, volid).length > 0) {
        throw log.aborted(`base volume '${volid}' is still in use by linked cloned`);
      }
    }
    const mapping = textParam(call, 'target-storage');
    try {
      const moved = await copyLocalVolumes(call, guest, target, (storage) => mapped(mapping, storage), { task, log });
      moveConfig(call, guest, target, moved);
    } catch (error) {
      const text = error instanceof Error ? error.message.trimEnd() : String(error);
      throw log.aborted(`storage migration for ${guest.vmid} failed: ${text}`);
    }
    log.say('start final cleanup');
  });
  if (lives) {
    log.say('start container on target node');
    await task.wait(1500);
    boot(call.state, call.clock, guest);
  }
  log.finished();
}
