import type { Behaviours } from '../behaviour.ts';
import { answering } from '../guests/agent-call.ts';
import type { Guest, Row } from '../state/model.ts';
import { guestOf } from './common.ts';
import { guestName } from './guest-rows.ts';

/** What runs inside guests, as their agent or their network name space tells it. */
export const agent: Behaviours = {
  'GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces': (call) => ({
    // what was read is the whole answer, with its own `result`
    ...withResult(answering(call).inside.interfaces ?? []),
  }),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-osinfo': (call) => {
    const { guest, inside } = answering(call);
    return { result: inside.osinfo ?? osinfo(guest) };
  },
  'GET /nodes/{node}/qemu/{vmid}/agent/get-host-name': (call) => {
    const { guest, inside } = answering(call);
    return { result: { 'host-name': inside.hostname ?? guestName(guest) } };
  },
  'GET /nodes/{node}/qemu/{vmid}/agent/get-fsinfo': (call) => ({ result: answering(call).inside.fsinfo ?? [] }),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-time': (call) => {
    answering(call);
    return { result: call.clock.now() * 1e6 };
  },
  'GET /nodes/{node}/qemu/{vmid}/agent/get-timezone': (call) => {
    answering(call);
    return { result: { zone: 'UTC', offset: 0 } };
  },
  'GET /nodes/{node}/qemu/{vmid}/agent/get-users': (call) => {
    answering(call);
    return { result: [] };
  },
  'GET /nodes/{node}/qemu/{vmid}/agent/info': (call) => {
    answering(call);
    return { result: { version: '8.2.2', supported_commands: SUPPORTED } };
  },
  'GET /nodes/{node}/lxc/{vmid}/interfaces': (call) => {
    const guest = guestOf(call, 'lxc');
    return guest.status === 'running' ? (guest.inside?.interfaces ?? []) : null;
  },
};

const SUPPORTED = [
  'guest-ping',
  'guest-info',
  'guest-network-get-interfaces',
  'guest-get-osinfo',
  'guest-get-fsinfo',
].map((name) => ({ name, enabled: true, 'success-response': true }));

function withResult(read: unknown): Row {
  if (typeof read === 'object' && read !== null && 'result' in read) return read as Row; // an object with a member
  return { result: read };
}

const WINDOWS: Record<string, string> = {
  win11: '11/2022/2025',
  win10: '10/2016/2019',
  win8: '8.x/2012',
  win7: '7/2008r2',
};

/** No more than the configured type of system tells, where the agent's answer was not read. */
function osinfo(guest: Guest): Row {
  const ostype = String(guest.config['ostype'] ?? 'other');
  const windows = WINDOWS[ostype];
  if (windows !== undefined || ostype.startsWith('w')) {
    return { id: 'mswindows', name: 'Microsoft Windows', 'pretty-name': `Windows ${windows ?? ''}`.trim() };
  }
  return { id: 'linux', name: 'Linux', 'pretty-name': 'Linux' };
}
