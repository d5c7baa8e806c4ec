import { asObject, asText } from '@pxa/pve/values';
import { action, already, call, needed, piece, type Planned, type Planning, refused } from '../kit/index.ts';
import { losesQuorum, nodeFact, type NodeNow, nodeNow, offline, rebootedFacts, titlesOf } from '../nodes/node-now.ts';

const onNodes = { dataset: 'nodes' } as const;

/** What is under way there and would be broken off. */
async function tasksThere(planning: Planning, node: string): Promise<string[]> {
  const got = await planning.list('/nodes/{node}/tasks', { node, source: 'active', limit: 100 });
  const running = needed(got, `The tasks of ${node}`).filter(({ data }) => data['endtime'] === undefined);
  if (running.length === 0) return [];
  const names = running.slice(0, 5).map(({ data }) => `${String(data['type'])} ${String(data['id'] ?? '')}`.trim());
  return [`${running.length} tasks are running there and are broken off: ${names.join(', ')}.`];
}

/** The policy as a property string or taken apart, as releases differ. */
function policyOf(ha: unknown): string {
  const told = asObject(ha)?.['shutdown_policy'] ?? /shutdown_policy=(\w+)/.exec(asText(ha) ?? '')?.[1];
  return asText(told) ?? 'conditional';
}

/** What becomes of the guests (datacenter option ha: shutdown_policy, whose default is conditional). */
async function guestWarnings(planning: Planning, { node, guests }: NodeNow, isReboot: boolean): Promise<string[]> {
  const running = guests.filter((guest) => guest.running);
  const managed = running.filter((guest) => guest.managed);
  const plain = running.filter((guest) => !guest.managed);
  const options = await planning.read('/cluster/options', {});
  const policy = policyOf(options.ok ? asObject(options.data)?.['ha'] : undefined);
  const freezes = policy === 'freeze' || (policy === 'conditional' && isReboot);
  const becomes = freezes
    ? 'are stopped, and wait for the node'
    : policy === 'migrate'
      ? 'are moved to other nodes first'
      : 'are stopped, and started on other nodes';
  return [
    plain.length === 0
      ? `No guest outside HA is running on ${node}.`
      : `${plain.length} guests are running and are shut down with it: ${titlesOf(plain)}.`,
    ...(managed.length === 0
      ? []
      : [`HA manages ${titlesOf(managed)}: by the shutdown policy (${policy}) they ${becomes}.`]),
    isReboot
      ? 'Guests that do not start at boot stay off when it is back.'
      : `${node} can only be switched on again at the machine itself, or by wake-on-LAN.`,
  ];
}

async function powerPlan(planning: Planning, target: string, command: 'reboot' | 'shutdown'): Promise<Planned> {
  const of = await nodeNow(planning, target);
  const { node, online } = of;
  const isReboot = command === 'reboot';
  if (!online && !isReboot) return already(`${node} is offline.`);
  const blocked = [...offline(of), ...(online ? await losesQuorum(planning, node) : [])];
  if (blocked.length > 0) return refused(...blocked);
  const says = `${isReboot ? 'Reboot' : 'Shut down'} node ${node}`;
  const running = of.guests.filter((guest) => guest.running);
  return piece({
    says,
    steps: [
      {
        ...call('POST', '/nodes/{node}/status', { node, command }, says),
        node,
        limitSeconds: 120,
        settleSeconds: 900,
        relies: [nodeFact(node, 'status', 'online')],
        expects: isReboot ? rebootedFacts(of) : [nodeFact(node, 'status', 'offline')],
      },
    ],
    warnings: [...(await guestWarnings(planning, of, isReboot)), ...(await tasksThere(planning, node))],
    loses: [
      `what runs on ${node} without being saved: ${running.length === 0 ? 'nothing that is known' : titlesOf(running)}`,
    ],
    changes: [{ about: node, key: 'power', before: 'on', after: isReboot ? 'rebooted' : 'off' }],
    confirm: node,
  });
}

export const rebootNode = action({
  id: 'node.reboot',
  verb: 'reboot the node',
  risk: 'destructive',
  on: onNodes,
  say: ['(reboot|restart) {on}', '(reboot|restart) (node|host|hypervisor) {on}'],
  input: {},
  plan: (planning, { target }) => powerPlan(planning, target, 'reboot'),
  examples: [
    { say: 'reboot node pve-node03', sends: ['POST /nodes/pve-node03/status command=reboot'] },
    { say: 'restart pve-node02', sends: ['POST /nodes/pve-node02/status command=reboot'] },
    { say: 'reboot node pve-node99', sends: 'clarification' },
  ],
});

export const shutdownNode = action({
  id: 'node.shutdown',
  verb: 'shut down the node',
  risk: 'destructive',
  on: onNodes,
  say: [
    '(shut down|shutdown|power off|poweroff|turn off|switch off|power down) {on}',
    '(shut|turn|power|switch) {on} (down|off)',
    '(shut down|shutdown|power off|turn off|switch off) (node|host|hypervisor) {on}',
  ],
  input: {},
  plan: (planning, { target }) => powerPlan(planning, target, 'shutdown'),
  examples: [
    { say: 'shut down node pve-node03', sends: ['POST /nodes/pve-node03/status command=shutdown'] },
    { say: 'turn pve-node02 off', sends: ['POST /nodes/pve-node02/status command=shutdown'] },
    { say: 'shut down node pve-node99', sends: 'clarification' },
  ],
});

export const wakeNode = action({
  id: 'node.wake',
  verb: 'wake the node',
  risk: 'change',
  on: onNodes,
  say: [
    '(wake|wake up|wake on lan|power on|turn on|switch on|boot|start) [node|host] {on}',
    'wake {on} up',
    'turn [node] {on} on',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const { node, online } = await nodeNow(planning, target);
    if (online) return already(`${node} is online.`);
    const says = `Wake node ${node} by wake-on-LAN`;
    return piece({
      says,
      steps: [
        {
          ...call('POST', '/nodes/{node}/wakeonlan', { node }, says),
          node,
          limitSeconds: 60,
          settleSeconds: 900,
          relies: [nodeFact(node, 'status', 'offline')],
          expects: [nodeFact(node, 'status', 'online')],
        },
      ],
      assumptions: [`The MAC address is the one set for ${node} in Proxmox; without one it is refused`],
      changes: [{ about: node, key: 'power', before: 'off', after: 'on' }],
    });
  },
  examples: [
    { say: 'wake pve-node02', sends: 'answer' },
    { say: 'wake node pve-node03', sends: 'answer' },
    { say: 'wake pve-node99', sends: 'clarification' },
  ],
});
