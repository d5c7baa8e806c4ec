import type { Clock } from '../clock.ts';
import { guestRates, guestsByNode, nodeUse } from '../load.ts';
import { guestSize, properties } from '../state/guest-size.ts';
import type { Guest, State, Use } from '../state/model.ts';
import { applyPending } from './pending.ts';
import { bareInside, insideOf } from './inside.ts';
import { died } from './work.ts';
import { volumeLeftBehind } from './left-behind.ts';

const IDLE: Use = { cpu: 0, mem: 0, disk: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };

/** How long after its start a guest's agent answers, or a container has its addresses. */
const INSIDE_MS = { qemu: 20_000, lxc: 3000 };

/** Makes a guest run from now on; what is inside shows some seconds later. Pending changes come into effect. */
export function boot(state: State, clock: Clock, guest: Guest): void {
  applyPending(state, guest);
  const before = guest.lastRun;
  guest.status = 'running';
  guest.qmpstatus = undefined;
  guest.bootTime = Math.floor(clock.now() / 1000);
  guest.use = before?.use ?? firstUse(state, guest);
  // QEMU knows nothing of what is inside before its agent answers; a container's name space is there with it
  guest.inside = guest.type === 'lxc' ? bareInside(guest) : undefined;
  const { use } = guest;
  clock.after(INSIDE_MS[guest.type], () => {
    if (guest.use === use && guest.status === 'running') guest.inside = before?.inside ?? insideOf(guest);
  });
}

/** Ends a guest's run; what it used then is what it will use when it is started again. */
export function halt(state: State, clock: Clock, guest: Guest): void {
  if (guest.status === 'running') {
    const t = clock.now() / 1000;
    const { cpu, mem, disk } = guest.use;
    guest.lastRun = { inside: guest.inside, use: { cpu, mem, disk, ...guestRates(state, guest, t) } };
  }
  guest.status = 'stopped';
  guest.qmpstatus = undefined;
  guest.bootTime = 0;
  guest.use = { ...IDLE, disk: guest.type === 'lxc' ? guest.use.disk : 0 };
  guest.inside = undefined;
  guest.extra = undefined;
  applyPending(state, guest);
}

/** What a guest uses of its memory of which nobody has told, in bytes. */
export const usualMemory = (state: State, guest: Guest): number => firstUse(state, guest).mem;

/** A guest that never ran here: counters are bytes a second, as for every start after `State.start`. */
function firstUse(state: State, guest: Guest): Use {
  const size = guestSize(state, guest);
  const lightness = guest.type === 'lxc' ? 0.12 : 0.35;
  return {
    cpu: 0.02,
    mem: Math.round(size.maxmem * lightness),
    disk: guest.type === 'lxc' ? Math.round(Math.min(size.maxdisk, 700 * 1024 ** 2)) : 0,
    netin: 900,
    netout: 600,
    diskread: 4000,
    diskwrite: 9000,
  };
}

/**
 * What stands in the way of a start on the guest's node, in the words of QEMU and qemu-server: vCPUs, bridges,
 * disks, memory. Gives the lines that come before the error too.
 */
export function startObstacle(state: State, clock: Clock, guest: Guest): { lines: string[]; error: Error } | undefined {
  const node = state.nodes.get(guest.node);
  if (!node) return undefined;
  const isVm = guest.type === 'qemu';
  const vcpus = Number(guest.config['sockets'] ?? 1) * Number(guest.config['cores'] ?? 1);
  if (isVm && vcpus > node.maxcpu) {
    return { lines: [], error: died(`MAX ${node.maxcpu} vcpus allowed per VM on this node`) };
  }
  const missing = bridgesOf(guest).find((bridge) => !node.network.some(({ iface }) => iface === bridge));
  if (missing !== undefined && node.network.length > 0) {
    const lines = [`bridge '${missing}' does not exist`];
    const script = `kvm: -netdev type=tap: network script /usr/libexec/qemu-server/pve-bridge failed with status 512`;
    if (isVm) return { lines: [...lines, script], error: died('start failed: QEMU exited with code 1') };
    return { lines, error: died(`startup for container '${guest.vmid}' failed`) };
  }
  const left = volumeLeftBehind(state, guest);
  if (left) return { lines: [], error: died(left.error) };
  if (!isVm) return undefined;
  const others = guestsByNode(state).get(node.name) ?? [];
  const free = node.memTotal - nodeUse(state, node, others, clock.now() / 1000).mem + node.swap.total - node.swap.used;
  const { maxmem } = guestSize(state, guest);
  const runs = guest.status === 'running';
  const needed = runs ? guest.use.mem : (guest.lastRun?.use.mem ?? firstUse(state, guest).mem);
  if (maxmem <= node.memTotal + node.swap.total && needed <= free) return undefined;
  const line = `kvm: cannot set up guest memory 'pc.ram': Cannot allocate memory`;
  return { lines: [line], error: died('start failed: QEMU exited with code 1') };
}

function bridgesOf({ config }: Guest): string[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const bridge = /^net\d+$/.test(key) ? properties(value)['bridge'] : undefined;
    return bridge === undefined ? [] : [bridge];
  });
}

/** Seconds that a guest needs to power itself off. */
export function powerOffSeconds(guest: Guest): number {
  const base = guest.type === 'lxc' ? 2 : 5;
  return base + (guest.vmid % 5) + (String(guest.config['ostype']).startsWith('w') ? 12 : 0);
}
