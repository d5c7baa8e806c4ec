import { asNumber, asObject, asRows } from '@pxa/pve/values';
import {
  action,
  call,
  type GuestNow,
  listedFact,
  locked,
  needed,
  percentText,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sameConfig,
  sizeText,
  statusFact,
} from '../kit/index.ts';

/** What Proxmox itself says of moving a guest: its preconditions call, for VMs and containers alike. */
interface Preconditions {
  readonly localDisks: readonly string[];
  readonly localResources: readonly string[];
  readonly mapped: readonly string[];
  /** Storages that the target lacks. */
  readonly unavailable: readonly string[];
}

async function preconditions(planning: Planning, guest: GuestNow, target: string): Promise<Preconditions> {
  const at = { node: guest.node, vmid: guest.vmid };
  const got =
    guest.type === 'qemu'
      ? await planning.read('/nodes/{node}/qemu/{vmid}/migrate', { ...at, target })
      : await planning.read('/nodes/{node}/lxc/{vmid}/migrate', { ...at, target });
  const told = asObject(needed<unknown>(got, `Whether ${guest.title} can move`)) ?? {};
  const not = asObject(asObject(told['not_allowed_nodes'] ?? told['not-allowed-nodes'])?.[target]) ?? {};
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  return {
    localDisks: asRows(told['local_disks'])
      .filter(({ row }) => asNumber(row['cdrom']) !== 1)
      .map(({ row }) => String(row['volid'])),
    localResources: texts(told['local_resources']),
    mapped: texts(told['mapped-resources']),
    unavailable: texts(not['unavailable_storages'] ?? not['unavailable-storages']),
  };
}

async function targetRefusals(planning: Planning, guest: GuestNow, target: string): Promise<Refusal[]> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The nodes');
  const nodes = rows.filter(({ data }) => data['type'] === 'node');
  const others = nodes
    .filter(({ data }) => data['status'] === 'online' && data['node'] !== guest.node)
    .map(({ data }) => String(data['node']));
  const next = others.length === 0 ? 'No other node is online.' : `Nodes that are online: ${others.join(', ')}.`;
  if (target === guest.node) return [{ why: `${guest.title} is on ${target} already.`, next }];
  const node = nodes.find(({ data }) => data['node'] === target);
  if (node === undefined) return [{ why: `There is no node ${target}.`, next }];
  if (node.data['status'] !== 'online') return [{ why: `${target} is offline.`, next }];
  const { used, total, needs } = memoryThere(guest, node.data);
  if (used + needs <= total) return [];
  const why = `${target} has ${sizeText(total - used)} of memory left; ${guest.title} uses ${sizeText(needs)}.`;
  return [{ why, next }];
}

/** The memory of a node, and what a guest that runs would bring along, in bytes. */
function memoryThere(
  guest: GuestNow,
  node: Readonly<Record<string, unknown>>,
): { used: number; total: number; needs: number } {
  const needs = guest.status === 'stopped' ? 0 : (asNumber(guest.current['mem']) ?? 0);
  return { used: asNumber(node['mem']) ?? 0, total: asNumber(node['maxmem']) ?? 0, needs };
}

/** What becomes tight on the target, which Proxmox itself does not mind. */
async function tight(planning: Planning, guest: GuestNow, target: string): Promise<string[]> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The nodes');
  const node = rows.find(({ data }) => data['type'] === 'node' && data['node'] === target);
  if (node === undefined) return [];
  const { used, total, needs } = memoryThere(guest, node.data);
  const share = (used + needs) / total;
  if (needs === 0 || share < planning.thresholds.memory) return [];
  return [`${target} would have ${percentText(share)} of its memory in use.`];
}

