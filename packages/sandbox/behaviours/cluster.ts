import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { nextEvent } from '../state/calendar.ts';
import { properties } from '../state/guest-size.ts';
import { rowsHash } from '../state/config-hash.ts';
import type { Row } from '../state/model.ts';
import { fingerprint } from '../worlds/made-node.ts';
import { clusterLog } from './logs.ts';
import { isOnline, isQuorate, nodeOf, nowSeconds, numberParam, textParam } from './common.ts';

/** The cluster itself: membership, quorum, options, the next free id, corosync's configuration. */
export const cluster: Behaviours = {
  'GET /cluster/status': status,
  'GET /cluster/nextid': nextid,
  'GET /cluster/options': options,
  'GET /cluster/log': (call) => clusterLog(call).slice(0, numberParam(call, 'max') ?? 500),
  'GET /cluster/config/nodes': (call) => members(call),
  'GET /cluster/config/totem': (call) => totem(call),
  'GET /cluster/config/apiversion': () => 1,
  'GET /cluster/config/qdevice': () => ({}),
  'GET /cluster/config/join': (call) => ({
    config_digest: rowsHash(members(call)),
    nodelist: members(call).map((row) => ({
      ...row,
      pve_addr: row['ring0_addr'],
      pve_fp: fingerprint(String(row['name'])),
    })),
    preferred_node: textParam(call, 'node') ?? call.node,
    totem: totem(call),
  }),
  'GET /cluster/jobs/realm-sync': (call) => call.state.realmSync,
  'GET /cluster/jobs/schedule-analyze': analyze,
  'GET /cluster/metrics/server': (call) => call.state.metricServers,
  'GET /cluster/mapping/pci': (call) => mapped(call, 'pci'),
  'GET /cluster/mapping/usb': (call) => mapped(call, 'usb'),
  'GET /cluster/mapping/dir': (call) => mapped(call, 'dir'),
  'GET /cluster/mapping/pci/{id}': (call) => mapping(call, 'pci'),
  'GET /cluster/mapping/usb/{id}': (call) => mapping(call, 'usb'),
  'GET /cluster/mapping/dir/{id}': (call) => mapping(call, 'dir'),
  'GET /cluster/metrics/server/{id}': (call) => {
    const id = textParam(call, 'id') ?? '';
    const found = call.state.metricServers.find((row) => row['id'] === id);
    if (!found) throw new PveError(500, `status server entry '${id}' does not exist\n`);
    return found;
  },
  'GET /cluster/acme/account': () => [],
  'GET /cluster/acme/plugins': () => [],
};

/** PVE::API2::Cluster get_status: a node on its own has no row for a cluster, and is number 0. */
function status(call: Call): Row[] {
  const { state } = call;
  const nodes = [...state.nodes.values()].map((node) => ({
    type: 'node',
    id: `node/${node.name}`,
    name: node.name,
    nodeid: state.cluster ? node.nodeid : 0,
    ...(node.ip === undefined ? {} : { ip: node.ip }),
    online: isOnline(node) ? 1 : 0,
    local: node.name === call.node ? 1 : 0,
    level: node.level,
  }));
  if (!state.cluster) return nodes;
  const { name, version } = state.cluster;
  const row = { type: 'cluster', id: 'cluster', name, version, nodes: state.nodes.size, quorate: isQuorate(call) };
  return [row, ...nodes];
}

/** Without Sys.Audit only what the interface needs for everybody; the tags that one may use are always there. */
function options(call: Call): Row {
  const all = Object.entries(call.state.options);
  const open = call.access.can('/', 'Sys.Audit') ? all : all.filter(([key]) => ['console', 'tag-style'].includes(key));
  const tags = new Set<string>();
  for (const { vmid, config } of call.state.guests.values()) {
    if (config['tags'] === undefined || !call.access.can(`/vms/${vmid}`, 'VM.Audit')) continue;
    for (const tag of String(config['tags']).split(';')) if (tag !== '') tags.add(tag);
  }
  return { 'allowed-tags': [...tags].sort(), ...Object.fromEntries(open) };
}

/** The lowest id that no guest has; or whether a given one is free. */
function nextid(call: Call): string {
  const asked = numberParam(call, 'vmid');
  if (asked !== undefined) {
    if (!call.state.guests.has(asked)) return String(asked);
    throw new PveError(400, 'Parameter verification failed.\n', { vmid: `VM ${asked} already exists` });
  }
  const [lower, upper] = idRange(call);
  for (let id = lower; id < upper; id++) if (!call.state.guests.has(id)) return String(id);
  throw new PveError(500, `unable to get any free VMID in range [${lower}, ${upper}]\n`);
}

function idRange(call: Call): [number, number] {
  const option = call.state.options['next-id'];
  // datacenter.cfg is answered with its parts parsed, but a world may hold them as text
  const range = typeof option === 'string' ? properties(option) : ((option ?? {}) as Row);
  const of = (key: string, otherwise: number): number => Number(range[key] ?? otherwise);
  return [of('lower', 100), of('upper', 1_000_000)];
}

function members(call: Call): Row[] {
  return [...call.state.nodes.values()].map((node) => ({
    node: node.name,
    name: node.name,
    nodeid: String(node.nodeid),
    quorum_votes: '1',
    ...(node.ip === undefined ? {} : { ring0_addr: node.ip }),
  }));
}

function totem(call: Call): Row {
  const { cluster: own } = call.state;
  if (!own) throw new PveError(500, 'Node is not in a cluster, no corosync config available!\n');
  return {
    cluster_name: own.name,
    config_version: String(own.version),
    interface: { '0': { linknumber: '0' } },
    ip_version: 'ipv4-6',
    link_mode: 'passive',
    secauth: 'on',
    version: '2',
  };
}

function analyze(call: Call): Row[] {
  const schedule = textParam(call, 'schedule') ?? '';
  const rows: Row[] = [];
  let at = numberParam(call, 'starttime') ?? nowSeconds(call);
  for (let i = numberParam(call, 'iterations') ?? 10; i > 0; i--) {
    const next = nextEvent(schedule, at, nodeOf(call).tzOffset);
    if (next === undefined) break;
    rows.push({ timestamp: next, utc: new Date(next * 1000).toISOString() });
    at = next;
  }
  return rows;
}

function mapped(call: Call, kind: 'pci' | 'usb' | 'dir'): Row[] {
  const privileges = ['Mapping.Use', 'Mapping.Modify', 'Mapping.Audit'];
  return call.state.mappings[kind].filter((row) =>
    call.access.canAny(`/mapping/${kind}/${String(row['id'])}`, privileges),
  );
}

function mapping(call: Call, kind: 'pci' | 'usb' | 'dir'): Row {
  const id = textParam(call, 'id') ?? '';
  const found = call.state.mappings[kind].find((row) => row['id'] === id);
  if (!found) throw new PveError(500, `no such resource mapping '${id}'\n`);
  return found;
}
