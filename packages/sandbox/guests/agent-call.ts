import type { Call, PveError } from '../behaviour.ts';
import { guestOf } from '../behaviours/common.ts';
import { agentEnabled } from '../behaviours/guest-machine.ts';
import type { Guest, Inside } from '../state/model.ts';
import { died } from './work.ts';

/** The guest whose agent answers; PVE::QemuServer::Agent's words where it does not. */
export function answering(call: Call): { guest: Guest; inside: Inside } {
  const guest = guestOf(call, 'qemu');
  if (!agentEnabled(guest)) throw died('No QEMU guest agent configured');
  if (guest.status !== 'running') throw died(`VM ${guest.vmid} is not running`);
  if (!guest.inside || isHeld(guest)) throw died('QEMU guest agent is not running');
  return { guest, inside: guest.inside };
}

/** Whether a guest that runs gets no time: it was paused, or has put itself to sleep. */
const isHeld = ({ qmpstatus }: Guest): boolean => qmpstatus === 'paused' || qmpstatus === 'suspended';

/** What the agent itself refuses, as PVE::QMPClient tells it. */
export function agentRefusal({ vmid }: Guest, command: string, reason: string): PveError {
  return died(`VM ${vmid} qga command 'guest-${command}' failed - ${reason}`);
}

/** What goes on inside guests as far as the agent has to do with it: for as long as they run. */
interface Session {
  isFrozen: boolean;
  nextPid: number;
  /** Processes that were started and not asked about since they ended: when they end, in ms. */
  processes: Map<number, number>;
}

const sessions = new WeakMap<Inside, Session>();

export function sessionOf({ inside }: { inside: Inside }): Session {
  const known = sessions.get(inside) ?? { isFrozen: false, nextPid: 1201, processes: new Map() };
  sessions.set(inside, known);
  return known;
}

/** The same, where the command may not be given while file systems are frozen. */
export function unfrozen(call: Call, command: string): { guest: Guest; inside: Inside } {
  const found = answering(call);
  if (!sessionOf(found).isFrozen) return found;
  const reason = `Command guest-${command} has been disabled: the command is not allowed while the agent is in frozen state`;
  throw agentRefusal(found.guest, command, reason);
}