export const migrate = action({
  id: 'guest.migrate',
  verb: 'migrate',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '[live|online|offline] (migrate|move|relocate|transfer|shift) {on} (to|onto|over to|into) [node|host] {to} {*}',
    '[live|online|offline] (migrate|move|relocate) {on} {*}',
    '{mode} (migrate|move) {on} (to|onto) [node] {to} {*}',
  ],
  input: {
    to: { kind: 'node', say: ['(to|onto) [node] {}'], ask: 'To which node?' },
    mode: { kind: 'choice', say: ['{}'], values: { online: 'live|online', offline: 'offline|cold' } },
    storage: { kind: 'storage', say: ['(with its disks on|with disks on|to storage|onto storage|target storage) {}'] },
    localDisks: { kind: 'flag', say: ['(with|including) [its] (local disks|disks)'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const to = input.to ?? '';
    const inTheWay = [...(await targetRefusals(planning, guest, to)), ...locked(guest)];
    if (inTheWay.length > 0) return refused(...inTheWay);
    const told = await preconditions(planning, guest, to);
    const isUp = guest.status !== 'stopped';
    const blocked = blockedBy(guest, told, to, isUp, input.storage);
    if (blocked.length > 0) return refused(...blocked);
    const copies = told.localDisks.length > 0 && guest.type === 'qemu';
    const step = stepOf(guest, to, { isUp, copies, storage: input.storage });
    const restarts = isUp && guest.type === 'lxc';
    return piece({
      says: step.says,
      risk: restarts ? 'disruptive' : 'change',
      steps: [step],
      assumptions: [
        ...(isUp && guest.type === 'qemu' && input.mode === undefined
          ? [`${guest.title} is running: it moves live.`]
          : []),
        ...(copies ? [`Its local disks are copied over the network: ${told.localDisks.join(', ')}`] : []),
      ],
      warnings: [
        ...(await tight(planning, guest, to)),
        ...(restarts ? [`${guest.title} is shut down, moved and started again: containers cannot move live.`] : []),
        ...(input.mode === 'offline' && isUp
          ? [`${guest.title} is running and moves live all the same; shut it down first to move it offline.`]
          : []),
      ],
      changes: [{ about: guest.title, key: 'node', before: guest.node, after: to }],
      undo: { action: 'guest.migrate', input: { to: guest.node } },
    });
  },
  examples: [
    {
      say: 'live migrate monitoring-stack to pve-node02',
      sends: ['POST /nodes/pve-node01/qemu/105/migrate target=pve-node02 online=1 with-local-disks=1'],
    },
    { say: 'migrate build-agent to pve-node02', sends: 'clarification' },
    { say: 'move dev-sandbox to pve-node01', sends: ['POST /nodes/pve-node02/lxc/203/migrate target=pve-node01'] },
    { say: 'migrate build-agent', sends: 'clarification' },
    {
      say: 'move nginx-proxy to pve-node02',
      sends: ['POST /nodes/pve-node01/lxc/200/migrate target=pve-node02 restart=1'],
    },
  ],
});

function blockedBy(
  guest: GuestNow,
  told: Preconditions,
  to: string,
  isUp: boolean,
  storage: string | undefined,
): Refusal[] {
  const found: Refusal[] = [];
  if (told.localResources.length > 0) {
    found.push({
      why: `${guest.title} uses devices of ${guest.node}: ${told.localResources.join(', ')}.`,
      next: 'Take them out of it first, or map them on both nodes.',
    });
  }
  if (told.mapped.length > 0 && isUp) {
    found.push({
      why: `${guest.title} uses mapped devices: ${told.mapped.join(', ')}; it cannot move while it runs.`,
      next: 'Shut it down first.',
    });
  }
  if (told.unavailable.length > 0 && storage === undefined) {
    found.push({
      why: `${to} does not have the storage ${told.unavailable.join(', ')} that ${guest.title} lies on.`,
      next: 'Name a storage of the target: “with its disks on STORAGE”.',
    });
  }
  return found;
}

function stepOf(
  guest: GuestNow,
  to: string,
  of: { isUp: boolean; copies: boolean; storage: string | undefined },
): PieceStep {
  const { isUp, copies, storage } = of;
  const at = { node: guest.node, vmid: guest.vmid, target: to };
  const says = `Move ${guest.title} from ${guest.node} to ${to}${isUp && guest.type === 'qemu' ? ', live' : ''}`;
  const step =
    guest.type === 'qemu'
      ? call(
          'POST',
          '/nodes/{node}/qemu/{vmid}/migrate',
          {
            ...at,
            ...(isUp ? { online: true } : {}),
            ...(copies && isUp ? { 'with-local-disks': true } : {}),
            ...(storage === undefined ? {} : { targetstorage: storage }),
          },
          says,
        )
      : call(
          'POST',
          '/nodes/{node}/lxc/{vmid}/migrate',
          {
            ...at,
            ...(isUp ? { restart: true } : {}),
            ...(storage === undefined ? {} : { 'target-storage': storage }),
          },
          says,
        );
  const id = String(guest.vmid);
  return {
    ...step,
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
