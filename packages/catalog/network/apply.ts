import { action, already, call, piece, type Planned, refused } from '../kit/index.ts';
import { applyStep } from './applied.ts';
import { carries, clusterAddress, networkNow, waitingFact } from './network-now.ts';

const onNodes = { dataset: 'nodes' } as const;

export const applyNetwork = action({
  id: 'network.apply',
  verb: 'apply the network changes of',
  risk: 'disruptive',
  on: onNodes,
  say: [
    '(apply|activate|commit) [pending|waiting] [network] (changes|configuration|config|network) (of|on|for) {on}',
    '(apply|activate|reload) network (of|on) {on}',
    '(apply|activate|commit) [pending|waiting] network (changes|configuration|config) (of|on|for) {on}',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const network = await networkNow(planning, target);
    const { node, waiting, rows } = network;
    if (waiting === '') return already(`No change of the network of ${node} waits to be applied.`);
    const address = await clusterAddress(planning, node);
    const own = rows.find(({ data }) => carries(data, address));
    if (address !== undefined && own === undefined)
      return refused({
        why: `By what waits, no interface of ${node} would have ${address}, by which the cluster reaches it: it would be cut off.`,
        next: `Put that right first, or “revert the network changes of ${node}”.`,
        say: `revert the network changes of ${node}`,
      });
    const says = `Apply the network changes of ${node}`;
    return piece({
      says,
      steps: [applyStep(node, says, [waitingFact(node, waiting)])],
      warnings: [
        `What changes:\n${waiting.trimEnd()}`,
        `A mistake here cuts ${node} off the network, with its guests; Proxmox does not go back by itself, and only the node’s own console helps then.`,
        'Guests may lose their connections for a moment.',
      ],
      changes: [{ about: `network of ${node}`, key: 'changes', before: 'waiting', after: 'applied' }],
    });
  },
  examples: [
    { say: 'apply the network changes of pve-node01', sends: 'answer' },
    { say: 'apply the network changes of pve-node02', sends: 'answer' },
    { say: 'apply the network changes of pve-node99', sends: 'clarification' },
  ],
});

export const revertNetwork = action({
  id: 'network.revert',
  verb: 'revert the network changes of',
  risk: 'destructive',
  on: onNodes,
  say: [
    '(revert|discard|drop|undo|cancel|throw away) [pending|waiting] [network] (changes|configuration|config) (of|on|for) {on}',
    '(revert|discard|drop|undo|cancel|throw away) [pending|waiting] network (changes|configuration|config) (of|on|for) {on}',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const { node, waiting } = await networkNow(planning, target);
    if (waiting === '') return already(`No change of the network of ${node} waits to be applied.`);
    const says = `Drop the network changes of ${node} that were not applied`;
    return piece({
      says,
      steps: [
        {
          ...call('DELETE', '/nodes/{node}/network', { node }, says),
          node,
          limitSeconds: 60,
          relies: [waitingFact(node, waiting)],
          expects: [waitingFact(node, null)],
        },
      ],
      warnings: ['The network as it runs stays as it is.'],
      loses: [`what was changed and not applied:\n${waiting.trimEnd()}`],
      changes: [{ about: `network of ${node}`, key: 'changes', before: 'waiting', after: null }],
      confirm: node,
    });
  },
  examples: [
    { say: 'revert the network changes of pve-node01', sends: 'answer' },
    { say: 'revert the network changes of pve-node02', sends: 'answer' },
    { say: 'discard the pending network changes of pve-node99', sends: 'clarification' },
  ],
});
