import type { Behaviours, Call } from '../behaviour.ts';
import type { Row } from '../state/model.ts';
import { figuresExpired } from './common.ts';

/** Zones and, from 9.x on, networks as /cluster/resources lists them. */
export function sdnResources(call: Call): Row[] {
  const rows = call.state.sdn['resources'];
  if (!Array.isArray(rows)) return [];
  return (rows as Row[]).filter((row) => {
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

/** Software-defined networks: zones, virtual networks and their subnets. */
export const sdn: Behaviours = {
  'GET /cluster/sdn/zones': (call) => listed(call, 'zones', 'zone', (row) => `/sdn/zones/${String(row['zone'])}`),
  'GET /cluster/sdn/vnets': (call) =>
    listed(call, 'vnets', 'vnet', (row) => `/sdn/zones/${String(row['zone'])}/${String(row['vnet'])}`),
  'GET /cluster/sdn/controllers': (call) =>
    listed(call, 'controllers', 'controller', (row) => `/sdn/controllers/${String(row['controller'])}`),
  'GET /cluster/sdn/ipams': (call) => listed(call, 'ipams', 'ipam', (row) => `/sdn/ipams/${String(row['ipam'])}`),
  'GET /cluster/sdn/dns': (call) => listed(call, 'dns', 'dns', (row) => `/sdn/dns/${String(row['dns'])}`),
};
