import { asNumber, asText } from '@pxa/pve/values';
import {
  action,
  already,
  call,
  type GuestNow,
  needed,
  piece,
  type Planned,
  type Planning,
  type Refusal,
  refused,
} from '../kit/index.ts';
import { volumesIn } from '../storage/volumes-now.ts';
import { replicationFact, replicationsNow } from './job-now.ts';

/** What keeps Proxmox from replicating a guest: only ZFS does, and the target must have the same storages. */
async function inTheWay(planning: Planning, guest: GuestNow, to: string): Promise<Refusal[]> {
  const nodes = await planning.nodes();
  const target = nodes.find(({ node }) => node === to);
  const others = nodes.filter(({ node, online }) => online && node !== guest.node).map(({ node }) => node);
  const next = `Nodes: ${others.join(', ') || 'no other is online'}.`;
  if (to === guest.node) return [{ why: `${guest.title} is on ${to} itself.`, next }];
  if (target === undefined) return [{ why: `No node is called ${to}.`, next }];
  if (!target.online) return [{ why: `${to} is offline: whether it has the storages cannot be seen.`, next }];
  const [here, there] = await Promise.all([storageTypes(planning, guest.node), storageTypes(planning, to)]);
  const own = volumesIn(guest.config).filter(({ key, volid }) => {
    const value = asText(guest.config[key]) ?? '';
    return (
      !key.startsWith('unused') &&
      !/media=cdrom|[:/]iso\/|,replicate=0/.test(value) &&
      here.get(nameOf(volid))?.shared !== true
    );
  });
  const wrong = own.filter(({ volid }) => here.get(nameOf(volid))?.type !== 'zfspool');
  const lacking = [...new Set(own.map(({ volid }) => nameOf(volid)))].filter((id) => there.get(id)?.type !== 'zfspool');
  return [
    ...wrong.map(({ key, volid }) => ({
      why: `${key} of ${guest.title} lies on ${nameOf(volid)}, which is no ZFS: it cannot be replicated.`,
      next: 'Move it to a ZFS storage, or leave it out of replication.',
    })),
    ...(own.length === 0
      ? [
          {
            why: `${guest.title} has no volume that could be replicated.`,
            next: 'Volumes on shared storage need no replication.',
          },
        ]
      : []),
    ...(wrong.length > 0 ? [] : lacking).map((id) => ({
      why: `${to} has no ZFS storage ${id}, on which ${guest.title} lies.`,
      next: 'Choose a node that has a storage of that name.',
    })),
  ];
}

const nameOf = (volid: string): string => volid.slice(0, volid.indexOf(':'));

async function storageTypes(planning: Planning, node: string): Promise<Map<string, { type: string; shared: boolean }>> {
  const list = needed(await planning.list('/nodes/{node}/storage', { node, enabled: true }), `The storages of ${node}`);
  return new Map(
    list.map(({ data }) => [
      String(data['storage']),
      { type: String(data['type']), shared: asNumber(data['shared']) === 1 },
    ]),
  );
}

export const replicate = action({
  id: 'replication.create',
  verb: 'replicate',
  risk: 'change',
  on: { dataset: 'guests' },
  say: [
    '(replicate|sync|mirror) {on} (to|onto) [node] {to} {*}',
    '(set up|create|add|configure|schedule|make|enable) [new] (replication|replication job) (of|for) {on} {*}',
    '(replicate|sync|mirror) {on} {*}',
  ],
  input: {
    to: { kind: 'node', say: ['(to|onto) [node] {}'], ask: 'To which node?' },
    schedule: { kind: 'schedule', say: ['{}', '(at|with schedule|schedule) {}'] },
    rate: { kind: 'count', say: ['(limited to|with|at) {} (mb|mbps|megabytes) [per second|a second]'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { to = '', schedule, rate } = input;
    const jobs = (await replicationsNow(planning)).filter((job) => job.guest === guest.vmid);
    const same = jobs.find((job) => job.target === to);
    if (same?.leaving === true)
      return refused({
        why: `Replication job ${same.id} to ${to} is just being removed.`,
        next: 'Ask again in a few minutes.',
      });
    if (same !== undefined)
      return already(`${guest.title} is replicated to ${to} by job ${same.id} (${same.schedule}).`);
    const blocked = await inTheWay(planning, guest, to);
    if (blocked.length > 0) return refused(...blocked);
    const numbers = new Set(jobs.map(({ id }) => id));
    const id =
      Array.from({ length: jobs.length + 1 }, (_, n) => `${guest.vmid}-${n}`).find((each) => !numbers.has(each)) ?? '';
    const says = `Replicate ${guest.title} to ${to}, ${schedule ?? '*/15'}`;
    const step = call(
      'POST',
      '/cluster/replication',
      {
        id,
        type: 'local',
        target: to,
        ...(schedule === undefined ? {} : { schedule }),
        ...(rate === undefined ? {} : { rate }),
      },
      says,
    );
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          limitSeconds: 60,
          relies: [replicationFact(id, 'id', null)],
          expects: [replicationFact(id, 'target', to)],
        },
      ],
      assumptions: [
        ...(schedule === undefined ? ['Every 15 minutes, which is Proxmox’s own default'] : []),
        ...(rate === undefined ? ['As fast as the network lets it'] : []),
      ],
      warnings: [`Its first run copies all its disks to ${to}, and takes as much room there.`],
      changes: [{ about: guest.title, key: 'replication', before: null, after: `to ${to}, ${schedule ?? '*/15'}` }],
      undo: { action: 'replication.delete', input: { job: id } },
    });
  },
  examples: [
    {
      say: 'replicate app-server-prod to pve-node02 every 15 minutes',
      sends: ['POST /cluster/replication id=101-0 type=local target=pve-node02 schedule=*/15'],
    },
    {
      say: 'set up replication of dc01-win2022 to pve-node03',
      sends: ['POST /cluster/replication id=100-1 target=pve-node03'],
    },
    { say: 'replicate dc01-win2022 to pve-node02', sends: 'answer' },
    { say: 'replicate app-server-prod to pve-node01', sends: 'clarification' },
    { say: 'replicate app-server-prod', sends: 'clarification' },
  ],
});
