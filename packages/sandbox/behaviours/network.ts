import { PveError, Result, type Behaviours, type Call } from '../behaviour.ts';
import type { Row } from '../state/model.ts';
import { nodeOf, offered, textParam } from './common.ts';

/** A node's interfaces: NICs, bonds, bridges, VLANs. */
export const network: Behaviours = {
  'GET /nodes/{node}/network': (call) => {
    const node = nodeOf(call);
    const rows = offered(node, 'network', node.networkWaiting ?? node.network).filter((row) => wanted(call, row));
    // what has been changed and not yet applied shows beside the list
    return node.networkChanges ? new Result(rows, { changes: node.networkChanges }) : rows;
  },
  'GET /nodes/{node}/network/{iface}': (call) => {
    const iface = textParam(call, 'iface') ?? '';
    const node = nodeOf(call);
    const row = (node.networkWaiting ?? node.network).find((entry) => entry['iface'] === iface);
    if (!row) throw new PveError(400, 'Parameter verification failed.\n', { iface: `interface does not exist` });
    const { iface: _iface, ...rest } = row;
    return rest;
  },
};

/** Bridges are listed for whoever may use them as for those who may see the node. */
function wanted(call: Call, row: Row): boolean {
  const type = textParam(call, 'type');
  const kind = String(row['type']);
  if (!matches(type, kind)) return false;
  if (call.access.canAny(`/nodes/${call.node}`, ['Sys.Audit', 'Sys.Modify'])) return true;
  const path = `/sdn/zones/localnetwork/${String(row['iface'])}`;
  return kind.toLowerCase().includes('bridge') && call.access.canAny(path, ['SDN.Audit', 'SDN.Use']);
}

function matches(type: string | undefined, kind: string): boolean {
  if (type === undefined || type === 'include_sdn') return true;
  if (type === 'any_bridge' || type === 'any_local_bridge') return kind === 'bridge' || kind === 'OVSBridge';
  return type === kind;
}
