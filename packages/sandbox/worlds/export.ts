import type { Row } from '../state/model.ts';
import { exportGuests } from './export-guests.ts';
import { exportNode } from './export-nodes.ts';
import { exportFirewall, read, rowsOf, withoutSecrets, type Get } from './export-read.ts';

export type { Get } from './export-read.ts';

/** A cluster as raw reads, the form that `loadWorld` takes. */
export type World = Row & { format: 1 };

/** More guests than these are exported without their history, unless it is asked for: it would be the most of it. */
const HISTORY_GUESTS = 200;

/**
 * Reads a whole cluster into a world. Only GET is used; `now` is the cluster's time in seconds. Guests are read a few
 * at a time; series are left out of large clusters, or as `history` says.
 */
export async function exportWorld(get: Get, now: number, options: { history?: boolean } = {}): Promise<World> {
  const resources = await read(get, '/cluster/resources');
  const rows = rowsOf(resources).filter((row) => row['type'] === 'qemu' || row['type'] === 'lxc');
  const history = options.history ?? rows.length <= HISTORY_GUESTS;
  const nodes = rowsOf(await read(get, '/nodes')).map((row) => String(row['node']));
  const guests = await exportGuests(get, rows, { history });
  const perNode: Row = {};
  for (const node of nodes) perNode[node] = await exportNode(get, node, { history });
  return {
    format: 1,
    now,
    tz_offset: zone(perNode),
    nextid: await read(get, '/cluster/nextid'),
    version: await read(get, '/version'),
    cluster: await exportCluster(get, resources),
    storage_defs: withoutSecrets(await read(get, '/storage')),
    pools: await exportPools(get),
    access: await exportAccess(get),
    nodes: perNode,
    guests,
  };
}

function zone(nodes: Row): number {
  for (const node of Object.values(nodes)) {
    const time = (node as Row)['time']; // exportNode gives rows
    if (typeof time !== 'object' || time === null || !('time' in time) || !('localtime' in time)) continue;
    return Number(time.localtime) - Number(time.time);
  }
  return 0;
}

const CLUSTER_PARTS: [key: string, path: string][] = [
  ['status', '/cluster/status'],
  ['options', '/cluster/options'],
  ['ha_status', '/cluster/ha/status/current'],
  ['ha_resources', '/cluster/ha/resources'],
  ['ha_groups', '/cluster/ha/groups'],
  ['ha_rules', '/cluster/ha/rules'],
  ['backup', '/cluster/backup'],
  ['not_backed_up', '/cluster/backup-info/not-backed-up'],
  ['replication', '/cluster/replication'],
  ['tasks', '/cluster/tasks'],
];

async function exportCluster(get: Get, resources: unknown): Promise<Row> {
  const cluster: Row = { resources };
  for (const [key, path] of CLUSTER_PARTS) cluster[key] = withoutSecrets(await read(get, path));
  cluster['firewall'] = await exportFirewall(get, '/cluster/firewall');
  return cluster;
}

async function exportPools(get: Get): Promise<unknown> {
  const list = await read(get, '/pools');
  if (list === null) return null;
  const pools: Row[] = [];
  for (const { poolid, ...pool } of rowsOf(list)) {
    const whole = rowsOf(await read(get, '/pools', { poolid: String(poolid) }))[0];
    pools.push({ poolid, ...pool, members: whole?.['members'] ?? [] });
  }
  return pools;
}

/** Users, groups, tokens, roles, realms and the ACL, without secrets. */
export async function exportAccess(get: Get): Promise<Row> {
  const users = await read(get, '/access/users', { full: '1' });
  const tokens: Row = {};
  for (const { userid, tokens: list } of rowsOf(users)) tokens[String(userid)] = list ?? [];
  const access: Row = {
    users,
    tokens,
    acl: await read(get, '/access/acl'),
    permissions: await read(get, '/access/permissions'),
    groups: await read(get, '/access/groups'),
    roles: await read(get, '/access/roles'),
    domains: await read(get, '/access/domains'),
  };
  // of an object comes an object
  return withoutSecrets(access) as Row;
}
