import { call, type GuestNow, listedFact, type PieceStep, sameConfig, statusFact } from '../kit/index.ts';
import { haTasks } from '../power/power.ts';

/** How a guest is moved. */
export interface Move {
  readonly to: string;
  /** It runs, and is to go on running while it moves (a VM), or to be started again by Proxmox (a container). */
  readonly isUp: boolean;
  /** It has disks of its own node, which are copied. */
  readonly copies: boolean;
  readonly storage: string | undefined;
}

/** The call that moves a guest. */
export function moveStep(guest: GuestNow, move: Move): PieceStep {
  const { to, isUp } = move;
  const id = String(guest.vmid);
  return {
    ...moveCall(guest, move),
    node: guest.node,
    tasks: [
      { type: guest.type === 'qemu' ? 'qmigrate' : 'vzmigrate', id },
      ...(guest.ha === undefined ? [] : [{ type: 'hamigrate', id }]),
    ],
    limitSeconds: 24 * 3_600,
    relies: [
      sameConfig(guest),
      statusFact(guest, 'status', isUp ? 'running' : 'stopped'),
      listedFact(guest, 'node', guest.node),
    ],
    expects: [listedFact(guest, 'node', to), listedFact(guest, 'status', isUp ? 'running' : 'stopped')],
  };
}

function moveCall(guest: GuestNow, { to, isUp, copies, storage }: Move): ReturnType<typeof call> {
  const at = { node: guest.node, vmid: guest.vmid, target: to };
  const says = `Move ${guest.title} from ${guest.node} to ${to}${isUp && guest.type === 'qemu' ? ', live' : ''}`;
  if (guest.type === 'lxc') {
    const params = {
      ...at,
      ...(isUp ? { restart: true } : {}),
      ...(storage === undefined ? {} : { 'target-storage': storage }),
    };
    return call('POST', '/nodes/{node}/lxc/{vmid}/migrate', params, says);
  }
  const params = {
    ...at,
    ...(isUp ? { online: true } : {}),
    ...(copies && isUp ? { 'with-local-disks': true } : {}),
    ...(storage === undefined ? {} : { targetstorage: storage }),
  };
  return call('POST', '/nodes/{node}/qemu/{vmid}/migrate', params, says);
}

/** A running VM is shut down, moved, and started again where it is then; if it cannot move, it is started where it was. */
export function moveStopped(guest: GuestNow, move: Omit<Move, 'isUp'>): PieceStep[] {
  const stopped: GuestNow = { ...guest, status: 'stopped' };
  const down: PieceStep = {
    ...call('POST', '/nodes/{node}/qemu/{vmid}/status/shutdown', at(guest), `Shut down ${guest.title}`),
    node: guest.node,
    tasks: [{ type: 'qmshutdown', id: String(guest.vmid) }, ...haTasks(guest)],
    limitSeconds: 900,
    relies: [statusFact(guest, 'status', 'running'), statusFact(guest, 'lock', null)],
    expects: [statusFact(guest, 'status', 'stopped')],
    undo: [startCall(guest)],
  };
  const across: PieceStep = {
    ...moveStep(stopped, { ...move, isUp: false }),
    // Not its whole configuration: what waited for the shutdown has come into effect by then.
    relies: [statusFact(guest, 'status', 'stopped'), listedFact(guest, 'node', guest.node)],
  };
  const up: PieceStep = {
    ...startCall({ ...guest, node: move.to }),
    node: move.to,
    tasks: [{ type: 'qmstart', id: String(guest.vmid) }, ...haTasks(guest)],
    limitSeconds: 600,
    relies: [listedFact(guest, 'node', move.to)],
    expects: [listedFact(guest, 'node', move.to), listedFact(guest, 'status', 'running')],
  };
  return [down, across, up];
}

const at = ({ node, vmid }: GuestNow): { node: string; vmid: number } => ({ node, vmid });

const startCall = (guest: GuestNow): ReturnType<typeof call> =>
  call('POST', '/nodes/{node}/qemu/{vmid}/status/start', at(guest), `Start ${guest.title} on ${guest.node}`);
