import type { NodeState, Row, State } from '../state/model.ts';
import { settle } from '../load.ts';
import { InvalidWorld, Part } from './check.ts';
import { loadAccess } from './load-access.ts';
import { loadArchives } from './load-archives.ts';
import { loadFirewall, loadGroups } from './load-firewall.ts';
import { loadGuests } from './load-guests.ts';
import { loadHa } from './load-ha.ts';
import { loadNodes } from './load-nodes.ts';
import { loadTasks } from './load-tasks.ts';

/**
 * A cluster from raw reads of Proxmox's API (format 1, as `examples/world.json` and `pxa sandbox export` write it).
 * Parts may be absent or null: not offered by the server that was read. Throws InvalidWorld with the path of what
 * is of a wrong type.
 */
export function loadWorld(raw: unknown): State {
  const world = new Part(raw);
  world.required('an object').row();
  const format = world.at('format').number() ?? 1;
  if (format !== 1) throw new InvalidWorld('format', '1, the only form known');
  const start = world.at('now').number();
  if (start === undefined) throw new InvalidWorld('now', 'the seconds since 1970 at which it was read');
  const cluster = world.at('cluster');
  const version = loadVersion(world.at('version'));
  const nodes = loadNodes(world, start);
  loadArchives(world, nodes);
  const state: State = {
    seed: 1,
    start,
    version,
    ownVersion: version,
    major: Number(version.version.split('.')[0]) >= 9 ? 9 : 8,
    cluster: clusterRow(cluster),
    localNode: localNode(cluster, nodes),
    nodes,
    guests: loadGuests(world, start),
    storages: new Map(storageDefinitions(world, nodes)),
    access: loadAccess(world),
    domains: world.at('access').at('domains').rows(),
    options: cluster.at('options').row(),
    backupJobs: cluster.at('backup').rows(),
    replication: cluster.at('replication').rows(),
    ha: loadHa(cluster, start),
    firewall: { ...loadFirewall(cluster.at('firewall')), groups: loadGroups(cluster.at('firewall')) },
    sdn: sdnOf(cluster),
    mappings: mappingsOf(cluster.at('mapping')),
    metricServers: cluster.at('metric_servers').rows(),
    notifications: cluster.at('notifications').row(),
    realmSync: cluster.at('realm_sync').rows(),
    log: cluster.at('log').rows(),
    tasks: loadTasks(world),
  };
  const quorate = cluster
    .at('status')
    .list()
    .find((row) => row.at('type').text() === 'cluster')
    ?.at('quorate')
    .flag();
  if (quorate === 0) state.quorumLost = true;
  const missing = cluster.at('not_backed_up');
  if (!missing.absent) {
    const ids = missing.list().map((row) => row.at('vmid').number() ?? 0);
    for (const row of missing.list()) nameLost(state, row);
    state.notBackedUpRead = { jobs: state.backupJobs, guests: state.guests.size, ids };
  }
  return settle(state);
}

/** A guest on a lost node is named in few places: its configuration could not be read. */
function nameLost(state: State, row: Part): void {
  const guest = state.guests.get(row.at('vmid').number() ?? 0);
  const name = row.at('name').text();
  const key = guest?.type === 'lxc' ? 'hostname' : 'name';
  if (!guest || name === undefined || guest.config[key] !== undefined) return;
  if (state.nodes.get(guest.node)?.offlineSince !== undefined) guest.config = { ...guest.config, [key]: name };
}

function loadVersion(part: Part): State['version'] {
  const version = part.at('version').text() ?? '9.2.0';
  const release = part.at('release').text() ?? version.split('.').slice(0, 2).join('.');
  return { version, release, repoid: part.at('repoid').text() ?? '0000000000000000' };
}

function clusterRow(cluster: Part): State['cluster'] {
  const row = cluster
    .at('status')
    .list()
    .find((part) => part.at('type').text() === 'cluster');
  if (!row) return undefined;
  return { name: row.at('name').text() ?? 'cluster', version: row.at('version').number() ?? 1 };
}

function localNode(cluster: Part, nodes: Map<string, NodeState>): string {
  const local = cluster
    .at('status')
    .list()
    .find((row) => row.at('local').flag() === 1);
  const first = [...nodes.values()].find((node) => node.offlineSince === undefined) ?? [...nodes.values()][0];
  const name = local?.at('name').text() ?? first?.name;
  if (name === undefined) throw new InvalidWorld('nodes', 'at least one node');
  return name;
}

/** storage.cfg; storages that only a node's listing names are taken from there. */
function storageDefinitions(world: Part, nodes: Map<string, NodeState>): [string, Row][] {
  const defined = world
    .at('storage_defs')
    .list()
    .map((part): [string, Row] => {
      const id = part.at('storage').text();
      if (id === undefined) throw new InvalidWorld(`${part.path}.storage`, 'the id of the storage');
      return [id, part.row()];
    });
  const known = new Map(defined);
  for (const [name, node] of nodes) {
    for (const row of world.at('nodes').at(name).at('storage').rows()) {
      const storage = String(row['storage']);
      if (known.has(storage) || !node.storages.has(storage)) continue;
      known.set(storage, { storage, type: row['type'], content: row['content'], ...shared(row) });
    }
  }
  return [...known];
}

function shared(row: Row): Row {
  return row['shared'] === 1 ? { shared: 1 } : {};
}

/** SDN as its own reads give it, else what /cluster/resources shows of it. */
function sdnOf(cluster: Part): Row {
  const sdn = cluster.at('sdn');
  const rows = cluster.at('resources').rows();
  return {
    ...sdn.row(),
    resources: rows.filter((row) => row['type'] === 'sdn' || row['type'] === 'network'),
  };
}

function mappingsOf(part: Part): State['mappings'] {
  return { pci: part.at('pci').rows(), usb: part.at('usb').rows(), dir: part.at('dir').rows() };
}
