import type { Call } from '../behaviour.ts';
import { sidOf } from '../behaviours/common.ts';
import type { Guest, Row } from '../state/model.ts';
import { carryOutShutdown, carryOutStart, carryOutStop } from './ha-service.ts';
import { startTask, vmidOf } from './work.ts';

/** `stop` gives the guest no time (crm-command stop with 0 s), `shutdown` does. */
type Wish = 'start' | 'stop' | 'shutdown';

/** How long until the local manager acts upon a wish: the rounds of CRM and LRM. */
const ROUND_MS = 10_000;

/** A guest under HA is not started or stopped by the call: what is wanted is told to the manager, which acts later. */
export function crmCommand(call: Call, guest: Guest, wish: Wish): string {
  const name = guest.type === 'qemu' ? 'VM' : 'CT';
  const word = wish === 'start' ? 'start' : 'stop';
  return startTask(call, `ha${word}`, async (task) => {
    task.log(`Requesting HA ${word} for ${name} ${guest.vmid}`);
    await task.wait(500);
    const sid = sidOf(guest);
    const wanted = wish === 'start' ? 'started' : 'stopped';
    call.state.ha.resources = replaced(call.state.ha.resources, sid, { state: wanted });
    call.state.ha.services = replaced(call.state.ha.services, sid, { request_state: wanted });
    call.clock.after(ROUND_MS, () => act(call, guest, wanted, wish));
  });
}

/** The manager's round: nothing is done where the wish was withdrawn meanwhile, or is already so. */
function act(call: Call, guest: Guest, wanted: 'started' | 'stopped', wish: Wish): void {
  const sid = sidOf(guest);
  const resource = call.state.ha.resources.find((row) => row['sid'] === sid);
  if (resource?.['state'] !== wanted) return;
  const root = { userid: 'root@pam', authid: 'root@pam' };
  const asRoot: Call = { ...call, node: guest.node, params: { vmid: vmidOf(call) }, caller: root };
  const done = (word: string): void => {
    const status = `${sid} (${guest.node}, ${word})`;
    call.state.ha.services = replaced(call.state.ha.services, sid, { state: word, crm_state: word, status });
  };
  if (wanted === 'started') carryOutStart(asRoot, guest, done);
  else if (wish === 'stop') carryOutStop(asRoot, guest, done);
  else carryOutShutdown(asRoot, guest, done);
}

/** The list with one service's fields replaced; lists are never changed in place, their digests are kept. */
function replaced(rows: readonly Row[], sid: string, changes: Row): Row[] {
  return rows.map((row) => (row['sid'] === sid ? { ...row, ...changes } : row));
}
