import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { nodes } from './nodes.ts';
import { services } from './services.ts';
import { nodeNotes, nodeService } from './settings.ts';

export const nodesCapability = capability({
  id: 'nodes',
  title: 'Nodes',
  datasets: [nodes, services],
  examples,
  actions: [nodeNotes, nodeService],
});
