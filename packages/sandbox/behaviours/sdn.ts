import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import type { Row } from '../state/model.ts';
import { figuresExpired, textParam } from './common.ts';

/** Zones and, from 9.x on, networks as /cluster/resources lists them. */
export function sdnResources(call: Call): Row[] {
  const rows = call.state.sdn['resources'];
  if (!Array.isArray(rows)) return [];
  return (rows as Row[]).filter((row) => {
    if (call.version.major < 9 && row['type'] === 'network') return false;
    const node = call.state.nodes.get(String(row['node']));
    if (figuresExpired(node, call.clock.now())) return false;
    return call.access.can(`/sdn/zones/${String(row['sdn'] ?? row['network'])}`, 'SDN.Audit');
  });
}

/** A list that was read or made, each row seen only with SDN.Audit on its path. */
function listed(call: Call, part: string, key: string, path: (row: Row) => string): Row[] {
  const rows = call.state.sdn[part];
  if (!Array.isArray(rows)) return [];
  const type = call.params['type'];
  return (rows as Row[])
    .filter((row) => type === undefined || row['type'] === type)
    .filter((row) => row[key] !== undefined && call.access.can(path(row), 'SDN.Audit'));
}

/** One of them; without it, the words of PVE::Network::SDN. */
function one(call: Call, part: string, key: string): Row {
  const id = textParam(call, key) ?? '';
  const rows = call.state.sdn[part];
  const found = Array.isArray(rows) ? (rows as Row[]).find((row) => row[key] === id) : undefined;
  if (!found) throw new PveError(500, `sdn '${id}' does not exist\n`);
  return found;
}

const ofZone = (row: Row): string => `/sdn/zones/${String(row['zone'])}`;
const ofVnet = (row: Row): string => `${ofZone(row)}/${String(row['vnet'])}`;

/** Software-defined networks: zones, virtual networks and their subnets. */
export const sdn: Behaviours = {
  'GET /cluster/sdn/zones': (call) => listed(call, 'zones', 'zone', ofZone),
  'GET /cluster/sdn/zones/{zone}': (call) => one(call, 'zones', 'zone'),
  'GET /cluster/sdn/vnets': (call) => listed(call, 'vnets', 'vnet', ofVnet),
  'GET /cluster/sdn/vnets/{vnet}': (call) => one(call, 'vnets', 'vnet'),
  'GET /cluster/sdn/vnets/{vnet}/subnets': (call) => {
    const vnet = textParam(call, 'vnet');
    return listed(call, 'subnets', 'subnet', ofVnet).filter((row) => row['vnet'] === vnet);
  },
  'GET /cluster/sdn/vnets/{vnet}/subnets/{subnet}': (call) => one(call, 'subnets', 'subnet'),
  'GET /cluster/sdn/controllers': (call) =>
    listed(call, 'controllers', 'controller', (row) => `/sdn/controllers/${String(row['controller'])}`),
  'GET /cluster/sdn/controllers/{controller}': (call) => one(call, 'controllers', 'controller'),
  'GET /cluster/sdn/ipams': (call) => listed(call, 'ipams', 'ipam', (row) => `/sdn/ipams/${String(row['ipam'])}`),
  'GET /cluster/sdn/ipams/{ipam}': (call) => one(call, 'ipams', 'ipam'),
  'GET /cluster/sdn/dns': (call) => listed(call, 'dns', 'dns', (row) => `/sdn/dns/${String(row['dns'])}`),
  'GET /cluster/sdn/dns/{dns}': (call) => one(call, 'dns', 'dns'),
  'GET /nodes/{node}/sdn/zones': (call) =>
    sdnResources(call)
      .filter((row) => row['node'] === call.node)
      .map((row) => ({ zone: row['sdn'] ?? row['network'], status: row['status'] })),
};
