import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { guestsByNode } from '../load.ts';
import { guestSeries, nodeSeries, storageSeries, type SeriesRequest } from '../rrd.ts';
import type { Guest, Row } from '../state/model.ts';
import { nodeOf, nowSeconds, numberParam, storageOf, textParam } from './common.ts';

/** History: rrddata of guests, nodes and storages. */
export const rrd: Behaviours = {
  'GET /nodes/{node}/rrddata': (call) => {
    const node = nodeOf(call);
    return nodeSeries(call.state, node, guestsByNode(call.state).get(node.name) ?? [], request(call));
  },
  'GET /nodes/{node}/qemu/{vmid}/rrddata': (call) => guestRows(call, 'qemu'),
  'GET /nodes/{node}/lxc/{vmid}/rrddata': (call) => guestRows(call, 'lxc'),
  'GET /nodes/{node}/storage/{storage}/rrddata': (call) => {
    const { seen } = storageOf(call);
    return seen ? storageSeries(call.state, seen, request(call)) : [];
  },
};

function request(call: Call): SeriesRequest {
  return {
    timeframe: textParam(call, 'timeframe') ?? 'hour',
    cf: textParam(call, 'cf') === 'MAX' ? 'MAX' : 'AVERAGE',
    now: nowSeconds(call),
    major: call.version.major,
  };
}

/** Any node answers for any guest: the series lie in a folder that all share. */
function guestRows(call: Call, type: Guest['type']): Row[] {
  const vmid = numberParam(call, 'vmid') ?? 0;
  const guest = call.state.guests.get(vmid);
  if (!guest || guest.type !== type) throw new PveError(500, `unable to find configuration file for VM ${vmid}\n`);
  return guestSeries(call.state, guest, request(call));
}
