import { exportAccess } from '@pxa/sandbox';
import { asList, asNumber, asRows, asText } from '@pxa/pve/values';
import type { About } from './twin-about.ts';
import type { Area } from './twin-areas.ts';
import type { TwinGuest } from './twin-guests.ts';
import { readFirewall } from './twin-nodes.ts';
import type { Row, TwinReads } from './twin-reads.ts';

/** What was read of the cluster as a whole: keys of a world, of its `cluster`, and what replicates, by node. */
export interface ClusterParts {
  readonly world: Readonly<Record<string, unknown>>;
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly replication: ReadonlyMap<string, readonly Row[]>;
}

export interface Surroundings {
  /** The rows of /cluster/resources. */
  readonly resources: readonly Row[];
  readonly guests: readonly TwinGuest[];
  readonly nodes: readonly string[];
  readonly major: number;
}

/** The parts of the cluster's configuration that the plan touches or that its guests are under. */
export async function readCluster(reads: TwinReads, about: About, around: Surroundings): Promise<ClusterParts> {
  const isUnderHa = around.guests.some(({ row }) => row['hastate'] !== undefined);
  const needs = (area: Area): boolean => about.areas.has(area) || (area === 'ha' && isUnderHa);
  const [ha, backup, replication, pools, access, options, firewall] = await Promise.all([
    needs('ha') ? readHa(reads, around.major) : {},
    needs('backup') ? reads.list('/cluster/backup', {}) : [],
    needs('replication') ? readReplication(reads, around) : { jobs: [], states: new Map<string, Row[]>() },
    needs('pools') ? readPools(reads, about.pools) : [],
    needs('access') ? exportAccess((path, params) => reads.at(path, params)) : undefined,
    needs('options') ? reads.get('/cluster/options', {}) : undefined,
    needs('firewall') ? readFirewall(reads, '/cluster/firewall') : undefined,
  ]);
  return {
    world: { pools: poolsOf(around.resources, pools), ...(access === undefined ? {} : { access }) },
    cluster: { ...ha, backup, replication: replication.jobs, options, firewall },
    replication: replication.states,
  };
}

async function readHa(reads: TwinReads, major: number): Promise<Record<string, unknown>> {
  const [resources, status, rules] = await Promise.all([
    reads.list('/cluster/ha/resources', {}),
    reads.list('/cluster/ha/status/current', {}),
    major >= 9 ? reads.list('/cluster/ha/rules', {}) : reads.list('/cluster/ha/groups', {}),
  ]);
  return { ha_resources: resources, ha_status: status, ...(major >= 9 ? { ha_rules: rules } : { ha_groups: rules }) };
}

/**
 * The numbers of guests that HA moves along with some: rules that keep them together reach as far as one of their guests
 * is in another (ha-manager PVE/HA/Rules/ResourceAffinity.pm).
 */
export function companionsOf({ cluster }: ClusterParts, guests: readonly TwinGuest[]): Set<number> {
  const groups = asRows(cluster['ha_rules'])
    .filter(({ row }) => row['type'] === 'resource-affinity' && row['affinity'] === 'positive')
    .map(({ row }) => asList(row['resources']).map((sid) => Number(sid.replace(/^(?:vm|ct):/, ''))));
  const together = new Set(guests.map(({ vmid }) => vmid));
  for (let known = -1; known < together.size;) {
    known = together.size;
    for (const group of groups) {
      if (group.some((vmid) => together.has(vmid))) for (const vmid of group) together.add(vmid);
    }
  }
  for (const { vmid } of guests) together.delete(vmid);
  return together;
}

async function readReplication(
  reads: TwinReads,
  { guests, nodes }: Surroundings,
): Promise<{ jobs: readonly Row[]; states: Map<string, Row[]> }> {
  const jobs = await reads.list('/cluster/replication', {});
  const vmids = new Set(guests.map(({ vmid }) => vmid));
  const isOurs = jobs.some(({ guest }) => vmids.has(asNumber(guest) ?? 0));
  if (!isOurs) return { jobs, states: new Map() };
  const states = nodes.map(async (node) => [node, await reads.list('/nodes/{node}/replication', { node })] as const);
  return { jobs, states: new Map(await Promise.all(states)) };
}

/** All pools, with the members of those that the plan names. */
async function readPools(reads: TwinReads, named: ReadonlySet<string>): Promise<Row[]> {
  const pools = await reads.list('/pools', {});
  const isNamed = ({ poolid }: Row): boolean => named.has(asText(poolid) ?? '');
  return Promise.all(
    pools.map(async (pool) => {
      if (!isNamed(pool)) return pool;
      const [whole] = await reads.list('/pools', { poolid: asText(pool['poolid']) ?? '' });
      return { ...pool, ...whole };
    }),
  );
}

/** Pools with their guests, which the list of all guests tells, and with their storages as far as these were read. */
function poolsOf(resources: readonly Row[], listed: readonly Row[]): Row[] {
  const pools = new Map<string, { row: Row; members: Row[] }>();
  for (const row of listed) {
    const members = asRows(row['members']).map((member) => member.row);
    pools.set(asText(row['poolid']) ?? '', { row, members: members.filter(({ type }) => type === 'storage') });
  }
  for (const { pool, type, vmid } of resources) {
    const poolid = asText(pool);
    if (poolid === null || (type !== 'qemu' && type !== 'lxc')) continue;
    let known = pools.get(poolid);
    if (known === undefined) pools.set(poolid, (known = { row: { poolid }, members: [] }));
    known.members.push({ type, vmid });
  }
  return [...pools.values()].map(({ row, members }) => ({ poolid: row['poolid'], comment: row['comment'], members }));
}
