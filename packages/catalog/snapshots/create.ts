import {
  action,
  call,
  type GuestNow,
  locked,
  piece,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  statusFact,
  template,
  thereFact,
} from '../kit/index.ts';
import { namesOf, snapshotFact, snapshotsOf } from './snapshots-now.ts';

/** qemu-server and pve-container: letters, digits, - and _, a letter first, two at least and 40 at most (BEHAVIOUR 6). */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{1,39}$/;
const RESERVED: Record<GuestNow['type'], readonly string[]> = {
  qemu: ['current', 'pending'],
  lxc: ['current', 'vzdump'],
};

/** A name made of the time, which no other snapshot has: `pxa-20260223-100000`. */
function derivedName(planning: Planning): string {
  const [date = '', time = ''] = new Date(planning.now * 1_000).toISOString().split('T');
  return `pxa-${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

function nameRefusals(guest: GuestNow, name: string, taken: readonly string[]): Refusal[] {
  if (!NAME.test(name) || RESERVED[guest.type].includes(name)) {
    const why = `“${name}” is no name for a snapshot: letters, digits, - and _, a letter first, 2 to 40 of them.`;
    return [
      { why, next: 'Choose another name.', say: `snapshot ${guest.vmid}`, input: 'name', reason: 'not_acceptable' },
    ];
  }
  if (!taken.includes(name)) return [];
  return [
    {
      why: `${guest.title} has a snapshot ${name} already.`,
      next: 'Choose another name.',
      say: `snapshot ${guest.vmid}`,
      input: 'name',
      reason: 'exists',
    },
  ];
}

export const create = action({
  id: 'snapshot.create',
  verb: 'take a snapshot of',
  risk: 'change',
  on: { dataset: 'guests' },
  say: [
    '(take|make|create|do) [new|another|quick] (snapshot|snapshots) (of|for|on) {on} {*}',
    '(snapshot|snap) {on} {*}',
    '(take|make|create) snapshot {name} (of|for|on) {on} {*}',
    '(take|make|create) {on} (snapshot|snapshots) {*}',
  ],
  input: {
    name: { kind: 'word', say: ['(called|named|as|with name|name|with the name) {}'] },
    memory: {
      kind: 'flag',
      say: ['(with|including|include) (memory|ram|its memory|vm state|state)', 'and (memory|ram)'],
      no: ['without (memory|ram|its memory|vm state)'],
    },
    text: {
      kind: 'text',
      say: ['(with description|described as|with comment|saying|description|with note|with the note) {}'],
    },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const name = input.name ?? derivedName(planning);
    const inTheWay = [
      ...template(guest, 'kept as a snapshot'),
      ...nameRefusals(guest, name, namesOf(await snapshotsOf(planning, guest))),
      ...locked(guest),
    ];
    const memory = input.memory === true;
    if (memory && guest.type === 'lxc')
      inTheWay.push({
        why: 'A snapshot of a container never holds its memory.',
        next: 'Leave it out.',
        input: 'memory',
        reason: 'not_acceptable',
      });
    if (inTheWay.length > 0) return refused(...inTheWay);
    const at = {
      node: guest.node,
      vmid: guest.vmid,
      snapname: name,
      ...(input.text === undefined ? {} : { description: input.text }),
    };
    const withMemory = memory && guest.status !== 'stopped';
    const says = `Take snapshot ${name} of ${guest.title}${withMemory ? ', with its memory' : ''}`;
    const step =
      guest.type === 'qemu'
        ? call('POST', '/nodes/{node}/qemu/{vmid}/snapshot', { ...at, ...(withMemory ? { vmstate: true } : {}) }, says)
        : call('POST', '/nodes/{node}/lxc/{vmid}/snapshot', at, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          tasks: [{ type: guest.type === 'qemu' ? 'qmsnapshot' : 'vzsnapshot', id: String(guest.vmid) }],
          limitSeconds: 3_600,
          relies: [thereFact(guest), statusFact(guest, 'lock', null), snapshotFact(guest, name, null)],
          expects: [snapshotFact(guest, name, name)],
        },
      ],
      assumptions: input.name === undefined ? [`Name ${name}: made of the time`] : [],
      warnings: memory && !withMemory ? [`${guest.title} is stopped: there is no memory to take.`] : [],
      changes: [{ about: guest.title, key: 'snapshot', before: null, after: name }],
      undo: { action: 'snapshot.delete', input: { name } },
    });
  },
  examples: [
    { say: 'take snapshot s2 of dev-sandbox', sends: ['POST /nodes/pve-node02/lxc/203/snapshot snapname=s2'] },
    {
      say: 'create a snapshot of build-agent called pre-change',
      sends: ['POST /nodes/pve-node02/qemu/104/snapshot snapname=pre-change'],
    },
    {
      say: 'snapshot 101 as before-update with memory',
      sends: ['POST /nodes/pve-node01/qemu/101/snapshot snapname=before-update vmstate=1'],
    },
    {
      say: 'take a snapshot of nginx-proxy',
      sends: ['POST /nodes/pve-node01/lxc/200/snapshot'],
    },
    { say: 'snapshot build-agent as current', sends: 'clarification' },
    { say: 'snapshot 101 as release-4-2', sends: 'clarification' },
  ],
});
