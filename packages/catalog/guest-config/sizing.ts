import { memoryBytes } from '@pxa/pve/property-string';
import { asNumber } from '@pxa/pve/values';
import {
  action,
  type GuestNow,
  needed,
  type Planned,
  type Planning,
  refused,
  type Refusal,
  sizeText,
} from '../kit/index.ts';
import { setConfig } from './set-config.ts';
import { changeBy, setBare, setTo } from './wording.ts';

const MiB = 2 ** 20;
/** What Proxmox takes at least (qemu-server: memory minimum 16; pve-container: 16). */
const LEAST_MEMORY = 16 * MiB;

/** The memory that a guest has been given, in bytes; Proxmox's default of 512 MiB where its configuration has none. */
function memoryOf({ config, type }: GuestNow): number {
  const text = String(config['memory'] ?? '512');
  return type === 'qemu' ? (memoryBytes(text) ?? 512 * MiB) : Number(text) * MiB;
}

/** What is asked for, from what there is: to so much, or by so much more or less. */
function wantedOf(now: number, input: { to?: number; more?: number; less?: number }): number | undefined {
  if (input.to !== undefined) return input.to;
  if (input.more !== undefined) return now + input.more;
  return input.less === undefined ? undefined : now - input.less;
}

async function memoryRefusals(planning: Planning, guest: GuestNow, bytes: number): Promise<Refusal[]> {
  const say = `set the memory of ${guest.vmid} to 4 GB`;
  if (bytes < LEAST_MEMORY) {
    return [
      {
        why: `${sizeText(bytes)} is no memory that a guest can have.`,
        next: 'Proxmox takes 16 MB at least.',
        say,
        input: 'to',
        reason: 'too_small',
      },
    ];
  }
  const nodes = needed(await planning.list('/cluster/resources', {}), 'the memory of the node');
  const node = nodes.find(({ data }) => data['type'] === 'node' && data['node'] === guest.node);
  const most = asNumber(node?.data['maxmem']);
  if (most === null || bytes <= most) return [];
  return [
    {
      why: `${guest.node} has ${sizeText(most)} of memory; ${sizeText(bytes)} is more than that.`,
      next: 'Name a smaller size.',
      say,
      input: 'to',
      reason: 'too_big',
    },
  ];
}

export const memory = action({
  id: 'guest.memory',
  verb: 'change the memory of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    ...setTo('(memory|ram)', '{to}'),
    ...setBare('(memory|ram)', '{to}'),
    ...changeBy('(memory|ram)', '{more}', '{less}', '{to}'),
    '(give|assign|allocate) {on} {to} [of] (memory|ram)',
    '(assign|allocate|set) {to} [of] (memory|ram) to {on}',
    '(set|change|edit|update) {on} [to] {to} [of] (memory|ram)',
    '{times} (memory|ram) (of|for|on) {on}',
    '{times} {on} (memory|ram)',
  ],
  input: {
    to: { kind: 'size', say: [] },
    more: { kind: 'size', say: [] },
    less: { kind: 'size', say: [] },
    times: { kind: 'choice', say: [], values: { '2': 'double', '0.5': 'halve' } },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const now = memoryOf(guest);
    const bytes = wantedOf(now, input) ?? Math.round(now * Number(input.times ?? 1));
    const inTheWay = await memoryRefusals(planning, guest, bytes);
    if (inTheWay.length > 0) return refused(...inTheWay);
    const balloon = asNumber(guest.config['balloon']) ?? 0;
    const tooLarge = guest.type === 'qemu' && balloon * MiB > bytes;
    const mib = Math.round(bytes / MiB);
    return setConfig(
      guest,
      { memory: mib, ...(tooLarge ? { balloon: mib } : {}) },
      {
        says: `Set the memory of ${guest.title} to ${sizeText(bytes)}`,
        assumptions: tooLarge
          ? [`Ballooning of ${guest.title} goes down with it: it cannot be more than the memory.`]
          : [],
        show: (_key, value) => sizeText(memoryBytes(String(value)) ?? Number(value) * MiB),
      },
    );
  },
  examples: [
    { say: 'set the memory of build-agent to 16 GB', sends: ['PUT /nodes/pve-node02/qemu/104/config memory=16384'] },
    { say: 'reduce build-agent to 4 GB of RAM', sends: ['PUT /nodes/pve-node02/qemu/104/config memory=4096'] },
    { say: 'give dev-sandbox 8 GB of RAM', sends: ['PUT /nodes/pve-node02/lxc/203/config memory=8192'] },
    { say: 'set the memory of 104 to 500 TB', sends: 'clarification' },
  ],
});

export const cores = action({
  id: 'guest.cores',
  verb: 'change the cores of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    ...setTo('(cores|core count|number of cores|cpu cores|cpus|vcpus|cpu count)', '{to}'),
    ...setBare('(cores|cpu cores|cpus|vcpus)', '{to}'),
    ...changeBy('(cores|cpu cores|cpus|vcpus)', '{more}', '{less}', '{to}'),
    '(give|assign) {on} {to} (cores|cpu cores|cpus|vcpus)',
    '(set|change|edit|update) {on} [to] {to} (cores|cpu cores|cpus|vcpus)',
  ],
  input: {
    to: { kind: 'count', say: [] },
    more: { kind: 'count', say: [] },
    less: { kind: 'count', say: [] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const count = wantedOf(asNumber(guest.config['cores']) ?? 1, input) ?? 0;
    const nodes = needed(await planning.list('/cluster/resources', {}), 'the CPUs of the node');
    const node = nodes.find(({ data }) => data['type'] === 'node' && data['node'] === guest.node);
    const most = asNumber(node?.data['maxcpu']);
    const sockets = guest.type === 'qemu' ? (asNumber(guest.config['sockets']) ?? 1) : 1;
    const say = `set the cores of ${guest.vmid} to 4`;
    if (count < 1)
      return refused({
        why: `A guest needs one core at least; ${count} is none.`,
        next: 'Name a number from 1.',
        say,
        input: 'to',
        reason: 'too_small',
      });
    if (most !== null && count * sockets > most) {
      const what = guest.type === 'qemu' ? `a VM with ${count * sockets} would not start there` : 'no more can be used';
      const why = `${guest.node} has ${most} CPUs: ${what}.`;
      return refused({ why, next: 'Name a smaller number.', say, input: 'to', reason: 'too_big' });
    }
    return setConfig(guest, { cores: count }, { says: `Set the cores of ${guest.title} to ${count}` });
  },
  examples: [
    { say: 'set the cores of build-agent to 6', sends: ['PUT /nodes/pve-node02/qemu/104/config cores=6'] },
    { say: 'bump build-agent to 8 cores', sends: ['PUT /nodes/pve-node02/qemu/104/config cores=8'] },
    { say: 'give nginx-proxy 3 cores', sends: ['PUT /nodes/pve-node01/lxc/200/config cores=3'] },
    { say: 'set the cores of 104 to 400', sends: 'clarification' },
  ],
});
