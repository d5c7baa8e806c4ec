import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { died, refused, startTask } from '../guests/work.ts';
import { demandOnAll } from '../nodes/bulk.ts';
import { demandWorkers, migrateAll, startAll, stopAll, suspendAll } from '../nodes/bulk-work.ts';
import { powerDown, wakeUpNode } from '../nodes/power.ts';
import { properties } from '../state/guest-size.ts';
import { nodeOf, textParam } from './common.ts';

/** Power of nodes, and of all guests on one: PVE::API2::Nodes. */
export const nodePowerWrites: Behaviours = {
  'POST /nodes/{node}/status': (call) => {
    void powerDown(call, nodeOf(call), textParam(call, 'command') === 'reboot' ? 'reboot' : 'shutdown');
    return null;
  },

  'POST /nodes/{node}/wakeonlan': (call) => {
    const name = textParam(call, 'node') ?? '';
    if (name === call.state.localNode) throw died(`'${name}' is local node, cannot wake my self!`);
    const node = knownNode(call, name);
    const { mac, '': plain } = properties(String(node.config['wakeonlan'] ?? ''));
    const address = mac ?? plain;
    if (address === undefined || address === '') throw died(`No wake on LAN MAC address defined for '${name}'!`);
    wakeUpNode(call, node);
    return address;
  },

  'POST /nodes/{node}/startall': (call) => {
    demandOnAll(call, 'VM.PowerMgmt');
    return startTask(call, 'startall', (task) => startAll(call, task), '');
  },

  'POST /nodes/{node}/stopall': (call) => {
    demandOnAll(call, 'VM.PowerMgmt');
    return startTask(call, 'stopall', (task) => stopAll(call, task), '');
  },

  'POST /nodes/{node}/suspendall': (call) => {
    demandOnAll(call, 'VM.PowerMgmt');
    return startTask(call, 'suspendall', (task) => suspendAll(call, task), '');
  },

  'POST /nodes/{node}/migrateall': (call) => {
    demandOnAll(call, 'VM.Migrate');
    const target = textParam(call, 'target') ?? '';
    if (target === call.node) throw refused({ target: 'target is local node.' });
    knownNode(call, target);
    demandWorkers(call);
    return startTask(call, 'migrateall', (task) => migrateAll(call, task, target), '');
  },
};

/** PVE::Cluster::check_node_exists. */
function knownNode(call: Call, name: string): ReturnType<typeof nodeOf> {
  const node = call.state.nodes.get(name);
  if (!node) throw new PveError(500, `no such cluster node '${name}'\n`);
  return node;
}
