import type { Fact } from '@pxa/contract';
import { asNumber } from '@pxa/pve/values';
import {
  action,
  call,
  type GuestNow,
  locked,
  needed,
  piece,
  type Planned,
  type Planning,
  type Rec,
  type Refusal,
  refused,
  sameConfig,
  statusFact,
} from '../kit/index.ts';

/** qemu-server and pve-container: letters, digits, - and _, a letter first, two at least and 40 at most (BEHAVIOUR 6). */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{1,39}$/;
const RESERVED: Record<GuestNow['type'], readonly string[]> = {
  qemu: ['current', 'pending'],
  lxc: ['current', 'vzdump'],
};

async function snapshotsOf(planning: Planning, guest: GuestNow): Promise<readonly Rec[]> {
  const at = { node: guest.node, vmid: guest.vmid };
  const got =
    guest.type === 'qemu'
      ? await planning.list('/nodes/{node}/qemu/{vmid}/snapshot', at)
      : await planning.list('/nodes/{node}/lxc/{vmid}/snapshot', at);
  return needed(got, `The snapshots of ${guest.title}`).filter(({ data }) => data['name'] !== 'current');
}

const namesOf = (snapshots: readonly Rec[]): string[] => snapshots.map(({ data }) => String(data['name']));

function snapshotFact(guest: GuestNow, name: string, is: string | null): Fact {
  return {
    about: `snapshot ${name} of ${guest.title}`,
    read: { path: `/nodes/${guest.node}/${guest.id}/snapshot`, params: {} },
    at: [`[name=${name}]`, 'name'],
    is,
  };
}

