import type { RefusalReason } from '@pxa/contract';
import { asNumber } from '@pxa/pve/values';
import { disksOf, placeFor, storagesOf } from '../guest-disks/disks.ts';
import { type GuestNow, needed, percentText, type Planning, type Rec, type Refusal, sizeText } from '../kit/index.ts';

async function nodeRows(planning: Planning): Promise<Rec[]> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The nodes');
  return rows.filter(({ data }) => data['type'] === 'node');
}

/** Why a node cannot take a guest: it is not there, not on, the same one, or without the memory that is in use. */
export async function targetRefusals(planning: Planning, guest: GuestNow, target: string): Promise<Refusal[]> {
  const nodes = await nodeRows(planning);
  const others = nodes
    .filter(({ data }) => data['status'] === 'online' && data['node'] !== guest.node)
    .map(({ data }) => String(data['node']));
  const next = others.length === 0 ? 'No other node is online.' : `Nodes that are online: ${others.join(', ')}.`;
  const wrong = (why: string, reason: RefusalReason): Refusal[] => [{ why, next, input: 'to', reason }];
  if (target === guest.node) return wrong(`${guest.title} is on ${target} already.`, 'not_acceptable');
  const node = nodes.find(({ data }) => data['node'] === target);
  if (node === undefined) return wrong(`There is no node ${target}.`, 'not_found');
  if (node.data['status'] !== 'online') return [{ why: `${target} is offline.`, next }];
  const { used, total, needs } = memoryThere(guest, node.data);
  if (used + needs <= total) return [];
  const why = `${target} has ${sizeText(total - used)} of memory left; ${guest.title} uses ${sizeText(needs)}.`;
  return [{ why, next }];
}

/** Why the disks of a guest cannot come to a storage that was named: the target has none, or it does not take them. */
export async function storageRefusals(
  planning: Planning,
  { type }: GuestNow,
  to: { readonly node: string; readonly storage: string | undefined },
): Promise<Refusal[]> {
  const isThere = (await planning.nodes()).some(({ node, online }) => online && node === to.node);
  if (to.storage === undefined || !isThere) return [];
  const content = type === 'qemu' ? 'images' : 'rootdir';
  const place = await placeFor(planning, { node: to.node, content, named: to.storage, bytes: 0 });
  return 'refusals' in place ? place.refusals : [];
}

/** The memory of a node, and what a guest that runs would bring along, in bytes. */
function memoryThere(guest: GuestNow, node: Rec['data']): { used: number; total: number; needs: number } {
  const needs = guest.status === 'stopped' ? 0 : (asNumber(guest.current['mem']) ?? 0);
  return { used: asNumber(node['mem']) ?? 0, total: asNumber(node['maxmem']) ?? 0, needs };
}

/** What becomes tight on the target, which Proxmox itself does not mind. */
export async function tight(
  planning: Planning,
  guest: GuestNow,
  to: { node: string; storage: string | undefined },
): Promise<string[]> {
  const row = (await nodeRows(planning)).find(({ data }) => data['node'] === to.node);
  if (row === undefined) return [];
  const { used, total, needs } = memoryThere(guest, row.data);
  const memory = (used + needs) / total;
  const cpu = cpuThere(guest, row.data);
  return [
    ...(needs > 0 && memory >= planning.thresholds.memory
      ? [`${to.node} would have ${percentText(memory)} of its memory in use.`]
      : []),
    ...(cpu !== undefined && cpu >= planning.thresholds.cpu
      ? [`${to.node} would have ${percentText(cpu)} of its CPU in use, as both are busy now.`]
      : []),
    ...(await littleRoom(planning, guest, to)),
  ];
}

/** The share of a node's CPU in use with what a running guest uses now; undefined where it does not run. */
function cpuThere(guest: GuestNow, node: Rec['data']): number | undefined {
  const { cpu, cpus } = guest.current;
  const [used, has] = [asNumber(node['cpu']), asNumber(node['maxcpu'])];
  if (guest.status === 'stopped' || used === null || has === null) return undefined;
  return used + ((asNumber(cpu) ?? 0) * (asNumber(cpus) ?? 0)) / has;
}

/** Where the copies of local disks would not fit by their full size. Thin storage takes less: that is no refusal. */
async function littleRoom(
  planning: Planning,
  guest: GuestNow,
  to: { node: string; storage: string | undefined },
): Promise<string[]> {
  const shared = new Set(
    (await storagesOf(planning, guest.node)).flatMap((each) => (each.shared ? [each.storage] : [])),
  );
  const needs = new Map<string, number>();
  for (const { storage, size = 0 } of disksOf(guest)) {
    const where = to.storage ?? storage;
    if (!shared.has(storage)) needs.set(where, (needs.get(where) ?? 0) + size);
  }
  const there = await storagesOf(planning, to.node);
  return [...needs].flatMap(([name, bytes]) => {
    const free = there.find(({ storage }) => storage === name)?.free;
    if (free === undefined || bytes <= free) return [];
    const [has, want] = [sizeText(free), sizeText(bytes)];
    return [`${name} of ${to.node} has ${has} free, the disks of ${guest.title} are ${want} in size.`];
  });
}
