import type { Fact } from '@pxa/contract';
import { asNumber } from '@pxa/pve/values';
import {
  call,
  type GuestNow,
  needed,
  notRunning,
  percentText,
  type Planning,
  sizeText,
  statusFact,
  template,
} from '../kit/index.ts';
import { power } from './power.ts';

const at = ({ node, vmid }: GuestNow): { node: string; vmid: number } => ({ node, vmid });

/** What HA does to a guest that it manages, whatever is done to it by hand. */
function managed({ ha, title }: GuestNow): string[] {
  return ha === undefined ? [] : [`${title} is managed by HA: the wish goes to the HA manager, which carries it out.`];
}

/** A guest that has just been started is about as old before a reboot as after it: its uptime tells nothing yet. */
const LEAST_UPTIME_S = 300;

/** It runs for a shorter time than when the plan was made. */
function restarted(guest: GuestNow): Fact[] {
  const uptime = asNumber(guest.current['uptime']) ?? 0;
  return uptime < LEAST_UPTIME_S ? [] : [{ ...statusFact(guest, 'uptime', uptime), how: 'less' }];
}

/** What the memory of a node comes to with all that a guest may use. Proxmox starts it all the same while there is room. */
async function memoryAfter(planning: Planning, guest: GuestNow): Promise<string[]> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The nodes');
  const node = rows.find(({ data }) => data['type'] === 'node' && data['node'] === guest.node)?.data ?? {};
  const [used, total] = [asNumber(node['mem']) ?? 0, asNumber(node['maxmem']) ?? 0];
  const wants = asNumber(guest.current['maxmem']) ?? 0;
  const share = (used + wants) / total;
  if (total === 0 || share < planning.thresholds.memory) return [];
  return [
    `${guest.node} would have up to ${percentText(share)} of its memory in use: ${sizeText(used)} of ${sizeText(total)} are, and ${guest.title} may take ${sizeText(wants)}.`,
  ];
}

export const start = power({
  id: 'guest.start',
  verb: 'start',
  risk: 'change',
  say: [
    '(start|start up|boot|boot up|power on|turn on|switch on|bring up|fire up|spin up|launch|run) {on}',
    '(turn|switch|power|bring|boot|start|fire|spin) {on} (on|up)',
    'bring {on} [back] online',
    '(need|want) {on} [back] (up|started|online)',
  ],
  input: {},
  refuse: (guest) => template(guest, 'started'),
  isSo: ({ status }) => status !== 'stopped',
  soText: 'running',
  step: (guest, _, says) =>
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/status/start', at(guest), says)
      : call('POST', '/nodes/{node}/lxc/{vmid}/status/start', at(guest), says),
  tasks: ['qmstart', 'vzstart'],
  limitSeconds: 600,
  becomes: 'running',
  undo: 'guest.shutdown',
  warn: managed,
  careful: memoryAfter,
  examples: [
    { say: 'start build-agent', sends: ['POST /nodes/pve-node02/qemu/104/status/start'] },
    { say: 'turn dev-sandbox on', sends: ['POST /nodes/pve-node02/lxc/203/status/start'] },
    { say: 'start 100', sends: 'answer' },
  ],
});

export const shutdown = power({
  id: 'guest.shutdown',
  verb: 'shut down',
  risk: 'disruptive',
  say: [
    '[cleanly|gracefully|politely] (shut down|shutdown|power off|poweroff|power down|turn off|switch off|take down|bring down) {on} [cleanly|gracefully|politely|nicely] {*}',
    '(shut|turn|power|switch|take|bring) {on} (down|off) [cleanly|gracefully|politely|nicely] {*}',
  ],
  input: {
    timeout: { kind: 'duration', say: ['(with|within) [a] timeout of {}', 'within {}', '(wait|waiting) [up to] {}'] },
  },
  refuse: (guest) => (guest.status === 'paused' ? [pausedRefusal(guest)] : []),
  isSo: ({ status }) => status === 'stopped',
  soText: 'stopped',
  step: (guest, { timeout }, says) => {
    const wait = typeof timeout === 'number' ? { timeout } : {};
    return guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/status/shutdown', { ...at(guest), ...wait }, says)
      : call('POST', '/nodes/{node}/lxc/{vmid}/status/shutdown', { ...at(guest), ...wait }, says);
  },
  tasks: ['qmshutdown', 'vzshutdown'],
  limitSeconds: 900,
  becomes: 'stopped',
  undo: 'guest.start',
  warn: managed,
  examples: [
    { say: 'shut down dc01-win2022', sends: ['POST /nodes/pve-node01/qemu/100/status/shutdown'] },
    { say: 'turn nginx-proxy off', sends: ['POST /nodes/pve-node01/lxc/200/status/shutdown'] },
    { say: 'shut down build-agent', sends: 'answer' },
  ],
});

/** qemu-server refuses to shut a paused VM down: nothing in it could hear the request (QemuServer.pm, vm_stop). */
function pausedRefusal({ title, vmid }: GuestNow): { why: string; next: string; say: string } {
  return {
    why: `${title} is paused, and cannot hear a request to shut down.`,
    next: `Resume it first (“resume ${vmid}”), or stop it hard (“stop ${vmid}”).`,
    say: `resume ${vmid}`,
  };
}

