import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import type { Guest, Inside, Row } from '../state/model.ts';
import { guestOf } from './common.ts';
import { agentEnabled } from './guest-machine.ts';
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

/** The guest whose agent answers; PVE::QemuServer::Agent's words where it does not. */
function answering(call: Call): { guest: Guest; inside: Inside } {
  const guest = guestOf(call, 'qemu');
  if (!agentEnabled(guest)) throw new PveError(500, 'No QEMU guest agent configured\n');
  if (guest.status !== 'running') throw new PveError(500, `VM ${guest.vmid} is not running\n`);
  if (!guest.inside || guest.qmpstatus === 'paused') throw new PveError(500, 'QEMU guest agent is not running\n');
  return { guest, inside: guest.inside };
}

function withResult(read: unknown): Row {
  if (typeof read === 'object' && read !== null && 'result' in read) return read as Row; // an object with a member
  return { result: read };
}

const SYSTEMS: [RegExp, Row][] = [
  [
    /^win/,
    { id: 'mswindows', name: 'Microsoft Windows', 'pretty-name': 'Windows Server 2022 Standard', version: '2022' },
  ],
  [
    /./,
    {
      id: 'debian',
      name: 'Debian GNU/Linux',
      'pretty-name': 'Debian GNU/Linux 12 (bookworm)',
      version: '12 (bookworm)',
    },
  ],
];

function osinfo(guest: Guest): Row {
  const ostype = String(guest.config['ostype'] ?? 'l26');
  return SYSTEMS.find(([pattern]) => pattern.test(ostype))?.[1] ?? {};
}
