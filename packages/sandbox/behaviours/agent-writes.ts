import { asFlag } from '../access-change.ts';
import { PveError, type Behaviours, type Call, type Handler } from '../behaviour.ts';
import { agentRefusal, answering, sessionOf, unfrozen } from '../guests/agent-call.ts';
import { halt, powerOffSeconds } from '../guests/boot.ts';
import { isHaManaged } from '../guests/work.ts';
import { wakeCrm } from '../ha/crm.ts';
import type { Guest, Row } from '../state/model.ts';
import { agent } from './agent.ts';
import { numberParam, textParam } from './common.ts';

const BASE = '/nodes/{node}/qemu/{vmid}/agent';
/** How long anything runs that is started inside. */
const PROCESS_MS = 1000;
/** How long it takes until a guest sleeps. */
const ASLEEP_MS = 1000;
/** Bytes that file-read gives at most. */
const MOST_BYTES = 16 * 1024 ** 2;

/** Commands without parameters, by name; what they give is `result`. */
const PLAIN: Record<string, (call: Call) => unknown> = {
  ping: (call) => {
    answering(call);
    return {};
  },
  'fsfreeze-status': (call) => (sessionOf(answering(call)).isFrozen ? 'frozen' : 'thawed'),
  'fsfreeze-freeze': (call) => {
    const found = unfrozen(call, 'fsfreeze-freeze');
    sessionOf(found).isFrozen = true;
    return fileSystems(found.inside.fsinfo).length;
  },
  'fsfreeze-thaw': (call) => {
    const found = answering(call);
    const session = sessionOf(found);
    const count = session.isFrozen ? fileSystems(found.inside.fsinfo).length : 0;
    session.isFrozen = false;
    return count;
  },
  fstrim: (call) => {
    const { inside } = unfrozen(call, 'fstrim');
    return { paths: fileSystems(inside.fsinfo).map((path) => ({ path, minimum: 0, trimmed: 0 })) };
  },
  shutdown: (call) => {
    const { guest } = unfrozen(call, 'shutdown');
    goDown(call, guest);
    return null;
  },
  'suspend-disk': (call) => {
    const { guest } = unfrozen(call, 'suspend-disk');
    // what it had in memory is on its own disk, and QEMU ends as when it powers itself off
    goDown(call, guest);
    return null;
  },
  'suspend-ram': fallAsleep('suspend-ram'),
  'suspend-hybrid': fallAsleep('suspend-hybrid'),
};

/** The guest goes to sleep (S3) until it is resumed. */
function fallAsleep(command: string): (call: Call) => null {
  return (call) => {
    const { guest } = unfrozen(call, command);
    const { use } = guest;
    call.clock.after(ASLEEP_MS, () => {
      if (guest.use === use && guest.status === 'running') guest.qmpstatus = 'suspended';
    });
    return null;
  };
}

/** What the agent in a guest is told to do: PVE::API2::Qemu::Agent. */
export const agentWrites: Behaviours = {
  ...Object.fromEntries(
    Object.entries(PLAIN).map(([name, run]): [string, Handler] => [
      `POST ${BASE}/${name}`,
      (call) => ({ result: run(call) }),
    ]),
  ),

  // the older way to give any of the plain commands
  [`POST ${BASE}`]: (call) => {
    const name = textParam(call, 'command') ?? '';
    const plain = PLAIN[name];
    if (plain) return { result: plain(call) };
    const read = (agent as Record<string, Handler | undefined>)[`GET ${BASE}/${name}`]; // looked up by its name
    if (read) return read(call);
    throw new PveError(501, `The sandbox does not model the agent's command '${name}'.\n`);
  },

  'POST /nodes/{node}/qemu/{vmid}/agent/set-user-password': (call) => {
    unfrozen(call, 'set-user-password');
    return { result: {} };
  },

  'POST /nodes/{node}/qemu/{vmid}/agent/exec': (call) => {
    const session = sessionOf(unfrozen(call, 'exec'));
    const pid = session.nextPid++;
    session.processes.set(pid, call.clock.now() + PROCESS_MS);
    return { pid };
  },

  'GET /nodes/{node}/qemu/{vmid}/agent/exec-status': (call) => {
    const found = unfrozen(call, 'exec-status');
    const { processes } = sessionOf(found);
    const pid = numberParam(call, 'pid') ?? 0;
    const end = processes.get(pid);
    if (end === undefined) throw agentRefusal(found.guest, 'exec-status', `PID ${pid} does not exist`);
    if (call.clock.now() < end) return { exited: 0 };
    // whoever has been told of the end is not told again
    processes.delete(pid);
    return { exited: 1, exitcode: 0 };
  },

  'POST /nodes/{node}/qemu/{vmid}/agent/file-write': (call) => {
    const { guest } = unfrozen(call, 'file-open');
    const content = textParam(call, 'content') ?? '';
    const bytes = Buffer.from(content, asFlag(call.params['encode']) === 0 ? 'base64' : 'utf8');
    guest.files = { ...guest.files, [textParam(call, 'file') ?? '']: bytes.toString('base64') };
    return null;
  },

  'GET /nodes/{node}/qemu/{vmid}/agent/file-read': (call) => {
    const { guest } = unfrozen(call, 'file-open');
    const path = textParam(call, 'file') ?? '';
    const kept = guest.files?.[path];
    if (kept === undefined) {
      throw agentRefusal(guest, 'file-open', `failed to open file '${path}' (mode: 'r'): No such file or directory`);
    }
    const bytes = Buffer.from(kept, 'base64');
    const from = numberParam(call, 'offset') ?? 0;
    const read = bytes.subarray(from, from + (numberParam(call, 'count') ?? MOST_BYTES));
    return {
      content: read.toString(asFlag(call.params['decode']) === 0 ? 'base64' : 'utf8'),
      'bytes-read': read.length,
      ...(from + read.length < bytes.length ? { truncated: 1 } : {}),
    };
  },
};

function fileSystems(fsinfo: readonly Row[] | undefined): string[] {
  return fsinfo?.map((row) => String(row['mountpoint'] ?? '/')) ?? ['/'];
}

/** The guest powers itself off, and goes when it is done; one under HA is started again by its manager. */
function goDown(call: Call, guest: Guest): void {
  const { use } = guest;
  call.clock.after(powerOffSeconds(guest) * 1000, () => {
    if (guest.use !== use || guest.status !== 'running') return;
    halt(call.state, call.clock, guest);
    if (isHaManaged(call.state, guest)) wakeCrm(call);
  });
}