export const stop = power({
  id: 'guest.stop',
  verb: 'stop',
  risk: 'disruptive',
  say: [
    '(stop|kill|force stop|force off|hard stop|halt|terminate|force shut down|forcibly stop|pull the plug on|pull the plug of) {on}',
    'force {on} off',
  ],
  input: {},
  refuse: () => [],
  isSo: ({ status }) => status === 'stopped',
  soText: 'stopped',
  step: (guest, _, says) =>
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/status/stop', at(guest), says)
      : call('POST', '/nodes/{node}/lxc/{vmid}/status/stop', at(guest), says),
  tasks: ['qmstop', 'vzstop'],
  limitSeconds: 300,
  becomes: 'stopped',
  undo: 'guest.start',
  warn: (guest) => [
    `${guest.title} is switched off as by pulling its plug: what it has not written is lost. “shut down ${guest.vmid}” asks it to end by itself.`,
    ...managed(guest),
  ],
  examples: [
    { say: 'stop dc01-win2022', sends: ['POST /nodes/pve-node01/qemu/100/status/stop'] },
    { say: 'kill ct 201', sends: ['POST /nodes/pve-node01/lxc/201/status/stop'] },
    { say: 'force stop unbound-dns', sends: ['POST /nodes/pve-node02/lxc/202/status/stop'] },
    { say: 'stop build-agent', sends: 'answer' },
  ],
});

export const reboot = power({
  id: 'guest.reboot',
  verb: 'reboot',
  risk: 'disruptive',
  say: ['(restart|reboot|bounce|power cycle|cycle) {on}'],
  input: {},
  refuse: (guest) => (guest.status === 'paused' ? [pausedRefusal(guest)] : notRunning(guest)),
  isSo: () => false,
  soText: '',
  step: (guest, _, says) =>
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/status/reboot', at(guest), says)
      : call('POST', '/nodes/{node}/lxc/{vmid}/status/reboot', at(guest), says),
  tasks: ['qmreboot', 'vzreboot'],
  limitSeconds: 900,
  becomes: 'running',
  proof: restarted,
  examples: [
    { say: 'restart the VM docker-host-01', sends: ['POST /nodes/pve-node01/qemu/103/status/reboot'] },
    { say: 'reboot unbound-dns', sends: ['POST /nodes/pve-node02/lxc/202/status/reboot'] },
    { say: 'reboot build-agent', sends: 'clarification' },
  ],
});

export const reset = power({
  id: 'guest.reset',
  verb: 'reset',
  risk: 'disruptive',
  type: 'qemu',
  say: ['(reset|hard reset|hard reboot|force reboot|force restart) {on}'],
  input: {},
  refuse: notRunning,
  isSo: () => false,
  soText: '',
  step: (guest, _, says) => call('POST', '/nodes/{node}/qemu/{vmid}/status/reset', at(guest), says),
  tasks: ['qmreset'],
  limitSeconds: 120,
  becomes: 'running',
  warn: ({ title }) => [`${title} is reset as by its button: what it has not written is lost.`],
  examples: [
    { say: 'reset docker-host-01', sends: ['POST /nodes/pve-node01/qemu/103/status/reset'] },
    { say: 'hard reset monitoring-stack', sends: ['POST /nodes/pve-node01/qemu/105/status/reset'] },
    { say: 'reset build-agent', sends: 'clarification' },
    { say: 'reset nginx-proxy', sends: 'clarification' },
  ],
});

export const suspend = power({
  id: 'guest.suspend',
  verb: 'suspend',
  risk: 'disruptive',
  type: 'qemu',
  say: ['(suspend|pause|freeze) {on}', 'put {on} (on hold|to sleep)'],
  input: {},
  refuse: notRunning,
  isSo: ({ status }) => status === 'paused',
  soText: 'paused',
  step: (guest, _, says) => call('POST', '/nodes/{node}/qemu/{vmid}/status/suspend', at(guest), says),
  tasks: ['qmpause'],
  limitSeconds: 120,
  becomes: 'paused',
  shownBy: 'qmpstatus',
  undo: 'guest.resume',
  examples: [
    { say: 'pause docker-host-01', sends: ['POST /nodes/pve-node01/qemu/103/status/suspend'] },
    { say: 'suspend monitoring-stack', sends: ['POST /nodes/pve-node01/qemu/105/status/suspend'] },
    { say: 'pause build-agent', sends: 'clarification' },
  ],
});

export const hibernate = power({
  id: 'guest.hibernate',
  verb: 'hibernate',
  risk: 'disruptive',
  type: 'qemu',
  say: ['(hibernate|suspend to disk) {on}', '(suspend|hibernate) {on} to disk'],
  input: {},
  refuse: notRunning,
  isSo: () => false,
  soText: '',
  step: (guest, _, says) =>
    call('POST', '/nodes/{node}/qemu/{vmid}/status/suspend', { ...at(guest), todisk: true }, says),
  tasks: ['qmsuspend'],
  limitSeconds: 3_600,
  becomes: 'stopped',
  undo: 'guest.start',
  examples: [
    { say: 'hibernate docker-host-01', sends: ['POST /nodes/pve-node01/qemu/103/status/suspend todisk=1'] },
    { say: 'suspend monitoring-stack to disk', sends: ['POST /nodes/pve-node01/qemu/105/status/suspend todisk=1'] },
    { say: 'hibernate build-agent', sends: 'clarification' },
  ],
});

export const resume = power({
  id: 'guest.resume',
  verb: 'resume',
  risk: 'change',
  type: 'qemu',
  say: ['(resume|unpause|unfreeze|continue|wake|wake up|unsuspend) {on}', 'wake {on} up'],
  input: {},
  refuse: notRunning,
  isSo: ({ status }) => status === 'running',
  soText: 'running',
  step: (guest, _, says) => call('POST', '/nodes/{node}/qemu/{vmid}/status/resume', at(guest), says),
  tasks: ['qmresume'],
  limitSeconds: 120,
  becomes: 'running',
  shownBy: 'qmpstatus',
  undo: 'guest.suspend',
  examples: [
    { say: 'resume docker-host-01', sends: 'answer' },
    { say: 'resume build-agent', sends: 'clarification' },
    { say: 'unpause monitoring-stack', sends: 'answer' },
  ],
});