/** A name made of the time, which no other snapshot has: `pxa-20260223-100000`. */
function derivedName(planning: Planning): string {
  const [date = '', time = ''] = new Date(planning.now * 1_000).toISOString().split('T');
  return `pxa-${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

function nameRefusals(guest: GuestNow, name: string, taken: readonly string[]): Refusal[] {
  if (!NAME.test(name) || RESERVED[guest.type].includes(name)) {
    const why = `“${name}” is no name for a snapshot: letters, digits, - and _, a letter first, 2 to 40 of them.`;
    return [{ why, next: 'Choose another name.', say: `snapshot ${guest.vmid}` }];
  }
  if (!taken.includes(name)) return [];
  return [
    {
      why: `${guest.title} has a snapshot ${name} already.`,
      next: 'Choose another name.',
      say: `snapshot ${guest.vmid}`,
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
    const inTheWay = [...nameRefusals(guest, name, namesOf(await snapshotsOf(planning, guest))), ...locked(guest)];
    const memory = input.memory === true;
    if (memory && guest.type === 'lxc')
      inTheWay.push({ why: 'A snapshot of a container never holds its memory.', next: 'Leave it out.' });
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
          relies: [statusFact(guest, 'lock', null), snapshotFact(guest, name, null)],
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

/** The snapshot that is meant, or what is to be told where there is none of that name. */
function existing(
  guest: GuestNow,
  snapshots: readonly Rec[],
  name: string | undefined,
  say: (name: string) => string,
): string | Planned {
  const names = namesOf(snapshots);
  if (names.length === 0)
    return refused({ why: `${guest.title} has no snapshot.`, next: 'Nothing can be done with one.' });
  if (name === undefined || !names.includes(name)) {
    const lead =
      name === undefined ? `${guest.title} has ${names.length} snapshots.` : `${guest.title} has no snapshot ${name}.`;
    return {
      kind: 'ask',
      question: `${lead} Which one?`,
      options: names.map((each) => ({ label: each, say: say(each) })),
    };
  }
  return name;
}

/** On ZFS and LVM-thin's kin only the last snapshot can be gone back to; those after it would have to go first. */
function newerOnes(snapshots: readonly Rec[], name: string): string[] {
  const time = (each: Rec | undefined): number => asNumber(each?.data['snaptime']) ?? 0;
  const own = snapshots.find(({ data }) => data['name'] === name);
  return snapshots.filter((each) => time(each) > time(own)).map(({ data }) => String(data['name']));
}

async function onZfs(planning: Planning, guest: GuestNow): Promise<boolean> {
  const list = await planning.list('/nodes/{node}/storage', { node: guest.node });
  if (!list.ok) return false;
  const zfs = new Set(
    list.data.filter(({ data }) => data['type'] === 'zfspool').map(({ data }) => String(data['storage'])),
  );
  return Object.values(guest.config).some(
    (value) => typeof value === 'string' && zfs.has(value.slice(0, Math.max(0, value.indexOf(':')))),
  );
}

export const rollback = action({
  id: 'snapshot.rollback',
  verb: 'roll back',
  risk: 'destructive',
  on: { dataset: 'guests' },
  say: [
    '(roll back|rollback|revert|restore|reset) {on} to [snapshot|the snapshot] {name} {*}',
    '(roll back|rollback|revert) {on} {*}',
    'go back to snapshot {name} (of|on) {on}',
    '(roll back|rollback|revert) to snapshot {name} (of|on) {on}',
  ],
  input: {
    name: { kind: 'word', say: [] },
    start: { kind: 'flag', say: ['and start it [again|afterwards]', 'and start'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const snapshots = await snapshotsOf(planning, guest);
    const name = existing(guest, snapshots, input.name, (each) => `roll back ${guest.vmid} to ${each}`);
    if (typeof name !== 'string') return name;
    const newer = newerOnes(snapshots, name);
    const blocked = [...locked(guest)];
    if (newer.length > 0 && (await onZfs(planning, guest))) {
      blocked.push({
        why: `${guest.title} lies on ZFS, which goes back to the last snapshot only; after ${name} came ${newer.join(', ')}.`,
        next: 'Delete these first.',
      });
    }
    if (blocked.length > 0) return refused(...blocked);
    const at = { node: guest.node, vmid: guest.vmid, snapname: name, ...(input.start === true ? { start: true } : {}) };
    const says = `Roll ${guest.title} back to snapshot ${name}`;
    const step =
      guest.type === 'qemu'
        ? call('POST', '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback', at, says)
        : call('POST', '/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback', at, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          tasks: [{ type: guest.type === 'qemu' ? 'qmrollback' : 'vzrollback', id: String(guest.vmid) }],
          limitSeconds: 3_600,
          relies: [sameConfig(guest), snapshotFact(guest, name, name)],
          expects: [
            snapshotFact(guest, name, name),
            {
              about: `last snapshot of ${guest.title}`,
              read: { path: `/nodes/${guest.node}/${guest.id}/snapshot`, params: {} },
              at: ['[name=current]', 'parent'],
              is: name,
            },
          ],
        },
      ],
      warnings: guest.status === 'stopped' ? [] : [`${guest.title} is running: it is stopped for this.`],
      loses: [`everything that ${guest.title} wrote since snapshot ${name}, and the settings changed since`],
      changes: [{ about: guest.title, key: 'state', before: 'now', after: `as of ${name}` }],
      confirm: guest.name === '' ? String(guest.vmid) : guest.name,
    });
  },
  examples: [
    {
      say: 'roll back app-server-prod to release-4-2',
      sends: ['POST /nodes/pve-node01/qemu/101/snapshot/release-4-2/rollback'],
    },
    { say: 'revert app-server-prod to snapshot nightly', sends: 'clarification' },
    { say: 'roll back build-agent', sends: 'clarification' },
  ],
});

export const remove = action({
  id: 'snapshot.delete',
  verb: 'delete a snapshot of',
  risk: 'destructive',
  on: { dataset: 'guests', templates: true },
  say: [
    '(delete|remove|drop|destroy) snapshot {name} (of|from|on) {on}',
    '(delete|remove|drop|destroy) {on} snapshot {name}',
    '(delete|remove|drop|destroy) snapshot (of|from) {on}',
  ],
  input: { name: { kind: 'word', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const name = existing(
      guest,
      await snapshotsOf(planning, guest),
      input.name,
      (each) => `delete snapshot ${each} of ${guest.vmid}`,
    );
    if (typeof name !== 'string') return name;
    const blocked = locked(guest);
    if (blocked.length > 0) return refused(...blocked);
    const at = { node: guest.node, vmid: guest.vmid, snapname: name };
    const says = `Delete snapshot ${name} of ${guest.title}`;
    const step =
      guest.type === 'qemu'
        ? call('DELETE', '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}', at, says)
        : call('DELETE', '/nodes/{node}/lxc/{vmid}/snapshot/{snapname}', at, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          tasks: [{ type: guest.type === 'qemu' ? 'qmdelsnapshot' : 'vzdelsnapshot', id: String(guest.vmid) }],
          limitSeconds: 6 * 3_600,
          relies: [snapshotFact(guest, name, name)],
          expects: [snapshotFact(guest, name, null)],
        },
      ],
      loses: [`snapshot ${name} of ${guest.title}: it cannot be gone back to any more`],
      changes: [{ about: guest.title, key: 'snapshot', before: name, after: null }],
      confirm: name,
    });
  },
  examples: [
    {
      say: 'delete snapshot release-4-1 of app-server-prod',
      sends: ['DELETE /nodes/pve-node01/qemu/101/snapshot/release-4-1'],
    },
    { say: 'remove the snapshot nightly of app-server-prod', sends: 'clarification' },
  ],
});
