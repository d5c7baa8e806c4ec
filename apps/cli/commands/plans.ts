import type { Approval, Person } from '@pxa/contract';
import { formatMoment, harmless, shortSays } from '@pxa/assistant/render';
import { approveAndRun, type AskName, cancelPlan } from '../changes/decide.ts';
import { type ChangeDoor, tell, tellCut, tellJson, withChanges } from '../changes/door.ts';
import { personName } from '../changes/options.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { openDialog } from '../terminal/dialog.ts';

type Own = Record<string, unknown>;

const mostSays = 90;

/** `pxa approvals [--state STATE]`: plans and what became of them, newest first. With --json, the approvals. */
export function approvals(io: Io, options: GlobalOptions, _operands: string[], own: Own): Promise<ExitCode> {
  // commander let one of these through.
  return withChanges(io, options, (door) => listApprovals(door, own['state'] as Approval['state'] | undefined));
}

/** Lists approvals, those in one state or all. */
export async function listApprovals(door: ChangeDoor, state?: Approval['state']): Promise<ExitCode> {
  const list = await door.changes.approvals(state);
  tellCut(door, list);
  if (door.options.json === true) return tellJson(door, list);
  if (list.length === 0) tell(door, state === undefined ? 'No plan has been made yet.' : `No plan is ${state}.`);
  for (const approval of list) tell(door, await approvalLine(door, approval));
  const waiting = list.filter((each) => each.state === 'pending').length;
  if (waiting > 0) tell(door, `${waiting} to decide: ${door.say('approve ID')} or ${door.say('cancel ID')}`);
  return EXIT.answered;
}

async function approvalLine({ changes }: ChangeDoor, approval: Approval): Promise<string> {
  const { plan_id: id, state, expires_at: until, requested_by: by, needed, decisions } = approval;
  // A plan that is sealed with another key, or that somebody laid hands on, is still listed.
  const says = await changes.plan(id).then(
    (found) => found?.record.plan.says ?? '',
    () => '(it cannot be opened)',
  );
  const waits = state === 'pending' ? `, until ${formatMoment(until)}` : '';
  const words = needed > 1 ? `, ${decisions.length} of ${needed} have approved` : '';
  return harmless(`${id}  ${state.padEnd(9)}  ${shortSays(says, mostSays)}  (${by.name}${words}${waits})`);
}

/** `pxa approve ID [--type NAME]`: approves a plan as whoever sits at the keyboard, and carries it out. */
export function approve(io: Io, options: GlobalOptions, [id = '']: string[], own: Own): Promise<ExitCode> {
  const typed = typeof own['type'] === 'string' ? { typed: own['type'] } : {};
  return withChanges(io, options, (door) =>
    approveAndRun(door, id, { by: personAt(io), askName: askNameAt(io), ...typed }),
  );
}

/** `pxa cancel ID`: the plan will not be carried out. */
export function cancel(io: Io, options: GlobalOptions, [id = '']: string[]): Promise<ExitCode> {
  return withChanges(io, options, (door) => cancelPlan(door, id, personAt(io)));
}

function personAt(io: Io): Person {
  return { name: personName(io), door: io.stdin.isTTY === true ? 'terminal' : 'command_line' };
}

/** Asks at a terminal; without one there is nobody to ask, and --type says it. */
function askNameAt(io: Io): AskName {
  if (io.stdin.isTTY !== true) return undefined;
  return async (question) => {
    const dialog = openDialog(io);
    try {
      return await dialog.text(question);
    } finally {
      dialog.close();
    }
  };
}
