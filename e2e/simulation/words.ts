import { actions } from '@pxa/catalog';
import type { State } from '@pxa/sandbox';
import type { Random } from '../../packages/sandbox/worlds/random.ts';
import type { WorldOf } from './cluster.ts';

/** Orders with places for what a cluster has; those of the catalogue's own examples come beside them on the demo cluster. */
const ORDERS = [
  'start {stopped}',
  'start {stopped}',
  'stop {running}',
  'stop {running}',
  'shut down {running}',
  'reboot {running}',
  'reset {runningVm}',
  'pause {runningVm}',
  'hibernate {runningVm}',
  'create a snapshot of {guest} called s{n}',
  'create a snapshot of {guest} called s{n}',
  'set the cores of {guest} to {few}',
  'set the memory of {guest} to {few} GB',
  'set the cores of {guest} to {few}',
  'rename {guest} to sim-{n}',
  'tag {guest} with sim{n}',
  'set the description of {guest} to "simulated {n}"',
  'protect {guest}',
  'enable autostart for {guest}',
  'increase the disk of {vm} by {few} GB',
  'add a network interface to {vm} on vmbr0',
  'clone {vm} as copy-{n}',
  'clone {vm} as copy-{n}',
  'migrate {guest} to {node}',
  'migrate {guest} to {node}',
  'delete {stopped}',
  'delete {stopped}',
  'back up {guest}',
  'put {guest} under HA',
  'create a VM called sim-{n} on {node} with 1 core, 1 GB of RAM and a 4 GB disk',
  'take a snapshot of all guests on {node}',
  'take a snapshot of all running VMs on {node}',
  'stop all containers on {node}',
  'shut down all VMs on {node}',
  'start all stopped VMs',
  'start all stopped containers',
  'tag all VMs on {node} with b{n}',
  'set the cores of all stopped VMs to {few}',
  'reboot all containers',
] as const;

const EXAMPLES: readonly string[] = [...actions.values()].flatMap(({ examples }) =>
  examples.filter(({ sends }) => typeof sends !== 'string').map(({ say }) => say),
);

/** What somebody asks for. */
export function wordsFor(random: Random, world: WorldOf, state: State): string {
  const [first = '', ...others] = world === 'demo' && random.chance(0.5) ? EXAMPLES : ORDERS;
  return random.pick([first, ...others]).replace(/\{(\w+)\}/g, (_, place: string) => placed(place, random, state));
}

function placed(place: string, random: Random, state: State): string {
  if (place === 'n') return String(random.whole(1, 999));
  if (place === 'few') return String(random.whole(1, 4));
  if (place === 'node') return picked(random, [...state.nodes.keys()]);
  const guests = [...state.guests.values()].filter(({ config, type, status }) => {
    if (config['template'] === 1) return false;
    if (place.toLowerCase().endsWith('vm') && type !== 'qemu') return false;
    return place.startsWith('running') ? status === 'running' : place !== 'stopped' || status === 'stopped';
  });
  return picked(
    random,
    guests.map(({ vmid }) => String(vmid)),
  );
}

function picked(random: Random, [first = 'nothing', ...others]: readonly string[]): string {
  return random.pick([first, ...others]);
}
