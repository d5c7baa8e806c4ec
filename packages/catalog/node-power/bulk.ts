import { asNumber } from '@pxa/pve/values';
import {
  action,
  already,
  call,
  listedFact,
  needed,
  percentText,
  piece,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sizeText,
} from '../kit/index.ts';
import { type NodeGuest, type NodeNow, nodeNow, offline, titlesOf } from '../nodes/node-now.ts';

const onNodes = { dataset: 'nodes' } as const;
const idsOf = (guests: readonly NodeGuest[]): string => guests.map(({ vmid }) => vmid).join(',');

export const startAll = action({
  id: 'node.start_all',
  verb: 'start everything on',
  risk: 'change',
  on: onNodes,
  say: [
    '(start|boot|start up|power on|bring up) (everything|all that is stopped) (on|of) {on}',
    '(startall|start all|bulk start) (on|of) {on}',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const of = await nodeNow(planning, target);
    const wrong = offline(of);
    if (wrong.length > 0) return refused(...wrong);
    const stopped = of.guests.filter(({ running }) => !running);
    if (stopped.length === 0) return already(`All guests of ${of.node} are running.`);
    const says = `Start everything on ${of.node}: ${titlesOf(stopped)}`;
    return piece({
      says,
      steps: [
        {
          // Without force, Proxmox starts those alone that are to start at boot.
          ...call('POST', '/nodes/{node}/startall', { node: of.node, force: true, vms: idsOf(stopped) }, says),
          node: of.node,
          tasks: [{ type: 'startall', id: '' }],
          limitSeconds: 3_600,
          relies: stopped.map((guest) => listedFact(guest, 'status', 'stopped')),
          expects: stopped.map((guest) => listedFact(guest, 'status', 'running')),
        },
      ],
      warnings: await memoryWarnings(planning, of.node),
      changes: stopped.map(({ title }) => ({ about: title, key: 'status', before: 'stopped', after: 'running' })),
    });
  },
  examples: [
    { say: 'start everything on pve-node02', sends: ['POST /nodes/pve-node02/startall force=1 vms=104,203'] },
    { say: 'start everything on pve-node01', sends: 'answer' },
    { say: 'start everything on pve-node03', sends: 'answer' },
  ],
});

async function memoryOf(planning: Planning, name: string): Promise<{ used: number; total: number }> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The nodes');
  const row = rows.find(({ data }) => data['type'] === 'node' && data['node'] === name);
  return { used: asNumber(row?.data['mem']) ?? 0, total: asNumber(row?.data['maxmem']) ?? 0 };
}

async function memoryWarnings(planning: Planning, node: string): Promise<string[]> {
  const { used, total } = await memoryOf(planning, node);
  return total > 0 && used / total >= planning.thresholds.memory
    ? [`${node} has ${percentText(used / total)} of its memory in use already.`]
    : [];
}

