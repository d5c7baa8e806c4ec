import { action, type GuestNow, locked, piece, type Planned, refused } from '../kit/index.ts';
import { blockedBy, heldBySnapshots, preconditions } from './preconditions.ts';
import { moveStep, moveStopped } from './steps.ts';
import { storageRefusals, targetRefusals, tight } from './target.ts';

/** How it is to move: live where it runs, stopped where it is so or that is wanted. */
type Way = 'live' | 'restarted' | 'stopped for it' | 'stopped';

function wayOf({ type, status }: GuestNow, mode: string | undefined): Way {
  if (status === 'stopped') return 'stopped';
  if (type === 'lxc') return 'restarted';
  return mode === 'offline' ? 'stopped for it' : 'live';
}

export const migrate = action({
  id: 'guest.migrate',
  verb: 'migrate',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '[{mode}] (migrate|move|relocate|transfer|shift) {on} (to|onto|over to|into) [node|host] {to} {*}',
    '[{mode}] (migrate|move|relocate) {on} {*}',
  ],
  input: {
    to: { kind: 'node', say: ['(to|onto) [node] {}'], ask: 'To which node?' },
    mode: {
      kind: 'choice',
      say: ['{}', 'while [it is] {}'],
      values: { online: 'live|online', offline: 'offline|cold' },
    },
    storage: { kind: 'storage', say: ['(with its disks on|with disks on|to storage|onto storage|target storage) {}'] },
    localDisks: { kind: 'flag', say: ['(with|including) [its] (local disks|disks)'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { to = '', mode, storage } = input;
    const inTheWay = [
      ...(await targetRefusals(planning, guest, to)),
      ...(await storageRefusals(planning, guest, { node: to, storage })),
      ...locked(guest),
    ];
    if (inTheWay.length > 0) return refused(...inTheWay);
    const told = await preconditions(planning, guest, to);
    const way = wayOf(guest, mode);
    const blocked = [
      ...blockedBy(guest, told, { to, isLive: way === 'live', storage }),
      ...(way === 'live' ? await heldBySnapshots(planning, guest, told, to) : []),
    ];
    if (blocked.length > 0) return refused(...blocked);
    const copies = told.localDisks.length > 0 && guest.type === 'qemu';
    const steps =
      way === 'stopped for it'
        ? moveStopped(guest, { to, copies, storage })
        : [moveStep(guest, { to, copies, storage, isUp: way !== 'stopped' })];
    return piece({
      says: `Move ${guest.title} from ${guest.node} to ${to}${way === 'live' ? ', live' : ''}`,
      risk: way === 'restarted' || way === 'stopped for it' ? 'disruptive' : 'change',
      steps,
      assumptions: [
        ...(way === 'live' && mode === undefined ? [`${guest.title} is running: it moves live.`] : []),
        ...(copies ? [`Its local disks are copied over the network: ${told.localDisks.join(', ')}`] : []),
      ],
      warnings: [...(await tight(planning, guest, { node: to, storage })), ...meanwhile(guest, way)],
      changes: [{ about: guest.title, key: 'node', before: guest.node, after: to }],
      undo: { action: 'guest.migrate', input: { to: guest.node, ...(way === 'stopped for it' ? { mode } : {}) } },
    });
  },
  examples: [
    {
      say: 'live migrate monitoring-stack to pve-node02',
      sends: ['POST /nodes/pve-node01/qemu/105/migrate target=pve-node02 online=1 with-local-disks=1'],
    },
    { say: 'migrate docker-host-01 to pve-node02', sends: 'clarification' },
    {
      say: 'migrate docker-host-01 to pve-node02 offline',
      sends: [
        'POST /nodes/pve-node01/qemu/103/status/shutdown',
        'POST /nodes/pve-node01/qemu/103/migrate target=pve-node02',
        'POST /nodes/pve-node02/qemu/103/status/start',
      ],
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

/** What those who use it notice. */
function meanwhile({ title }: GuestNow, way: Way): string[] {
  if (way === 'restarted') return [`${title} is shut down, moved and started again: containers cannot move live.`];
  return way === 'stopped for it' ? [`${title} is shut down, and started again when it has moved.`] : [];
}
