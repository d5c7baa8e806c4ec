import type { FindingRule } from '../kit/index.ts';

export const clusterFindings: readonly FindingRule[] = [
  {
    code: 'cluster.no_quorum',
    severity: 'critical',
    needs: ['quorate', 'nodes_online', 'nodes'],
    check: (value) =>
      value('quorate') === false
        ? {
            text: `The cluster has no quorum: ${String(value('nodes_online'))} of ${String(value('nodes'))} nodes are online, and nothing can be changed.`,
            next_step: 'Bring nodes back; `pvecm status` on a node shows the votes.',
          }
        : undefined,
  },
  {
    code: 'cluster.node_offline',
    severity: 'critical',
    needs: ['offline'],
    check: (value) => {
      const offline = value('offline');
      if (!Array.isArray(offline) || offline.length === 0) return undefined;
      const [first = ''] = offline;
      return {
        text: `${offline.join(', ')} ${offline.length === 1 ? 'is' : 'are'} offline.`,
        next_step: `Check power and network of ${offline.join(', ')}; \`pvecm status\` on another node shows what the cluster sees.`,
        ...(offline.length === 1 ? { about: `node/${first}` } : {}),
      };
    },
  },
];

export const memberFindings: readonly FindingRule[] = [
  {
    code: 'cluster.node_offline',
    severity: 'critical',
    needs: ['online', 'name'],
    check: (value) =>
      value('online') === false
        ? {
            text: `${String(value('name'))} is offline.`,
            next_step: `Check power and network of ${String(value('name'))}; \`pvecm status\` on another node shows what the cluster sees.`,
          }
        : undefined,
  },
];
