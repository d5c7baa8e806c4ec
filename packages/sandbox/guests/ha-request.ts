import type { Call } from '../behaviour.ts';
import { numberParam, sidOf } from '../behaviours/common.ts';
import { queueCommand, queueMove, wakeCrm } from '../ha/crm.ts';
import { changeResource } from '../ha/service.ts';
import type { Guest } from '../state/model.ts';
import { died, startTask } from './work.ts';

/** `stop` gives the guest no time (crm-command stop with 0 s), `shutdown` does. */
type Wish = 'start' | 'stop' | 'shutdown';

/** How long the command line tool takes that the task calls. */
const TOOL_MS = 500;

/** A guest under HA is not started or stopped by the call: what is wanted is told to the manager, which acts later. */
export function crmCommand(call: Call, guest: Guest, wish: Wish): string {
  const word = wish === 'start' ? 'start' : 'stop';
  return startTask(call, `ha${word}`, async (task) => {
    task.log(`Requesting HA ${word} for ${nameOf(guest)}`);
    await task.wait(TOOL_MS);
    const sid = sidOf(guest);
    if (wish === 'start') {
      changeResource(call.state, sid, { state: 'started' });
      wakeCrm(call);
    } else {
      const timeoutS = wish === 'stop' ? 0 : numberParam(call, 'timeout');
      queueCommand(call, sid, { kind: 'stop', timeoutS });
    }
  });
}

/** A guest under HA is moved by the manager, as root@pam and in a task of its own. */
export function requestMigration(call: Call, guest: Guest, target: string): string {
  return startTask(call, 'hamigrate', async (task) => {
    task.log(`Requesting HA migration for ${nameOf(guest)} to node ${target}`);
    await task.wait(TOOL_MS);
    const sid = sidOf(guest);
    const { blocking } = queueMove(call, sid, { kind: 'migrate', node: target });
    if (blocking.length === 0) return;
    task.log(`cannot migrate resource '${sid}' to node '${target}':`);
    for (const other of blocking) {
      task.log(`- resource '${other}' on target node '${target}' in negative affinity with resource '${sid}'`);
    }
    throw died(`command 'ha-manager migrate ${sid} ${target}' failed: exit code 255`);
  });
}

function nameOf({ type, vmid }: Guest): string {
  return `${type === 'qemu' ? 'VM' : 'CT'} ${vmid}`;
}
