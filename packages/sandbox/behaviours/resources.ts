import type { Behaviours, Call } from '../behaviour.ts';
import { guestsByNode, guestUse, nodeUse, poolUsed } from '../load.ts';
import { guestSize } from '../state/guest-size.ts';
import type { Guest, NodeState, Row } from '../state/model.ts';
import { figuresExpired, figuresTime, isOnline, sidOf } from './common.ts';
import { resourceRow } from './guest-rows.ts';
import { hastates, nodeHastate } from './ha-status.ts';
import { sdnResources } from './sdn.ts';

/** Reads that look at the whole cluster's guests, nodes and storages at once. */
export const resources: Behaviours = {
  'GET /cluster/resources': (call) => {
    const type = call.params['type'];
    if (typeof type === 'string') return resourcesOf(call, type);
    return [...poolRows(call), ...KINDS.flatMap((kind) => resourcesOf(call, kind))];
  },
  'GET /nodes': (call) => {
    const by = guestsByNode(call.state);
    return [...call.state.nodes.values()].map((node) => {
      const row = nodeRow(call, node, by.get(node.name) ?? []);
      return node.fingerprint === undefined ? row : { ...row, ssl_fingerprint: node.fingerprint };
    });
  },
};

const KINDS = ['vm', 'node', 'storage', 'sdn'] as const;

/** The rows of one kind, as the parameter `type` of /cluster/resources names it. */
export function resourcesOf(call: Call, type: string): Row[] {
  if (type === 'vm') return guestRows(call);
  if (type === 'node') return nodeRows(call, guestsByNode(call.state));
  if (type === 'storage') return storageRows(call);
  return type === 'sdn' ? sdnResources(call) : [];
}

/** Which pool each guest is in. */
function poolsOfGuests(call: Call): Map<number, string> {
  const pools = new Map<number, string>();
  for (const { poolid, vms } of call.state.access.pools) for (const vmid of vms) pools.set(Number(vmid), poolid);
  return pools;
}

function guestRows(call: Call): Row[] {
  const { state, access } = call;
  const at = figuresTime(call);
  const now = call.clock.now();
  const pools = poolsOfGuests(call);
  const ha = hastates(call);
  const visiblePools = new Map(
    state.access.pools.map(({ poolid }) => [poolid, access.can(`/pool/${poolid}`, 'Pool.Audit')]),
  );
  const expired = new Set(
    [...state.nodes.values()].filter((node) => figuresExpired(node, now)).map(({ name }) => name),
  );
  const rows: Row[] = [];
  for (const guest of state.guests.values()) {
    if (!access.can(`/vms/${guest.vmid}`, 'VM.Audit')) continue;
    const pool = pools.get(guest.vmid);
    rows.push(
      resourceRow(guest, {
        state,
        at,
        major: call.version.major,
        hastate: ha.get(sidOf(guest)),
        pool: pool !== undefined && visiblePools.get(pool) ? pool : undefined,
        expired: expired.has(guest.node),
      }),
    );
  }
  return rows;
}

function nodeRows(call: Call, by: Map<string, Guest[]>): Row[] {
  return [...call.state.nodes.values()].map((node) => nodeRow(call, node, by.get(node.name) ?? []));
}

/** A node's row; without Sys.Audit on it, without its figures. */
function nodeRow(call: Call, node: NodeState, guests: readonly Guest[]): Row {
  const row: Row = { id: `node/${node.name}`, type: 'node', node: node.name };
  row['status'] = isOnline(node) ? 'online' : 'offline';
  row['level'] = node.level;
  const hastate = nodeHastate(call, node.name);
  if (hastate !== undefined) row['hastate'] = hastate;
  if (figuresExpired(node, call.clock.now())) return row;
  const mode = node.hardware['cgroup-mode'] ?? 2;
  if (!call.access.can(`/nodes/${node.name}`, 'Sys.Audit')) return { ...row, 'cgroup-mode': mode };
  const use = nodeUse(call.state, node, guests, lastFigures(call, node));
  return {
    ...row,
    cpu: use.cpu,
    maxcpu: node.maxcpu,
    mem: use.mem,
    maxmem: node.memTotal,
    disk: node.rootfs.used,
    maxdisk: node.rootfs.total,
    uptime: use.uptime,
    'cgroup-mode': mode,
    ...(call.version.major >= 9 ? { 'host-arch': 'x86_64' } : {}),
  };
}

/** A lost node's figures stand still. */
function lastFigures(call: Call, node: NodeState): number {
  const at = figuresTime(call);
  return node.offlineSince === undefined ? at : Math.min(at, node.offlineSince / 1000);
}

function storageRows(call: Call): Row[] {
  const rows: Row[] = [];
  for (const node of call.state.nodes.values()) {
    const expired = figuresExpired(node, call.clock.now());
    const at = lastFigures(call, node);
    for (const [id, seen] of node.storages) {
      const definition = call.state.storages.get(id) ?? {};
      if (!seen.enabled || !call.access.can(`/storage/${id}`, 'Datastore.Audit')) continue;
      const known = seen.active === 1 && !expired;
      rows.push({
        id: `storage/${node.name}/${id}`,
        type: 'storage',
        storage: id,
        node: node.name,
        plugintype: definition['type'],
        content: definition['content'] ?? '',
        shared: definition['shared'] === 1 ? 1 : 0,
        status: known ? 'available' : 'unknown',
        ...(expired ? {} : { disk: known ? poolUsed(call.state, seen.pool, at) : 0 }),
        ...(expired ? {} : { maxdisk: known ? seen.pool.total : 0 }),
      });
    }
  }
  return rows;
}

/** Pools with what their running members use together. */
function poolRows(call: Call): Row[] {
  const at = figuresTime(call);
  return call.state.access.pools
    .filter(({ poolid }) => call.access.can(`/pool/${poolid}`, 'Pool.Audit'))
    .map(({ poolid, vms }) => {
      const row: Row = { id: `/pool/${poolid}`, type: 'pool', pool: poolid };
      const sums = poolSums(call, vms, at);
      return sums === undefined ? row : { ...row, ...sums };
    });
}

/** PVE::API2::Cluster::resources: CPU is weighted, so that it is a share of all the members' vCPUs. */
function poolSums(call: Call, vmids: readonly (string | number)[], at: number): Row | undefined {
  let [uptime, mem, maxmem, busy, maxcpu, running] = [0, 0, 0, 0, 0, 0];
  for (const vmid of vmids) {
    const guest = call.state.guests.get(Number(vmid));
    if (guest?.status !== 'running') continue;
    if (figuresExpired(call.state.nodes.get(guest.node), call.clock.now())) continue;
    const use = guestUse(call.state, guest, at);
    const size = guestSize(call.state, guest);
    running++;
    uptime = Math.max(uptime, use.uptime);
    mem += use.mem;
    maxmem += size.maxmem;
    busy += use.cpu * size.cpus;
    maxcpu += size.cpus;
  }
  return running === 0 ? undefined : { uptime, mem, maxmem, cpu: busy / (maxcpu || 1), maxcpu };
}
