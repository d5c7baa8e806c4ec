import { asNumber } from '@pxa/pve/values';
import { needed, type Planning, type Refusal, sizeText } from '../kit/index.ts';

const noNode = { input: 'node', reason: 'not_found' } as const;
const tooMuch = { input: 'memory', reason: 'too_big' } as const;

/** Where something new runs: the node named, or the one with the most free memory. */
export async function nodeFor(
  planning: Planning,
  named: string | undefined,
  bytes: number,
): Promise<{ node: string; assumptions: string[] } | { refusals: Refusal[] }> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The nodes').filter(
    ({ data }) => data['type'] === 'node',
  );
  const online = rows
    .filter(({ data }) => data['status'] === 'online')
    .map(({ data }) => ({
      node: String(data['node']),
      total: asNumber(data['maxmem']) ?? 0,
      free: (asNumber(data['maxmem']) ?? 0) - (asNumber(data['mem']) ?? 0),
    }))
    .toSorted((a, b) => b.free - a.free);
  const next = `Nodes that are online: ${online.map(({ node }) => node).join(', ') || 'none'}.`;
  if (named !== undefined) {
    const wanted = online.find(({ node }) => node === named);
    if (wanted === undefined) {
      const isThere = rows.some(({ data }) => data['node'] === named);
      if (isThere) return { refusals: [{ why: `${named} is offline.`, next }] };
      return { refusals: [{ why: `There is no node ${named}.`, next, ...noNode }] };
    }
    if (bytes > wanted.total) {
      return {
        refusals: [
          {
            why: `${named} has ${sizeText(wanted.total)} of memory; ${sizeText(bytes)} are more than that.`,
            next: 'Name less.',
            ...tooMuch,
          },
        ],
      };
    }
    return { node: named, assumptions: [] };
  }
  const [most] = online;
  if (most === undefined) return { refusals: [{ why: 'No node is online.', next: 'Bring one back first.' }] };
  if (bytes > most.total) {
    return { refusals: [{ why: `No node has ${sizeText(bytes)} of memory.`, next: 'Name less.', ...tooMuch }] };
  }
  return { node: most.node, assumptions: [`Node ${most.node}: the one with the most free memory`] };
}

/** The id that was named, where it is free, or the next free one; but none of those that others are about to take. */
export async function idFor(
  planning: Planning,
  { vmid: named, avoid = [] }: { vmid?: number | undefined; avoid?: readonly string[] | undefined },
): Promise<{ vmid: number; assumptions: string[] } | { refusals: Refusal[] }> {
  if (named === undefined) {
    let vmid = await planning.nextId();
    while (avoid.includes(String(vmid))) vmid = await planning.nextId();
    return { vmid, assumptions: [`Id ${vmid}: the next free one`] };
  }
  if (named < 100 || named > 999_999_999) {
    return {
      refusals: [
        {
          why: `${named} is no id for a guest: they go from 100 to 999999999.`,
          next: 'Name another, or none.',
          input: 'vmid',
          reason: 'not_acceptable',
        },
      ],
    };
  }
  const free = await planning.read('/cluster/nextid', { vmid: named });
  if (free.ok) return { vmid: named, assumptions: [] };
  return {
    refusals: [
      {
        why: `The id ${named} is taken.`,
        next: 'Name another, or none: the next free one is taken then.',
        input: 'vmid',
        reason: 'exists',
      },
    ],
  };
}

/** The bridge that was named, or the first of the node. */
export async function bridgeFor(
  planning: Planning,
  node: string,
  named: string | undefined,
): Promise<{ bridge: string; assumptions: string[] } | { refusals: Refusal[] }> {
  const list = needed(
    await planning.list('/nodes/{node}/network', { node, type: 'any_bridge' }),
    `The bridges of ${node}`,
  );
  const names = list.map(({ data }) => String(data['iface'])).toSorted();
  if (named !== undefined && names.includes(named)) return { bridge: named, assumptions: [] };
  if (named !== undefined)
    return {
      refusals: [
        {
          why: `${node} has no bridge ${named}.`,
          next: `It has ${names.join(', ')}.`,
          input: 'bridge',
          reason: 'not_found',
        },
      ],
    };
  const [first] = names;
  if (first === undefined) return { refusals: [{ why: `${node} has no bridge.`, next: 'Set one up first.' }] };
  return { bridge: first, assumptions: [`Bridge ${first}: the first of ${node}`] };
}

/** That a VM of so many vCPUs would not start on a node: QEMU gets no more than the node has (QemuServer.pm, vm_start). */
export async function coresRefusals(planning: Planning, node: string, vcpus: number | undefined): Promise<Refusal[]> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The CPUs of the node');
  const most = asNumber(rows.find(({ data }) => data['type'] === 'node' && data['node'] === node)?.data['maxcpu']);
  if (vcpus === undefined || most === null || vcpus <= most) return [];
  const why = `${node} has ${most} CPUs: a VM with ${vcpus} would not start there.`;
  return [{ why, next: 'Name a smaller number.', input: 'cores', reason: 'too_big' }];
}