export const stopAll = action({
  id: 'node.stop_all',
  verb: 'shut down everything on',
  risk: 'disruptive',
  on: onNodes,
  say: [
    '(stop|shut down|shutdown|power off|turn off) everything (on|of) {on} {*}',
    '(stopall|stop all|bulk stop|bulk shutdown) (on|of) {on} {*}',
  ],
  input: { timeout: { kind: 'duration', say: ['(within|with a timeout of) {}'] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const of = await nodeNow(planning, target);
    const wrong = offline(of);
    if (wrong.length > 0) return refused(...wrong);
    const running = of.guests.filter((guest) => guest.running);
    if (running.length === 0) return already(`No guest of ${of.node} is running.`);
    const { timeout } = input;
    const says = `Shut down everything on ${of.node}: ${titlesOf(running)}`;
    return piece({
      says,
      steps: [
        {
          ...call(
            'POST',
            '/nodes/{node}/stopall',
            { node: of.node, vms: idsOf(running), ...(timeout === undefined ? {} : { timeout }) },
            says,
          ),
          node: of.node,
          tasks: [{ type: 'stopall', id: '' }],
          limitSeconds: 3_600,
          settleSeconds: running.some(({ managed }) => managed) ? 300 : 30,
          relies: running.map((guest) => listedFact(guest, 'status', 'running')),
          expects: running.map((guest) => listedFact(guest, 'status', 'stopped')),
        },
      ],
      warnings: ['Guests that do not shut down in time are switched off as by pulling their plug.'],
      changes: running.map(({ title }) => ({ about: title, key: 'status', before: 'running', after: 'stopped' })),
    });
  },
  examples: [
    { say: 'shut down everything on pve-node03', sends: ['POST /nodes/pve-node03/stopall vms=111,112,204'] },
    { say: 'stop everything on pve-node02', sends: ['POST /nodes/pve-node02/stopall vms=110,202'] },
    { say: 'shut down everything on pve-node99', sends: 'clarification' },
  ],
});

/** The node that has most memory to spare, where none was said. */
async function roomiest(planning: Planning, but: string): Promise<string | undefined> {
  const nodes = (await planning.nodes()).filter(({ node, online }) => online && node !== but);
  const free = await Promise.all(
    nodes.map(async ({ node }) => {
      const { used, total } = await memoryOf(planning, node);
      return { node, free: total - used };
    }),
  );
  return free.toSorted((a, b) => b.free - a.free)[0]?.node;
}

async function cannotMove(planning: Planning, of: NodeNow, to: string): Promise<Refusal[]> {
  const nodes = await planning.nodes();
  const next = `Nodes that are online: ${
    nodes
      .filter(({ node, online }) => online && node !== of.node)
      .map(({ node }) => node)
      .join(', ') || 'no other'
  }.`;
  if (to === of.node) return [{ why: `${to} is the node that is to be emptied.`, next }];
  if (nodes.find(({ node }) => node === to)?.online !== true)
    return [{ why: `${to} is offline, or no node at all.`, next }];
  const { used, total } = await memoryOf(planning, to);
  const needs = of.guests.reduce((sum, { mem }) => sum + mem, 0);
  const tight =
    used + needs > total
      ? [
          {
            why: `${to} has ${sizeText(total - used)} of memory left; the guests of ${of.node} use ${sizeText(needs)}.`,
            next: 'Move them to several nodes: “migrate 101 to NODE”.',
          },
        ]
      : [];
  const each = await Promise.all(of.guests.map((guest) => blockedBy(planning, guest, to)));
  return [...tight, ...each.flat()];
}

/** What Proxmox's own preconditions say of moving a guest. */
async function blockedBy(planning: Planning, { type, vmid, node, title }: NodeGuest, to: string): Promise<Refusal[]> {
  const at = { node, vmid, target: to };
  const got =
    type === 'qemu'
      ? await planning.read('/nodes/{node}/qemu/{vmid}/migrate', at)
      : await planning.read('/nodes/{node}/lxc/{vmid}/migrate', at);
  const told = needed<unknown>(got, `Whether ${title} can move`) as Readonly<Record<string, unknown>>; // An object, by the facts of both calls.
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const devices = [...texts(told['local_resources']), ...texts(told['mapped-resources'])];
  if (devices.length === 0) return [];
  return [
    {
      why: `${title} uses devices of ${node}: ${devices.join(', ')}.`,
      next: `Shut it down or take them out of it first, and move the others by name.`,
    },
  ];
}

export const migrateAll = action({
  id: 'node.migrate_all',
  verb: 'evacuate',
  risk: 'disruptive',
  on: onNodes,
  say: [
    '(evacuate|drain|empty|vacate|clear) [node|host] {on} {*}',
    '(migrate|move) everything (off|from|away from|off of) [node] {on} {*}',
    '(migrateall|bulk migrate) (from|on|off) {on} {*}',
  ],
  input: { to: { kind: 'node', say: ['(to|onto|into) [node] {}'] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const of = await nodeNow(planning, target);
    const wrong = offline(of);
    if (wrong.length > 0) return refused(...wrong);
    if (of.guests.length === 0) return already(`${of.node} has no guest.`);
    const to = input.to ?? (await roomiest(planning, of.node));
    if (to === undefined) return refused({ why: 'No other node is online.', next: 'Bring one back first.' });
    const blocked = await cannotMove(planning, of, to);
    return blocked.length > 0 ? refused(...blocked) : evacuation(of, to, input.to === undefined);
  },
  examples: [
    {
      say: 'evacuate pve-node02 to pve-node01',
      sends: 'clarification',
    },
    { say: 'move everything off pve-node01 to pve-node02', sends: 'clarification' },
    { say: 'drain pve-node03', sends: 'clarification' },
    { say: 'evacuate pve-node02 to pve-node02', sends: 'clarification' },
  ],
});

/** How many guests move at a time: Proxmox has no number of its own for this, and refuses without one. */
const atOnce = 2;

function evacuation({ node, guests }: NodeNow, to: string, isChosen: boolean): Planned {
  const restarted = guests.filter(({ type, running }) => type === 'lxc' && running);
  const says = `Move everything from ${node} to ${to}: ${titlesOf(guests)}`;
  return piece({
    says,
    risk: restarted.length > 0 ? 'disruptive' : 'change',
    steps: [
      {
        ...call(
          'POST',
          '/nodes/{node}/migrateall',
          { node, target: to, vms: idsOf(guests), maxworkers: atOnce, 'with-local-disks': true },
          says,
        ),
        node,
        tasks: [{ type: 'migrateall', id: '' }],
        limitSeconds: 24 * 3_600,
        settleSeconds: guests.some(({ managed }) => managed) ? 600 : 60,
        relies: guests.map((guest) => listedFact(guest, 'node', node)),
        expects: guests.map((guest) => listedFact(guest, 'node', to)),
      },
    ],
    assumptions: [
      ...(isChosen ? [`To ${to}: the node with the most free memory`] : []),
      `Local disks are copied over the network, ${atOnce} guests at a time`,
    ],
    warnings: [
      ...(restarted.length === 0 ? [] : [`Containers are shut down, moved and started again: ${titlesOf(restarted)}.`]),
      'Templates stay where they are.',
    ],
    changes: guests.map(({ title }) => ({ about: title, key: 'node', before: node, after: to })),
  });
}
