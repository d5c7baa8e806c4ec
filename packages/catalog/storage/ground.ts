import { asObject, asRows, asText } from '@pxa/pve/values';
import type { Planning, Refusal } from '../kit/index.ts';
import type { Given } from './definition-refusals.ts';

/** What a storage is to stand on, as its nodes have it: what it is called, and what was said of it. */
interface Ground {
  readonly input: 'pool' | 'vgname' | 'thinpool';
  /** `ZFS pool`. */
  readonly called: string;
  /** What a node has of it; undefined where it does not tell. */
  readonly of: (planning: Planning, node: string) => Promise<string[] | undefined>;
}

async function pools(planning: Planning, node: string): Promise<string[] | undefined> {
  const got = await planning.list('/nodes/{node}/disks/zfs', { node });
  return got.ok ? got.data.map(({ data }) => String(data['name'])) : undefined;
}

async function groups(planning: Planning, node: string): Promise<string[] | undefined> {
  const got = await planning.read('/nodes/{node}/disks/lvm', { node });
  if (!got.ok) return undefined;
  return asRows(asObject(got.data)?.['children']).map(({ row }) => String(row['name']));
}

const thinPools =
  (group: string) =>
  async (planning: Planning, node: string): Promise<string[] | undefined> => {
    const got = await planning.list('/nodes/{node}/disks/lvmthin', { node });
    if (!got.ok) return undefined;
    return got.data.filter(({ data }) => data['vg'] === group).flatMap(({ data }) => asText(data['lv']) ?? []);
  };

function groundsOf(type: string, { vgname = '' }: Given): Ground[] {
  const pool: Ground = { input: 'pool', called: 'ZFS pool', of: pools };
  const group: Ground = { input: 'vgname', called: 'volume group', of: groups };
  const thin: Ground = { input: 'thinpool', called: `thin pool in ${vgname}`, of: thinPools(vgname) };
  const all: Readonly<Record<string, Ground[]>> = { zfspool: [pool], lvm: [group], lvmthin: [group, thin] };
  return all[type] ?? [];
}

/** That each node that is to see it has the pool, dataset or group; a node that does not tell is left to Proxmox. */
export async function groundRefusals(
  planning: Planning,
  { type, given, nodes }: { readonly type: string; readonly given: Given; readonly nodes: readonly string[] },
): Promise<Refusal[]> {
  const asked = (await planning.nodes()).filter(
    ({ node, online }) => online && (nodes.length === 0 || nodes.includes(node)),
  );
  for (const ground of groundsOf(type, given)) {
    const said = given[ground.input];
    if (said === undefined) continue;
    const found = await Promise.all(asked.map(({ node }) => lackingOn(planning, { node, ground, said })));
    // Without its group, a node has no thin pool in it either.
    if (found.flat().length > 0) return found.flat();
  }
  return [];
}

async function lackingOn(
  planning: Planning,
  { node, ground, said }: { readonly node: string; readonly ground: Ground; readonly said: string },
): Promise<Refusal[]> {
  const names = await ground.of(planning, node);
  const isThere = (name: string): boolean => said === name || (ground.input === 'pool' && said.startsWith(`${name}/`));
  if (names === undefined || names.some(isThere)) return [];
  const next = `It has: ${names.join(', ') || 'none'}. Say “on NODE” to limit the storage to nodes that have it.`;
  return [{ input: ground.input, reason: 'not_found', why: `${node} has no ${ground.called} for ${said}.`, next }];
}
